#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/state/app_state.hpp"
#include "tests/gui/expected_map.hpp"
#include "tests/gui/facts.hpp"
#include "tests/gui/person.hpp"
#include "tests/gui/x_connection.hpp"
#include "tests/support/background.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/xvfb.hpp"

namespace attn::gui {

/// A test at the real window, on an X server of its own: the person's screen and mouse are left alone. A test
/// that fails saves the screen and the event log in the build folder's gui_failures/.
class GuiTest : public testing::Test {
 protected:
  using Condition = std::function<bool(const Facts&)>;

  void TearDown() override;

  /// Starts the server and the program; returns when it has settled and the pointer is out of the way.
  void open(std::vector<std::string> arguments = {});
  /// The first facts for which the condition holds, with nothing left to do. Throws, saying what the test
  /// waited for, where they do not come or the program ends.
  Facts until(const std::string& what, const Condition& condition);
  /// The same while a button is held: then there is always something left to do.
  Facts until_seen(const std::string& what, const Condition& condition);
  /// The same for one fact.
  Facts until_fact(const std::string& name, const Facts& value);
  Facts until_dialog(app::Dialog dialog);

  /// Where a widget of a popup stands once it does not move any more: a popup finds its place in its first
  /// frames.
  Rect until_still(const std::string& widget_name);

  [[nodiscard]] Facts now();
  [[nodiscard]] Rect widget(const std::string& name) { return widget_in(now(), name); }
  void click(const std::string& widget_name) { person().click(widget(widget_name).center()); }
  /// Presses the keys of a command of app/state/commands.hpp.
  void command(const std::string& id) { person().press(keys_of(id)); }
  /// Drags a slider to these fractions of its width, one after the other, until the fact has changed at each;
  /// the facts at each of them.
  std::vector<Facts> drag_slider(const std::string& widget_name, const std::string& fact,
                                 const std::vector<double>& fractions);
  /// Takes the pointer to a place where nothing is under it, so that no tooltip or cross hair covers the map.
  void leave_map();
  [[nodiscard]] Picture look() const { return screen_->look(); }

  /// Every cell's centre has the colour that core gives it; the map must fit the window.
  void expect_cells(const Shown& shown);
  /// The rectangle looks as it did before.
  void expect_same(const Picture& before, const Rect& rect);
  /// The centre of a cell of a map that is shown whole.
  [[nodiscard]] Point cell(Index row, Index column, Index rows, Index columns);

  [[nodiscard]] Person& person() { return *person_; }
  [[nodiscard]] XConnection& screen() { return *screen_; }
  [[nodiscard]] support::Background& program() { return *program_; }
  [[nodiscard]] EventLog& log() { return *log_; }
  [[nodiscard]] const support::TemporaryFolder& folder() const { return folder_; }
  [[nodiscard]] support::Launch launch() const;
  [[nodiscard]] const support::Xvfb& server() const { return *server_; }
  /// As `kill` would; the window's own connection is left to notice.
  void end_server();

  /// The document that the program starts on.
  static std::string sample(const std::string& name = "said_twice.json");
  static std::string program_path();
  /// `Ctrl+[` as xdotool writes it: `ctrl+bracketleft`. Throws where the table has no such command, or no
  /// keys for it.
  static std::string keys_of(const std::string& id);

 private:
  Facts wait_for(const std::string& what, const Condition& condition, int quiet_looks);
  void save_what_was_seen();

  support::TemporaryFolder folder_;
  std::unique_ptr<support::Xvfb> server_;
  std::optional<support::Background> program_;
  std::optional<EventLog> log_;
  std::optional<XConnection> screen_;
  std::optional<Person> person_;
};

}  // namespace attn::gui
