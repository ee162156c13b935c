// What a newcomer meets in the first hour: samples, the grid of heads, sessions, files that change.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <signal.h>

#include "tests/gui/gui_test.hpp"

namespace attn::gui {
namespace {

class FirstHour : public GuiTest {
 protected:
  void open_by_path(const std::string& path) {
    command("file.open");
    until_dialog(app::Dialog::open);
    person().type(path);
    person().press("Return");
  }
  // Opens the dialog of a command, types the path and presses Enter.
  void save_as(const std::string& command_id, app::Dialog dialog, const std::string& path) {
    if (command_id == "file.save_session") {
      command(command_id);
    } else {
      click("menu.File");
      person().click(until_still(command_id).center());
    }
    until_dialog(dialog);
    person().press("ctrl+a");
    person().type(path);
    person().press("Return");
    until_dialog(app::Dialog::none);
    until("the file is written", [&](const Facts&) { return std::filesystem::exists(path); });
  }
};

TEST_F(FirstHour, EverySampleOpensFromTheMenu) {
  open();
  click("menu.Help");
  person().click(until_still("menu.Samples").center());
  person().click(until_still("Samples.by_hand").center());
  until_fact("steps", 2);
  for (const auto& entry : std::filesystem::directory_iterator(ATTNSCOPE_SAMPLES)) {
    if (entry.path().extension() != ".json") continue;
    const Facts before = now();
    open_by_path(entry.path().string());
    until(entry.path().string(), [&](const Facts& facts) { return facts.at("steps") > before.at("steps"); });
    EXPECT_EQ(now().at("errors"), 0) << entry.path();
  }
}

TEST_F(FirstHour, TheGridShowsEveryHeadAndOpensOne) {
  open({sample("induction.json")});
  command("view.grid");
  const Facts grid = until_fact("grid", true);
  for (int layer = 0; layer < 2; ++layer) {
    for (int head = 0; head < 4; ++head) {
      EXPECT_TRUE(has_widget(grid, "grid." + std::to_string(layer) + "." + std::to_string(head)))
          << layer << head;
    }
  }
  click("grid.1.2");
  const Facts opened = until_fact("grid", false);
  EXPECT_EQ(opened.at("layer"), 1);
  EXPECT_EQ(opened.at("head"), "2");
}

TEST_F(FirstHour, AMutedHeadIsDimmedInTheGrid) {
  open({sample("induction.json")});
  command("view.grid");
  until_fact("grid", true);
  leave_map();
  const Rect other = widget("grid.0.3");
  const Rect head = widget("grid.0.0");
  const Point diagonal{head.center().x, head.center().y};
  const Picture before = look();
  command("heads.mute");
  until("a step", [](const Facts& facts) { return facts.at("step") == 1; });
  const Picture after = look();
  EXPECT_NE(before.at(diagonal), after.at(diagonal)) << "a veil lies over the muted head";
  expect_same(before, {other.x + 4, other.y + 4, other.width - 8, other.height - 30});
}

TEST_F(FirstHour, AWalkByKeys) {
  open({sample("induction.json")});
  command("heads.next");
  until_fact("head", "1");
  command("heads.next_layer");
  until_fact("layer", 1);
  command("heads.3");
  until_fact("head", "3");
  command("heads.mean");
  until_fact("head", "mean");
  command("heads.previous_layer");
  until_fact("layer", 0);
}

TEST_F(FirstHour, ASessionBringsEverythingBack) {
  open({sample("induction.json")});
  command("heads.next_layer");
  command("heads.2");
  until_fact("head", "2");
  command("masks.causal");
  command("knobs.sharper");
  const Facts saved = until("two steps", [](const Facts& facts) { return facts.at("step") == 2; });
  const std::string session = (folder().path() / "mine.json").string();
  save_as("file.save_session", app::Dialog::save_session, session);
  open_by_path(sample("said_twice.json"));
  until_fact("title", "A sentence said twice");
  open_by_path(session);
  const Facts back = until_fact("title", saved.at("title"));
  EXPECT_EQ(back.at("project"), saved.at("project"));
  EXPECT_EQ(back.at("head"), "2");
  EXPECT_EQ(back.at("layer"), 1);
}

TEST_F(FirstHour, SettingsOfOneDocumentOverAnother) {
  open();
  command("knobs.flatter");
  const Facts turned = until("a step", [](const Facts& facts) { return facts.at("step") == 1; });
  const std::string settings = (folder().path() / "settings.json").string();
  save_as("file.save_settings", app::Dialog::save_settings, settings);
  open_by_path(sample("translation.json"));
  until_fact("temperature", 1.0);
  open_by_path(settings);
  until_fact("temperature", turned.at("temperature"));
  EXPECT_EQ(now().at("title"), "Yesterday I read a book in the library");
  command("edit.undo");
  until_fact("temperature", 1.0);
  click("menu.File");
  person().click(until_still("file.open_settings").center());
  until_dialog(app::Dialog::open_settings);
  click("file.settings.json");
  click("sheet.Open");
  until_fact("temperature", turned.at("temperature"));
}

TEST_F(FirstHour, AFileThatChangesIsReadAgainOnRequest) {
  const std::string file = folder().write("mine.json", R"({"title": "First", "tokens": ["a", "b"]})");
  open({file});
  folder().write("mine.json", R"({"title": "Second", "tokens": ["a", "b", "c"]})");
  until_fact("changed_on_disk", true);
  EXPECT_EQ(now().at("title"), "First") << "asked, not automatic";
  command("file.reload");
  until_fact("title", "Second");
}

TEST_F(FirstHour, WhatWasReadIsSaid) {
  open({folder().write("words.json", R"({"text": "one two three", "tokns": 1})")});
  click("document.report");
  until_dialog(app::Dialog::report);
  click("sheet.Close");
  until_dialog(app::Dialog::none);
}

TEST_F(FirstHour, ThemeAndSizeAreKeptForTheNextStart) {
  open();
  command("view.larger");
  const Facts larger =
      until("a larger interface", [](const Facts& facts) { return facts.at("scale") > 1.05; });
  click("menu.View");
  person().click(until_still("view.theme").center());
  until_fact("dark", false);
  std::string kept;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder().path())) {
    if (entry.path().filename() != "preferences.json") continue;
    std::ifstream stream(entry.path());
    kept.assign(std::istreambuf_iterator<char>(stream), {});
  }
  const auto preferences = nlohmann::json::parse(kept);
  EXPECT_EQ(preferences.at("theme"), "light");
  EXPECT_EQ(preferences.at("scale"), larger.at("scale"));
}

}  // namespace
}  // namespace attn::gui
