#include "tests/gui/gui_test.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "app/state/commands.hpp"

namespace attn::gui {
namespace {

namespace fs = std::filesystem;

constexpr int kTolerance = 2;  // of 255, in a colour

std::string words(Rgb color) {
  return "(" + std::to_string(color.r) + ", " + std::to_string(color.g) + ", " + std::to_string(color.b) +
         ")";
}

// The first few cells that do not look as they should; empty where all do.
std::string wrong_cells(const Picture& picture, const Rect& cells, const ExpectedMap& expected) {
  std::ostringstream text;
  int wrong = 0;
  for (Index row = 0; row < expected.rows(); ++row) {
    for (Index column = 0; column < expected.columns(); ++column) {
      const Point point =
          cells.at((static_cast<double>(column) + 0.5) / static_cast<double>(expected.columns()),
                   (static_cast<double>(row) + 0.5) / static_cast<double>(expected.rows()));
      const Rgb seen = picture.at(point), wanted = expected.color(row, column);
      if (difference(seen, wanted) <= kTolerance || ++wrong > 5) continue;
      text << "cell " << row << ", " << column << ": " << words(seen) << " instead of " << words(wanted)
           << "\n";
    }
  }
  if (wrong > 0) text << wrong << " cells are wrong";
  return text.str();
}

// X's names for keys that the table writes as signs.
const std::map<std::string, std::string> kSymbols{
    {"[", "bracketleft"}, {"]", "bracketright"}, {"=", "equal"}, {"-", "minus"}};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string name_of_test() {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  return std::string(test.test_suite_name()) + "." + test.name();
}

}  // namespace

std::string GuiTest::sample(const std::string& name) {
  return std::string(ATTNSCOPE_SAMPLES) + "/" + name;
}
std::string GuiTest::program_path() {
  return ATTNSCOPE_PROGRAM;
}

std::string GuiTest::keys_of(const std::string& id) {
  const app::Command* row = app::command_named(id);
  if (row == nullptr || row->keys.empty()) throw std::runtime_error("no keys for " + id);
  std::string keys(row->keys);
  const std::size_t last = keys.rfind('+') + 1;
  const auto symbol = kSymbols.find(keys.substr(last));
  if (symbol != kSymbols.end()) return lower(keys.substr(0, last)) + symbol->second;
  return lower(keys.substr(0, last)) +
         (keys.size() - last == 1 ? lower(keys.substr(last)) : keys.substr(last));
}

support::Launch GuiTest::launch() const {
  support::Launch launch;
  launch.folder = folder_.path();
  launch.environment["HOME"] = folder_ / "home";
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "WAYLAND_DISPLAY"}) {
    launch.environment[name] = std::nullopt;
  }
  return launch;
}

void GuiTest::open(std::vector<std::string> arguments) {
  server_ = support::Xvfb::start();
  if (!server_) throw std::runtime_error("no X server");
  fs::create_directory(folder_ / "home");
  const std::string log_file = folder_ / "events.jsonl";
  arguments.insert(arguments.end(), {"--event-log", log_file});
  program_.emplace(program_path(), arguments, launch(), folder_ / "output.txt");
  log_.emplace(log_file);
  screen_.emplace(server_->display());
  until("the window to be there", [](const Facts&) { return true; });
  const Rect place = window_place(server_->display());
  person_.emplace(server_->display(), Point{static_cast<int>(place.x), static_cast<int>(place.y)});
  leave_map();
}

Facts GuiTest::until(const std::string& what, const Condition& condition) {
  constexpr int kQuietLooks = 3;
  return wait_for(
      what, [&](const Facts& facts) { return facts.at("settled") == true && condition(facts); }, kQuietLooks);
}

Facts GuiTest::until_seen(const std::string& what, const Condition& condition) {
  return wait_for(what, condition, 0);
}

