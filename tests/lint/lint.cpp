#include "tests/lint/lint.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace attn::lint {
namespace {

namespace fs = std::filesystem;

// Headers of libraries, and the rooms that may include them.
struct ForeignHeader {
  std::string_view beginning;
  std::string_view rooms;
};
constexpr std::array kForeignHeaders = {
    ForeignHeader{"glad/", "app/gl app/platform"},
    ForeignHeader{"GL/", "app/gl app/platform"},
    ForeignHeader{"GLFW/", "app/gl app/platform"},
    ForeignHeader{"imgui", "app app/gl app/platform app/widgets app/panels app/views"},
    ForeignHeader{"backends/imgui", "app/platform"},
    ForeignHeader{"misc/cpp/imgui", "app app/platform app/widgets app/panels app/views"},
};

// Spelled in two halves, so that this file passes its own check.
constexpr std::array<std::string_view, 3> kMarks = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X"};
constexpr std::array<std::string_view, 3> kMachineFolders = {
    "/wo"
    "rk/",
    "/t"
    "mp/",
    "/ho"
    "me/"};

constexpr std::array<std::string_view, 11> kSourceEndings = {
    ".cpp", ".hpp", ".txt", ".cmake", ".sh", ".md", ".vert", ".frag", ".glsl", ".py", ".ci/run"};
constexpr std::array<std::string_view, 5> kOtherTextEndings = {".json", ".desktop", ".xml", ".yml", ".supp"};

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool ends_with_one_of(std::string_view path, const auto& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return path.ends_with(e); });
}

bool holds_word(std::string_view words, std::string_view word) {
  std::istringstream stream{std::string(words)};
  return std::find(std::istream_iterator<std::string>(stream), {}, word) !=
         std::istream_iterator<std::string>();
}

bool is_program_code(std::string_view path) {
  return (path.starts_with("core/") || path.starts_with("app/")) &&
         (path.ends_with(".cpp") || path.ends_with(".hpp"));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// Calls check(line, report) for each line; report(words) makes a finding at that line.
Findings for_each_line(const File& file, const auto& check) {
  Findings findings;
  int number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++number;
    check(line, [&](std::string words) { findings.push_back({file.path, number, std::move(words)}); });
  }
  return findings;
}

std::string_view without_left_space(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

// The header's name, or empty when the line includes nothing.
std::string_view included_header(std::string_view line) {
  for (const std::string_view part : {std::string_view("#"), std::string_view("include")}) {
    line = without_left_space(line);
    if (!line.starts_with(part)) return {};
    line.remove_prefix(part.size());
  }
  line = without_left_space(line);
  if (!line.starts_with('"') && !line.starts_with('<')) return {};
  line.remove_prefix(1);
  return line.substr(0, line.find_first_of("\">"));
}

// The name of the first OpenGL function that the line calls, or empty.
std::string_view called_gl_function(std::string_view line) {
  line = line.substr(0, line.find("//"));
  for (auto at = line.find("gl"); at != std::string_view::npos; at = line.find("gl", at + 1)) {
    if (at > 0 && is_word_character(line[at - 1])) continue;
    const std::string_view rest = line.substr(at);
    if (rest.size() < 3 || std::isupper(static_cast<unsigned char>(rest[2])) == 0) continue;
    const auto* end = std::find_if_not(rest.begin(), rest.end(), is_word_character);
    const auto name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    if (without_left_space(rest.substr(name.size())).starts_with('(')) return name;
  }
  return {};
}

// Whether `words` stands anywhere in the line such that fits(the character before, the character after); ' '
// at the line's ends.
bool occurs(std::string_view line, std::string_view words, const auto& fits) {
  for (auto at = line.find(words); at != std::string_view::npos; at = line.find(words, at + 1)) {
    const auto end = at + words.size();
    if (fits(at == 0 ? ' ' : line[at - 1], end == line.size() ? ' ' : line[end])) return true;
  }
  return false;
}

bool is_whole_word(char before, char after) {
  return !is_word_character(before) && !is_word_character(after);
}

bool begins_a_path(char before, char /*after*/) {
  return !is_word_character(before) && std::string_view(".-}/").find(before) == std::string_view::npos;
}

bool is_left_out(const std::string& path) {
  static constexpr std::array<std::string_view, 3> kIgnored = {"build", "out", "third_party/downloads"};
  if (std::find(kIgnored.begin(), kIgnored.end(), path) != kIgnored.end()) return true;
  return path.starts_with('.') && path != ".ci";
}

}  // namespace

