// Documents come in: by the dialog, by the clipboard, as words.
#include <string>
#include <utility>

#include "tests/gui/gui_test.hpp"

namespace attn::gui {
namespace {

class Open : public GuiTest {
 protected:
  // Up to the moment before Enter.
  void type_path(const std::string& path) {
    command("file.open");
    until_dialog(app::Dialog::open);
    person().type(path);
  }
};

const std::string kCats = R"({"title": "Cats", "tokens": ["a", "cat", "sat"],
  "attention": [[1, 0, 0], [0.25, 0.75, 0], [0.5, 0.125, 0.375]]})";

TEST_F(Open, AFileByItsPath) {
  open();
  const std::string file = folder().write("cats.json", kCats);
  type_path(file);
  person().press("Return");
  const Facts facts = until_fact("title", "Cats");
  EXPECT_EQ(facts.at("dialog"), static_cast<int>(app::Dialog::none));
  EXPECT_EQ(facts.at("errors"), 0);
  expect_cells({file});
}

TEST_F(Open, AFileFromTheListAndUndoBringsTheOldOneBack) {
  open();
  const Facts before = now();
  folder().write("cats.json", kCats);
  folder().write("notes.txt", "not in the list");
  command("file.open");
  EXPECT_FALSE(has_widget(until_dialog(app::Dialog::open), "file.notes.txt"));
  click("file.cats.json");
  click("sheet.Open");
  until_fact("title", "Cats");
  leave_map();
  command("edit.undo");
  until_fact("title", before.at("title"));
  EXPECT_EQ(now().at("project"), before.at("project"));
  expect_cells({sample()});
}

TEST_F(Open, ABrokenFileLeavesTheDocumentAsItIs) {
  open();
  const Facts before = now();
  const std::string file = folder().write("broken.json", "{\n  \"tokens\": [\"a\", \"b\",],\n}\n");
  type_path("broken.json");
  person().press("Return");
  Facts after = until_dialog(app::Dialog::errors);
  EXPECT_EQ(after.at("errors"), 1);
  const auto words = after.at("last_error").get<std::string>();
  EXPECT_TRUE(words.starts_with(file + ": 2:23 ")) << words;
  person().press("Escape");
  after = until_dialog(app::Dialog::none);
  EXPECT_EQ(after.at("project"), before.at("project"));
  EXPECT_EQ(after.at("title"), before.at("title"));
  EXPECT_EQ(after.at("steps"), 1);
  expect_cells({sample()});
}

TEST_F(Open, TheNewestRefusalShowsAndAllAreListedInTheMenu) {
  open();
  folder().write("broken.json", "{");
  for (int time = 0; time < 2; ++time) {
    type_path("broken.json");
    person().press("Return");
    until_dialog(app::Dialog::errors);
    person().press("Escape");
    until_dialog(app::Dialog::none);
  }
  click("menu.Help");
  person().click(until_still("help.errors").center());
  EXPECT_EQ(until_dialog(app::Dialog::error_list).at("errors"), 2);
  click("sheet.Clear list");
  EXPECT_EQ(until_dialog(app::Dialog::none).at("errors"), 0);
}

TEST_F(Open, EscapeAndCancelChangeNothing) {
  open();
  const Facts before = now();
  type_path("cat");
  person().press("Escape");
  until_dialog(app::Dialog::none);
  type_path("cat");
  click("sheet.Cancel");
  const Facts after = until_dialog(app::Dialog::none);
  EXPECT_EQ(after.at("errors"), 0);
  EXPECT_EQ(after.at("project"), before.at("project"));
}

TEST_F(Open, NewFromText) {
  open();
  EXPECT_TRUE(has_widget(now(), "document.look_at")) << "a sample says what to look at";
  command("file.text");
  until_dialog(app::Dialog::text);
  person().type("a cat sat down");
  click("sheet.Open");
  const Facts facts = until_fact("title", "a cat sat down");
  EXPECT_EQ(facts.at("steps"), 2);
  EXPECT_FALSE(has_widget(facts, "document.look_at"));
  // 4 × 4 cells, each as large as a cell may be.
  const Rect cells = widget("map.cells");
  EXPECT_EQ(cells.width, cells.height);
  EXPECT_EQ(static_cast<int>(cells.width) % 4, 0);
}

TEST_F(Open, KeysInAHurryMeanTheSame) {
  open();
  const Facts before = now();
  for (const auto& [id, dialog] : {std::pair{"file.text", app::Dialog::text},
                                   {"file.open", app::Dialog::open},
                                   {"file.export", app::Dialog::export_figure}}) {
    person().press_in_a_hurry(keys_of(id));
    until_dialog(dialog);
    person().press("Escape");
    // The plain letter locks the range, or shows the grid.
    EXPECT_EQ(until_dialog(app::Dialog::none).at("command_line"), before.at("command_line"));
  }
}

TEST_F(Open, JsonAndWordsFromTheClipboard) {
  open();
  screen().copy(kCats);
  command("edit.paste");
  until_fact("title", "Cats");
  expect_cells({folder().write("cats.json", kCats)});
  screen().copy("das Wetter \u2013 sch\u00f6n");
  command("edit.paste");
  until_fact("title", "das Wetter \u2013 sch\u00f6n");
  screen().copy("{\"tokens\": 3}");
  command("edit.paste");
  EXPECT_EQ(until_dialog(app::Dialog::errors).at("title"), "das Wetter \u2013 sch\u00f6n");
}

}  // namespace
}  // namespace attn::gui