// The newest facts, once the condition holds for them and this many looks have brought nothing new.
Facts GuiTest::wait_for(const std::string& what, const Condition& condition, int quiet_looks) {
  Facts last;
  std::size_t seen = 0;
  int quiet = 0;
  bool ended = false;
  const auto look_again = [&] {
    ended = !program_->running();
    const auto& lines = log_->lines();
    quiet = lines.size() == seen ? quiet + 1 : 0;
    seen = lines.size();
    if (seen > 0) last = lines.back();
    return ended || (quiet >= quiet_looks && seen > 0 && condition(last));
  };
  if (support::eventually(look_again) && !ended) return last;
  throw std::runtime_error("waited for " + what + "; " +
                           (ended ? "the program ended: " + program_->output() : "") +
                           "the last facts: " + last.dump());
}

Facts GuiTest::until_fact(const std::string& name, const Facts& value) {
  return until(name + " = " + value.dump(),
               [&](const Facts& facts) { return facts.contains(name) && facts.at(name) == value; });
}

Facts GuiTest::until_dialog(app::Dialog dialog) {
  return until_fact("dialog", static_cast<int>(dialog));
}

Rect GuiTest::until_still(const std::string& widget_name) {
  constexpr std::chrono::milliseconds kStill{300};
  Rect place;
  auto since = std::chrono::steady_clock::now();
  until(widget_name + " to stand still", [&](const Facts& facts) {
    const Rect here = has_widget(facts, widget_name) ? widget_in(facts, widget_name) : Rect();
    if (!(here == place)) since = std::chrono::steady_clock::now();
    place = here;
    return place.width > 0 && std::chrono::steady_clock::now() - since > kStill;
  });
  return place;
}

Facts GuiTest::now() {
  return log_->lines().back();
}

std::vector<Facts> GuiTest::drag_slider(const std::string& widget_name, const std::string& fact,
                                        const std::vector<double>& fractions) {
  const Rect slider = widget(widget_name);
  std::vector<Facts> seen{now()};
  person_->hold(slider.center());
  for (const double across : fractions) {
    person_->move(slider.at(across, 0.5));
    seen.push_back(until_seen("another " + fact,
                              [&](const Facts& facts) { return facts.at(fact) != seen.back().at(fact); }));
  }
  person_->release();
  seen.erase(seen.begin());
  return seen;
}

void GuiTest::leave_map() {
  const Rect place = window_place(server_->display());
  person_->move({static_cast<int>(place.width) / 2, static_cast<int>(place.height) - 1});
  until("the pointer to leave the map", [](const Facts& facts) { return !facts.contains("hovered"); });
}

void GuiTest::expect_cells(const Shown& shown) {
  const ExpectedMap expected(shown);
  std::string wrong;
  const bool came = support::eventually([&] {
    wrong = wrong_cells(look(), widget("map.cells"), expected);
    return wrong.empty();
  });
  EXPECT_TRUE(came) << wrong;
}

void GuiTest::expect_same(const Picture& before, const Rect& rect) {
  int changed = 0;
  const bool came =
      support::eventually([&] { return (changed = changed_pixels(before, look(), rect)) == 0; });
  EXPECT_TRUE(came) << changed << " pixels differ";
}

Point GuiTest::cell(Index row, Index column, Index rows, Index columns) {
  return widget("map.cells")
      .at((static_cast<double>(column) + 0.5) / static_cast<double>(columns),
          (static_cast<double>(row) + 0.5) / static_cast<double>(rows));
}

void GuiTest::end_server() {
  screen_.reset();
  server_.reset();
}

void GuiTest::save_what_was_seen() {
  fs::create_directories(ATTNSCOPE_FAILURES);
  const fs::path base = fs::path(ATTNSCOPE_FAILURES) / name_of_test();
  if (screen_) look().save_png(base.string() + ".png");
  if (program_) std::ofstream(base.string() + ".txt") << program_->output();
  std::error_code ignored;
  fs::copy_file(folder_ / "events.jsonl", base.string() + ".jsonl", fs::copy_options::overwrite_existing,
                ignored);
  std::printf("What was seen: %s.png, .txt, .jsonl\n", base.c_str());
}

void GuiTest::TearDown() {
  if (HasFailure()) save_what_was_seen();
  program_.reset();
  screen_.reset();
  server_.reset();
}

}  // namespace attn::gui
