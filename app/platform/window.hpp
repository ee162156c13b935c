#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"

struct GLFWwindow;

namespace attn::app {

struct WindowOptions {
  std::string title = "attnscope";
  int width = 1440;  ///< in screen units
  int height = 900;
  bool visible = true;
  bool debug_context = false;  ///< the driver reports errors (gl::DebugLog)
  bool vsync = true;
};

/// A size in whole units; both are 0 while the window is minimised.
struct WindowSize {
  int width = 0;
  int height = 0;
  [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
  friend bool operator==(const WindowSize&, const WindowSize&) = default;
};

/// The window, its OpenGL 3.3 core context (current on the thread that opened it) and the library below it.
/// One at a time, on the main thread; only wake() may be called from others.
class Window {
 public:
  /// The first part of open(), which does it too: meets the display. On its own because the system reads a
  /// table of keys in it letter by letter, at several times the price once the process has another thread:
  /// threads that work while the window opens are started in between. Errors: not_found, as open().
  [[nodiscard]] static Result<void> meet_display();
  /// Errors: not_found where there is no display to open a window on, unsupported where the display has no
  /// OpenGL 3.3, io for anything else; `found` has the system's words.
  [[nodiscard]] static Result<Window> open(const WindowOptions& options = {});
  Window(Window&&) noexcept;
  Window& operator=(Window&&) noexcept;
  ~Window();

  /// Sleeps until something happens, or wake(), or `timeout` seconds have passed.
  void wait_events(std::optional<double> timeout = {});
  /// Handles what has happened, without waiting.
  void poll_events();
  /// Ends wait_events(). From any thread, while the window exists.
  static void wake();

  /// Shows what was drawn.
  void swap();
  /// Puts a window that was opened invisible on the screen.
  void show();

  [[nodiscard]] bool should_close() const;
  void set_should_close(bool close);
  void set_title(const std::string& title);
  /// Draw full colours, 4 bytes a pixel (red, green, blue, alpha), row by row, edge × edge pixels.
  void set_icon(int edge, const std::vector<unsigned char>& rgba);

  [[nodiscard]] WindowSize size() const;              ///< in screen units
  [[nodiscard]] WindowSize framebuffer_size() const;  ///< in pixels
  /// How much larger than on a plain screen things should be, 1 to 4. What the desktop says.
  [[nodiscard]] float content_scale() const;
  /// Pixels in one screen unit: 1 on X11, the scale of the screen elsewhere.
  [[nodiscard]] float pixel_ratio() const;
  [[nodiscard]] bool focused() const;
  [[nodiscard]] bool minimised() const;

  /// The screen lost what was shown (the window was covered or hidden) since the last call.
  [[nodiscard]] bool take_damaged();

  /// Files that were dropped on the window since the last call.
  [[nodiscard]] std::vector<std::filesystem::path> take_dropped();

  /// Text of the clipboard; empty where there is none.
  [[nodiscard]] std::string clipboard() const;
  void set_clipboard(const std::string& text);

  [[nodiscard]] GLFWwindow* handle() const;

 private:
  struct State;
  explicit Window(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace attn::app
