#include "tests/gui/person.hpp"

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <utility>

#include "tests/support/program.hpp"

namespace attn::gui {
namespace {

const std::vector<std::string> kFindWindow{"search", "--class", "attnscope"};

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

std::string xdotool(const std::string& display, const std::vector<std::string>& words) {
  support::Launch launch;
  launch.environment["DISPLAY"] = display;
  const auto done = support::run("/bin/sh", joined({"-c", "exec xdotool \"$@\"", "xdotool"}, words), launch);
  if (done.exit_code == 0) return done.out;
  throw std::runtime_error("xdotool " + words.front() + ": " + done.err +
                           " (on Debian: apt-get install xdotool)");
}

Rect window_place(const std::string& display) {
  std::map<std::string, double> values;
  for (const std::string& line :
       support::lines(xdotool(display, joined(kFindWindow, {"getwindowgeometry", "--shell"})))) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) values[line.substr(0, equals)] = std::atof(line.c_str() + equals + 1);
  }
  return {values.at("X"), values.at("Y"), values.at("WIDTH"), values.at("HEIGHT")};
}

void Person::do_it(const std::vector<std::string>& words) const {
  xdotool(display_, words);
}

std::vector<std::string> Person::to(Point point) const {
  return {"mousemove", std::to_string(window_.x + point.x), std::to_string(window_.y + point.y)};
}

void Person::press(const std::string& keys) const {
  // As fingers do it: the letter goes up before the keys that are held.
  std::vector<std::string> down, up;
  std::size_t start = 0;
  for (std::size_t plus = keys.find('+'); plus != std::string::npos; plus = keys.find('+', start)) {
    const std::string held = keys.substr(start, plus - start);
    down.insert(down.end(), {"keydown", held});
    up.insert(up.begin(), {"keyup", held});
    start = plus + 1;
  }
  do_it(joined(joined(std::move(down), {"key", keys.substr(start)}), up));
}
void Person::press_in_a_hurry(const std::string& keys) const {
  do_it({"key", keys});
}
void Person::type(const std::string& text) const {
  do_it({"type", "--delay", "8", text});
}
void Person::move(Point point) const {
  do_it(to(point));
}
void Person::click(Point at) const {
  do_it(joined(to(at), {"click", "1"}));
}

void Person::click_with(const std::string& modifier, Point at) const {
  do_it(joined(joined({"keydown", modifier}, to(at)), {"click", "1", "keyup", modifier}));
}

void Person::hold(Point at) const {
  do_it(joined(to(at), {"mousedown", "1"}));
}
void Person::release() const {
  do_it({"mouseup", "1"});
}

void Person::scroll(int notches) const {
  do_it({"click", "--repeat", std::to_string(std::abs(notches)), "--delay", "10", notches > 0 ? "4" : "5"});
}

void Person::resize(int width, int height) const {
  do_it(joined(kFindWindow, {"windowsize", std::to_string(width), std::to_string(height)}));
}
void Person::hide() const {
  do_it(joined(kFindWindow, {"windowunmap"}));
}
void Person::show() const {
  do_it(joined(kFindWindow, {"windowmap", "windowfocus"}));
}

}  // namespace attn::gui
