#pragma once

#include <string>
#include <vector>

#include "tests/gui/picture.hpp"

namespace attn::gui {

/// Hands on mouse and keyboard, by xdotool. Points are the window's pixels. Nothing here waits for the
/// program.
class Person {
 public:
  Person(std::string display, Point window) : display_(std::move(display)), window_(window) {}

  /// `ctrl+o`, `Return`: names of X's keys.
  void press(const std::string& keys) const;
  /// The same at once, the held keys let go first, as quick fingers do.
  void press_in_a_hurry(const std::string& keys) const;
  void type(const std::string& text) const;
  void move(Point to) const;
  void click(Point at) const;
  void click_with(const std::string& modifier, Point at) const;
  /// A drag in three parts: what stands between them is the program's time to follow. In a frame that sees
  /// both the last move and the release, a slider stays where it was.
  void hold(Point at) const;
  void release() const;
  /// Up where positive, where the pointer is.
  void scroll(int notches) const;

  /// The window itself, by what a window manager could do to it.
  void resize(int width, int height) const;
  void hide() const;
  void show() const;

 private:
  void do_it(const std::vector<std::string>& words) const;
  [[nodiscard]] std::vector<std::string> to(Point point) const;
  std::string display_;
  Point window_;
};

/// xdotool with these words; what it says. Throws where it fails.
std::string xdotool(const std::string& display, const std::vector<std::string>& words);

/// Where the window of this class stands on the screen. Throws where there is none.
[[nodiscard]] Rect window_place(const std::string& display);

}  // namespace attn::gui
