// The window as it starts, and the starts that must fail.
#include <cstdlib>
#include <string>

#include "tests/gui/gui_test.hpp"
#include "tests/support/program.hpp"

namespace attn::gui {
namespace {

using Start = GuiTest;

TEST_F(Start, ShowsTheSample) {
  open();
  const Facts facts = now();
  EXPECT_EQ(facts.at("title"), "A sentence said twice");
  EXPECT_EQ(facts.at("stage"), "weights");
  EXPECT_EQ(facts.at("head"), "0");
  EXPECT_EQ(facts.at("errors"), 0);
  EXPECT_EQ(facts.at("dialog"), static_cast<int>(app::Dialog::none));
  EXPECT_EQ(facts.at("steps"), 1);
  expect_cells({sample()});
}

TEST_F(Start, ShowsTheFileThatIsNamed) {
  open({sample("translation.json")});
  EXPECT_EQ(now().at("title"), "Yesterday I read a book in the library");
  expect_cells({sample("translation.json")});
}

TEST_F(Start, SleepsWhenNothingHappens) {
  open();
  for (const bool on_the_map : {false, true}) {
    if (on_the_map) {
      person().move(cell(3, 1, 24, 24));
      until_fact("hovered", {3, 1});
    }
    constexpr double kSeconds = 2, kMost = 0.05;
    // The tooltip's wait and the cursor's last frames are part of what happened before.
    static_cast<void>(support::eventually([] { return false; }, std::chrono::seconds(1)));
    const double before = program().cpu_seconds();
    static_cast<void>(support::eventually([] { return false; }, std::chrono::seconds(2)));
    EXPECT_LT(program().cpu_seconds() - before, kMost * kSeconds)
        << (on_the_map ? "with" : "without") << " a tooltip";
  }
}

TEST_F(Start, DozesWhileATextFieldIsOpen) {
  open();
  command("file.text");
  until_dialog(app::Dialog::text);
  static_cast<void>(support::eventually([] { return false; }, std::chrono::seconds(1)));
  const double before = program().cpu_seconds();
  static_cast<void>(support::eventually([] { return false; }, std::chrono::seconds(2)));
  EXPECT_LT(program().cpu_seconds() - before, 0.6) << "only the text cursor blinks";
}

TEST_F(Start, WithoutADisplayIsRefused) {
  support::Launch nowhere = launch();
  nowhere.environment["DISPLAY"] = std::nullopt;
  const auto done = support::run(program_path(), {}, nowhere);
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_EQ(done.out, "");
  EXPECT_NE(done.err.find("DISPLAY is not set"), std::string::npos) << done.err;
}

TEST_F(Start, WithAnOldOpenGlIsRefused) {
  const auto server = support::Xvfb::start();
  ASSERT_TRUE(server);
  support::Launch old = launch();
  old.environment["MESA_GL_VERSION_OVERRIDE"] = "2.1";
  const auto done = support::run(program_path(), {}, old);
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_EQ(done.out, "");
  EXPECT_NE(done.err.find("expected OpenGL 3.3"), std::string::npos) << done.err;
}

}  // namespace
}  // namespace attn::gui
