#include "app/platform/window.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include <glad/gl.h>
// The loader's header comes first.
#include <GLFW/glfw3.h>

namespace attn::app {
namespace {

// What the desktop did to the window, until someone asks.
struct Happened {
  std::vector<std::filesystem::path> dropped;
  bool damaged = true;
};

}  // namespace

struct Window::State {
  GLFWwindow* window = nullptr;
  Happened happened;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (window != nullptr) glfwDestroyWindow(window);
    glfwTerminate();
  }
};

namespace {

constexpr float kLeastScale = 1, kGreatestScale = 4;

Happened& happened_to(GLFWwindow* window) {
  return *static_cast<Happened*>(glfwGetWindowUserPointer(window));
}

// The library's own words for what just failed; it forgets them.
std::string last_words() {
  const char* words = nullptr;
  const int code = glfwGetError(&words);
  return code == GLFW_NO_ERROR || words == nullptr ? "" : words;
}

bool has_display_name() {
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
}

Error no_display(std::string words) {
  return {ErrorCode::not_found,
          "",
          "display",
          "a display to open the window on",
          words.empty() ? "none" : std::move(words),
          has_display_name() ? "Check DISPLAY and XAUTHORITY."
                             : "DISPLAY is not set. The commands (attnscope --help) need no display."};
}

Error no_opengl(std::string words) {
  return {ErrorCode::unsupported,
          "",
          "display",
          "OpenGL 3.3",
          words.empty() ? "an older one, or none" : std::move(words),
          "Install a driver (Debian: libgl1-mesa-dri), or set LIBGL_ALWAYS_SOFTWARE=1."};
}

Error failed(std::string words) {
  return {ErrorCode::io, "", "display", "a window", std::move(words), ""};
}

void set_hints(const WindowOptions& options) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_OPENGL_DEBUG_CONTEXT, options.debug_context ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHint(GLFW_VISIBLE, options.visible ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  // Nothing here has depth, and smooth edges are ImGui's own.
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_SAMPLES, 0);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "attnscope");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "attnscope");
}

void on_drop(GLFWwindow* window, int count, const char** paths) {
  auto& dropped = happened_to(window).dropped;
  dropped.insert(dropped.end(), paths, paths + count);
}

}  // namespace

Window::Window(std::unique_ptr<State> state) : state_(std::move(state)) {}
Window::Window(Window&&) noexcept = default;
Window& Window::operator=(Window&&) noexcept = default;
Window::~Window() = default;

Result<void> Window::meet_display() {
  if (glfwInit() != GLFW_TRUE) return tl::unexpected(no_display(last_words()));
  return {};
}

Result<Window> Window::open(const WindowOptions& options) {
  if (auto met = meet_display(); !met) return tl::unexpected(met.error());
  auto state = std::make_unique<State>();
  set_hints(options);
  state->window = glfwCreateWindow(std::max(options.width, 1), std::max(options.height, 1),
                                   options.title.c_str(), nullptr, nullptr);
  if (state->window == nullptr) {
    const char* words = nullptr;
    const int code = glfwGetError(&words);
    const std::string text = words == nullptr ? "" : words;
    const bool opengl = code == GLFW_VERSION_UNAVAILABLE || code == GLFW_API_UNAVAILABLE ||
                        code == GLFW_FORMAT_UNAVAILABLE || text.find("GLX") != std::string::npos;
    return tl::unexpected(opengl ? no_opengl(text) : failed(text));
  }
  glfwMakeContextCurrent(state->window);
  const int version = gladLoadGL(glfwGetProcAddress);
  if (version < GLAD_MAKE_VERSION(3, 3)) return tl::unexpected(no_opengl(last_words()));
  glfwSwapInterval(options.vsync ? 1 : 0);
  glfwSetWindowUserPointer(state->window, &state->happened);
  glfwSetDropCallback(state->window, on_drop);
  glfwSetWindowRefreshCallback(state->window, [](GLFWwindow* one) { happened_to(one).damaged = true; });
  return Window(std::move(state));
}

void Window::wait_events(std::optional<double> timeout) {
  if (!timeout) {
    glfwWaitEvents();
  } else if (*timeout > 0) {
    glfwWaitEventsTimeout(*timeout);
  } else {
    glfwPollEvents();
  }
}

void Window::poll_events() {
  glfwPollEvents();
}

void Window::wake() {
  glfwPostEmptyEvent();
}

void Window::swap() {
  glfwSwapBuffers(state_->window);
}

void Window::show() {
  glfwShowWindow(state_->window);
}

bool Window::should_close() const {
  return glfwWindowShouldClose(state_->window) != 0;
}

void Window::set_should_close(bool close) {
  glfwSetWindowShouldClose(state_->window, close ? GLFW_TRUE : GLFW_FALSE);
}

void Window::set_title(const std::string& title) {
  glfwSetWindowTitle(state_->window, title.c_str());
}

void Window::set_icon(int edge, const std::vector<unsigned char>& rgba) {
  if (edge <= 0 || rgba.size() != static_cast<std::size_t>(edge) * static_cast<std::size_t>(edge) * 4) return;
  std::vector<unsigned char> pixels = rgba;
  const GLFWimage image{edge, edge, pixels.data()};
  glfwSetWindowIcon(state_->window, 1, &image);
}

WindowSize Window::size() const {
  WindowSize size;
  glfwGetWindowSize(state_->window, &size.width, &size.height);
  return size;
}

WindowSize Window::framebuffer_size() const {
  WindowSize size;
  glfwGetFramebufferSize(state_->window, &size.width, &size.height);
  return size;
}

float Window::content_scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(state_->window, &x, &y);
  return std::isfinite(x) ? std::clamp(x, kLeastScale, kGreatestScale) : kLeastScale;
}

float Window::pixel_ratio() const {
  const WindowSize units = size(), pixels = framebuffer_size();
  if (units.empty() || pixels.empty()) return 1;
  return static_cast<float>(pixels.width) / static_cast<float>(units.width);
}

bool Window::focused() const {
  return glfwGetWindowAttrib(state_->window, GLFW_FOCUSED) != 0;
}

bool Window::minimised() const {
  return glfwGetWindowAttrib(state_->window, GLFW_ICONIFIED) != 0;
}

bool Window::take_damaged() {
  return std::exchange(state_->happened.damaged, false);
}

std::vector<std::filesystem::path> Window::take_dropped() {
  return std::exchange(state_->happened.dropped, {});
}

std::string Window::clipboard() const {
  const char* text = glfwGetClipboardString(state_->window);
  return text == nullptr ? "" : text;
}

void Window::set_clipboard(const std::string& text) {
  glfwSetClipboardString(state_->window, text.c_str());
}

GLFWwindow* Window::handle() const {
  return state_->window;
}

}  // namespace attn::app
