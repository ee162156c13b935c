// A figure exported by the window, and the same one by the command line that the window names.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "tests/gui/gui_test.hpp"
#include "tests/support/program.hpp"

namespace attn::gui {
namespace {

class ExportFigure : public GuiTest {
 protected:
  // By its key, a typed path, Enter: the bytes of the file.
  std::string by_window(const std::string& name) {
    command("file.export");
    until_dialog(app::Dialog::export_figure);
    person().press("ctrl+a");
    person().type(name);
    person().press("Return");
    until_fact("message", "Wrote " + (folder() / name));
    return support::bytes_of(folder().path() / name);
  }

  // By the shell in the same folder, as a person would paste it; `attnscope` is the program under test. The
  // bytes of the one file that it makes.
  std::string by_command_line(const std::string& line) {
    support::Launch shell = launch();
    shell.environment["DISPLAY"] = std::nullopt;
    const std::vector<std::string> before = folder().names();
    const std::string function = "attnscope() { \"" + program_path() + "\" \"$@\"; }\n";
    const auto done = support::run("/bin/sh", {"-c", function + line}, shell);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    std::vector<std::string> made;
    const std::vector<std::string> after = folder().names();
    std::ranges::set_difference(after, before, std::back_inserter(made));
    EXPECT_EQ(made.size(), 1U);
    if (made.empty()) return {};
    std::string bytes = support::bytes_of(folder() / made.front());
    std::filesystem::remove(folder() / made.front());
    return bytes;
  }

  void expect_same_bytes(const std::string& name) {
    const std::string window = by_window(name), line = now().at("command_line");
    SCOPED_TRACE(line);
    EXPECT_TRUE(window.starts_with("\x89PNG"));
    EXPECT_TRUE(window == by_command_line(line)) << "other bytes than the window's";
  }
};

TEST_F(ExportFigure, IsTheCommandLinesFigure) {
  open();
  std::filesystem::create_directory(folder() / "out");
  const std::string window = by_window("out/a.png");
  EXPECT_TRUE(window == by_command_line(now().at("command_line")));
}

TEST_F(ExportFigure, AlsoAfterEveryKnob) {
  open();
  const auto turn = [&](const std::function<void()>& knob, const std::string& words) {
    knob();
    leave_map();
    until(words + " in the command line", [&](const Facts& facts) {
      return facts.at("command_line").get<std::string>().find(words) != std::string::npos;
    });
  };
  const auto run = [&](const char* id) { return [&, id] { command(id); }; };
  turn([&] { drag_slider("knob.temperature", "temperature", {0.8}); }, "temperature=");
  turn(run("masks.causal"), "masks=[]");
  expect_same_bytes("weights.png");
  turn(run("view.colormap"), R"("colormap":"viridis")");
  turn(run("view.colormap"), R"("colormap":"magma")");
  turn(run("view.lock_range"), R"("range":[)");
  expect_same_bytes("colours.png");
  turn(run("view.labels"), R"("labels":false)");
  turn(run("heads.mean"), "--head mean");
  turn([&] { click("lamp.logits"); }, R"("stage":"logits")");
  expect_same_bytes("logits.png");
}

TEST_F(ExportFigure, AFileWithSpacesAndQuotesInItsName) {
  const std::string name = "it's a \"test\" $HOME.json";
  folder().write(name, R"({"tokens": ["a", "b"], "attention": [[1, 0], [0.5, 0.5]]})");
  open({name});
  expect_same_bytes("a.png");
}

TEST_F(ExportFigure, TheCommandLineIsCopied) {
  open();
  command("masks.causal");
  const Facts facts = until_fact("step", 1);
  command("file.copy_command");
  until("a message", [](const Facts& one) { return one.at("message") != ""; });
  EXPECT_EQ(screen().paste(), facts.at("command_line"));
}

TEST_F(ExportFigure, ASuffixThatIsNoPictureIsSaid) {
  open();
  command("file.export");
  until_dialog(app::Dialog::export_figure);
  person().press("ctrl+a");
  person().type("a.jpg");
  person().press("Return");
  const Facts facts = until_dialog(app::Dialog::errors);
  EXPECT_NE(facts.at("last_error").get<std::string>().find(".png"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder() / "a.jpg"));
}

TEST_F(ExportFigure, AFolderThatIsNotThereIsSaid) {
  open();
  const Facts before = now();
  command("file.export");
  until_dialog(app::Dialog::export_figure);
  person().press("ctrl+a");
  person().type("nowhere/a.png");
  person().press("Return");
  const Facts facts = until_dialog(app::Dialog::errors);
  EXPECT_EQ(facts.at("errors"), 1);
  EXPECT_NE(facts.at("last_error").get<std::string>().find("nowhere/a.png"), std::string::npos);
  EXPECT_EQ(facts.at("project"), before.at("project"));
}

}  // namespace
}  // namespace attn::gui
