// Figures that come back: opened, they show what they showed when they were exported. And the panel they come
// from.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/gui/gui_test.hpp"
#include "tests/support/program.hpp"

namespace attn::gui {
namespace {

class Figures : public GuiTest {
 protected:
  const std::string kCats = R"({"title": "Cats", "tokens": ["a", "cat", "sat"],
    "attention": [[1, 0, 0], [0.25, 0.75, 0], [0.5, 0.125, 0.375]]})";

  // The bytes of the figure that the window writes.
  std::string exported(const std::string& name) {
    command("file.export");
    until_dialog(app::Dialog::export_figure);
    person().press("ctrl+a");
    person().type(name);
    person().press("Return");
    until_fact("message", "Wrote " + (folder() / name));
    until_dialog(app::Dialog::none);
    return support::bytes_of(folder().path() / name);
  }
  // By the command line, in the test's folder.
  void attnscope(const std::vector<std::string>& arguments) {
    const auto done = support::run(program_path(), arguments, {folder().path(), {}, {}});
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }
  void open_by_path(const std::string& path) {
    command("file.open");
    until_dialog(app::Dialog::open);
    person().type(path);
    person().press("Return");
  }
};

TEST_F(Figures, ExportedClosedAndOpenedAgainShowTheSame) {
  open();
  command("masks.causal");
  command("heads.next");
  command("view.colormap");
  drag_slider("knob.temperature", "temperature", {0.7});
  leave_map();
  const Facts before = now();
  for (const std::string name : {"a.png", "a.svg", "a.pdf"}) {
    const std::string bytes = exported(name);
    open_by_path(folder().write("cats.json", kCats));
    until_fact("title", "Cats");
    open_by_path(name);
    const Facts after = until_fact("title", before.at("title"));
    for (const char* fact : {"temperature", "head", "layer", "stage", "figure", "command_line"})
      EXPECT_EQ(after.at(fact), before.at(fact)) << name << " " << fact;
    EXPECT_EQ(after.at("errors"), 0);
    EXPECT_TRUE(exported("again" + name) == bytes) << name;
  }
}

TEST_F(Figures, TheDocumentBesideTheFigureIsFound) {
  folder().write("cats.json", kCats);
  attnscope({"export", "cats.json", "-o", "cats.png", "--set", "temperature=2", "--figure", "dpi=120"});
  open({"cats.png"});
  const Facts facts = until_fact("title", "Cats");
  EXPECT_EQ(facts.at("temperature"), 2);
  EXPECT_EQ(facts.at("figure"), Facts({{"dpi", 120}}));
  EXPECT_EQ(facts.at("errors"), 0);
}

TEST_F(Figures, ADocumentThatMovedIsAskedFor) {
  folder().write("cats.json", kCats);
  attnscope({"export", "cats.json", "-o", "cats.png", "--set", "temperature=2"});
  std::filesystem::create_directory(folder() / "other");
  std::filesystem::rename(folder() / "cats.json", folder() / "other/moved.json");
  open({"cats.png"});
  EXPECT_TRUE(has_widget(until_dialog(app::Dialog::find_document), "open.sought"));
  person().type("other/moved.json");
  person().press("Return");
  EXPECT_EQ(until_fact("title", "Cats").at("temperature"), 2);
}

TEST_F(Figures, ADocumentThatChangedIsAWarning) {
  folder().write("cats.json", kCats);
  attnscope({"export", "cats.json", "-o", "cats.png", "--set", "temperature=2"});
  folder().write("cats.json", kCats + " ");
  open({"cats.png"});
  const Facts facts = until_dialog(app::Dialog::errors);
  EXPECT_EQ(facts.at("errors"), 1);
  EXPECT_NE(facts.at("last_error").get<std::string>().find("other content"), std::string::npos);
  EXPECT_EQ(facts.at("title"), "Cats");
  EXPECT_EQ(facts.at("temperature"), 2);
}

TEST_F(Figures, APictureOfSomethingElseIsRefused) {
  folder().write("cats.json", kCats);
  attnscope({"export", "cats.json", "-o", "cats.png", "--figure", "metadata=false"});
  open();
  const Facts before = now();
  open_by_path("cats.png");
  const Facts after = until_dialog(app::Dialog::errors);
  EXPECT_NE(after.at("last_error").get<std::string>().find("cats.png"), std::string::npos);
  EXPECT_EQ(after.at("project"), before.at("project"));
}

TEST_F(Figures, ThePanelShowsTheFigureAndTakesItsOptions) {
  open();
  command("file.export");
  Facts facts = until("a preview", [](const Facts& one) { return one.at("preview").at(0) > 0; });
  const Rect shown = widget("export.preview");
  const Picture light = look();
  click("export.transparent");
  until_fact("figure", Facts({{"transparent", true}}));
  click("export.transparent");
  until_fact("figure", Facts::object());
  click("export.theme");
  person().press("Down");
  person().press("Return");
  facts = until_fact("figure", Facts({{"theme", "dark"}}));
  EXPECT_GT(changed_pixels(light, look(), shown), 1000) << "the preview follows";
  EXPECT_NE(facts.at("command_line").get<std::string>().find("--figure 'theme=\"dark\"'"), std::string::npos);
  click("export.path");
  person().press("ctrl+a");
  person().type("dark.png");
  click("sheet.Export");
  until_fact("message", "Wrote " + (folder() / "dark.png"));
  EXPECT_EQ(until_dialog(app::Dialog::none).at("preview").at(0), 0) << "nothing is composed unseen";
}

TEST_F(Figures, NumbersAreCopiedAsATable) {
  open({folder().write("cats.json", kCats)});
  click("menu.Edit");
  person().click(until_still("edit.copy_numbers").center());
  until_fact("message", "Copied 3 × 3 numbers");
  EXPECT_EQ(screen().paste(), "\ta\tcat\tsat\na\t1\t0\t0\ncat\t0.25\t0.75\t0\nsat\t0.5\t0.125\t0.375\n");
}

TEST_F(Figures, ThePictureReachesTheClipboard) {
  const auto shell = [&](const std::string& line) {
    support::Launch there = launch();
    return support::run("/bin/sh", {"-c", line}, there);
  };
  if (shell("command -v xclip").exit_code != 0) GTEST_SKIP() << "xclip is not installed";
  open({folder().write("cats.json", kCats)});
  click("menu.Edit");
  person().click(until_still("edit.copy_image").center());
  until_fact("message", "Copied the figure as a picture");
  EXPECT_TRUE(shell("xclip -selection clipboard -t image/png -o").out.starts_with("\x89PNG"));
}

}  // namespace
}  // namespace attn::gui