Rooms parse_rooms(std::string_view table) {
  Rooms rooms;
  for (const std::string_view line : lines_of(table)) {
    const auto colon = line.find(':');
    if (line.starts_with('#') || colon == std::string_view::npos) continue;
    std::istringstream used{std::string(line.substr(colon + 1))};
    rooms[std::string(line.substr(0, colon))] = {std::istream_iterator<std::string>(used), {}};
  }
  return rooms;
}

std::set<std::string> visible_rooms(const Rooms& rooms, const std::string& room) {
  std::set<std::string> seen;
  std::vector<std::string> open{room};
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    if (!seen.insert(next).second) continue;
    if (const auto row = rooms.find(next); row != rooms.end()) {
      open.insert(open.end(), row->second.begin(), row->second.end());
    }
  }
  return seen;
}

std::string room_of(const Rooms& rooms, std::string_view path) {
  std::string found(path.substr(0, path.find('/')));
  for (const auto& [room, used] : rooms) {
    if (path.starts_with(room + "/") && room.size() > found.size()) found = room;
  }
  return found;
}

Findings check_includes(const Rooms& rooms, const File& file) {
  if (!is_program_code(file.path)) return {};
  const std::string room = room_of(rooms, file.path);
  const std::set<std::string> visible = visible_rooms(rooms, room);
  return for_each_line(file, [&](std::string_view line, const auto& report) {
    const std::string_view header = included_header(line);
    for (const ForeignHeader& foreign : kForeignHeaders) {
      if (header.starts_with(foreign.beginning) && !holds_word(foreign.rooms, room)) {
        report(std::string(header) + " may be included in " + std::string(foreign.rooms) + " only");
      }
    }
    if (header.find("../") != std::string_view::npos) report("name the header from the repository's root");
    if (!header.starts_with("core/") && !header.starts_with("app/")) return;
    // The program's own files, beside the rooms, put everything together.
    if (room != "app" && !visible.contains(room_of(rooms, header))) {
      report("rooms.txt does not let " + room + " use " + room_of(rooms, header));
    }
  });
}

Findings check_gl_calls(const Rooms& rooms, const File& file) {
  const std::string room = room_of(rooms, file.path);
  if (!is_program_code(file.path) || room == "app/gl" || room == "app/platform") return {};
  return for_each_line(file, [](std::string_view line, const auto& report) {
    const std::string_view name = called_gl_function(line);
    if (!name.empty()) report(std::string(name) + " is called outside app/gl");
  });
}

Findings check_text(const File& file) {
  if (!is_source(file.path)) return {};
  Findings findings = for_each_line(file, [](std::string_view line, const auto& report) {
    for (const std::string_view mark : kMarks) {
      if (occurs(line, mark, is_whole_word)) report("a note about work to do: " + std::string(mark));
    }
    if (line.find('\t') != std::string_view::npos) report("a tab");
    if (line.find('\r') != std::string_view::npos) report("a carriage return");
    if (line.ends_with(' ')) report("white space at the end of the line");
  });
  if (!file.text.empty() && !file.text.ends_with('\n'))
    findings.push_back({file.path, 0, "no newline at the end"});
  return findings;
}

Findings check_length(const File& file) {
  const std::size_t limit = file.path.ends_with(".cpp") ? 400 : 250;
  if (!file.path.ends_with(".cpp") && !file.path.ends_with(".hpp")) return {};
  const std::size_t lines = lines_of(file.text).size();
  if (lines <= limit) return {};
  return {{file.path, 0, std::to_string(lines) + " lines; at most " + std::to_string(limit)}};
}

Findings check_machine_paths(const File& file) {
  if (file.path.starts_with("tests/") || file.path.ends_with(".sh")) return {};
  return for_each_line(file, [](std::string_view line, const auto& report) {
    for (const std::string_view folder : kMachineFolders) {
      if (occurs(line, folder, begins_a_path)) report("a path of one machine: " + std::string(folder));
    }
  });
}

bool is_source(std::string_view path) {
  return ends_with_one_of(path, kSourceEndings);
}

std::vector<File> read_text_files(const fs::path& repository) {
  std::vector<File> files;
  for (auto entry = fs::recursive_directory_iterator(repository); entry != fs::recursive_directory_iterator();
       ++entry) {
    const std::string path = entry->path().lexically_relative(repository).generic_string();
    if (entry->is_directory() && is_left_out(path)) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || !(is_source(path) || ends_with_one_of(path, kOtherTextEndings)))
      continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    files.push_back({path, {std::istreambuf_iterator<char>(stream), {}}});
  }
  return files;
}

}  // namespace attn::lint
