#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The rules of the house that a machine can check. Each check reads one file and returns what is wrong with
// it.
namespace attn::lint {

struct File {
  std::string path;  // from the repository's root, with '/'
  std::string text;
};

struct Finding {
  std::string path;
  int line = 0;  // from 1; 0: the file as a whole
  std::string words;
};
using Findings = std::vector<Finding>;

// Each room of rooms.txt with the rooms it names.
using Rooms = std::map<std::string, std::set<std::string>>;

[[nodiscard]] Rooms parse_rooms(std::string_view table);

// `room` and all that it sees: the rooms it names, the rooms these name, and so on.
[[nodiscard]] std::set<std::string> visible_rooms(const Rooms& rooms, const std::string& room);

// "core/base/error.hpp" → "core/base"; a file in no room → its first folder.
[[nodiscard]] std::string room_of(const Rooms& rooms, std::string_view path);

// core/ and app/: every #include of a room stands in rooms.txt; foreign headers stay in the rooms made for
// them.
[[nodiscard]] Findings check_includes(const Rooms& rooms, const File& file);

// core/ and app/: OpenGL functions are called in app/gl and app/platform alone.
[[nodiscard]] Findings check_gl_calls(const Rooms& rooms, const File& file);

// No notes about work to do, tabs, carriage returns, white space at a line's end; a newline at the file's
// end.
[[nodiscard]] Findings check_text(const File& file);

// A source has at most 400 lines, a header 250.
[[nodiscard]] Findings check_length(const File& file);

// No path that exists on one machine only.
[[nodiscard]] Findings check_machine_paths(const File& file);

// Files that people write as source: C++, CMake, shaders, scripts, pages.
[[nodiscard]] bool is_source(std::string_view path);

// Sources and other text (JSON, desktop entries), without what .gitignore names.
[[nodiscard]] std::vector<File> read_text_files(const std::filesystem::path& repository);

}  // namespace attn::lint
