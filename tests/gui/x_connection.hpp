#pragma once

#include <memory>
#include <string>

#include "tests/gui/picture.hpp"

namespace attn::gui {

/// A second program on the X server: it looks at the screen and shares the clipboard. It must be gone before
/// the server.
class XConnection {
 public:
  explicit XConnection(const std::string& display);
  ~XConnection();
  XConnection(const XConnection&) = delete;
  XConnection& operator=(const XConnection&) = delete;

  /// The whole screen.
  [[nodiscard]] Picture look() const;

  /// Puts text onto the clipboard, as another program would; it stays there as long as this object.
  void copy(const std::string& text);

  /// The text of the clipboard, asked of whoever owns it; empty where nobody answers.
  [[nodiscard]] std::string paste();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attn::gui
