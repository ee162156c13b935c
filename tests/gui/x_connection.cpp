#include "tests/gui/x_connection.hpp"

#include <atomic>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include "tests/support/wait.hpp"

namespace attn::gui {
namespace {

struct CloseDisplay {
  void operator()(Display* display) const { XCloseDisplay(display); }
};
using Connection = std::unique_ptr<Display, CloseDisplay>;

Connection connect(const std::string& name) {
  Connection connection(XOpenDisplay(name.c_str()));
  if (!connection) throw std::runtime_error("no X server at " + name);
  return connection;
}

Window small_window(Display* display) {
  return XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
}

Atom atom(Display* display, const char* name) {
  return XInternAtom(display, name, False);
}

void set_bytes(const XSelectionRequestEvent& request, Atom type, int bits, const void* bytes,
               std::size_t count) {
  XChangeProperty(request.display, request.requestor, request.property, type, bits, PropModeReplace,
                  static_cast<const unsigned char*>(bytes), static_cast<int>(count));
}

// ICCCM 2.2: the owner of a selection puts it into the property that the request names, and says so.
void answer(const XSelectionRequestEvent& request, const std::string& text) {
  Display* display = request.display;
  const Atom utf8 = atom(display, "UTF8_STRING"), targets = atom(display, "TARGETS");
  XSelectionEvent reply{};
  reply.type = SelectionNotify;
  reply.requestor = request.requestor;
  reply.selection = request.selection;
  reply.target = request.target;
  reply.time = request.time;
  reply.property = request.property;
  if (request.target == utf8) {
    set_bytes(request, utf8, 8, text.data(), text.size());
  } else if (request.target == targets) {
    const Atom list[]{utf8, targets};
    set_bytes(request, XA_ATOM, 32, list, 2);
  } else {
    reply.property = None;
  }
  XEvent event{};
  std::memcpy(&event, &reply, sizeof reply);
  XSendEvent(display, request.requestor, False, 0, &event);
  XFlush(display);
}

// Serves the clipboard on a connection and a thread of its own, until the object is gone.
class Owner {
 public:
  Owner(const std::string& display, std::string text)
      : connection_(connect(display)), text_(std::move(text)) {
    XSetSelectionOwner(connection_.get(), atom(connection_.get(), "CLIPBOARD"),
                       small_window(connection_.get()), CurrentTime);
    XSync(connection_.get(), False);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      while (XPending(connection_.get()) > 0) {
        XEvent event;
        XNextEvent(connection_.get(), &event);
        if (event.type == SelectionRequest) answer(event.xselectionrequest, text_);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  Connection connection_;
  std::string text_;
  std::jthread thread_;
};

std::string property_text(Display* display, Window window, Atom property) {
  Atom type = None;
  int format = 0;
  unsigned long count = 0, rest = 0;
  unsigned char* bytes = nullptr;
  constexpr long kMostWords = 1 << 20;
  XGetWindowProperty(display, window, property, 0, kMostWords, False, AnyPropertyType, &type, &format, &count,
                     &rest, &bytes);
  const std::string text(reinterpret_cast<const char*>(bytes), bytes == nullptr ? 0 : count);
  if (bytes != nullptr) XFree(bytes);
  return text;
}

}  // namespace

struct XConnection::State {
  std::string name;
  Connection connection;
  std::unique_ptr<Owner> owner;
};

XConnection::XConnection(const std::string& display) {
  XInitThreads();
  state_ = std::make_unique<State>(State{display, connect(display), nullptr});
}
XConnection::~XConnection() = default;

Picture XConnection::look() const {
  Display* display = state_->connection.get();
  const int screen = DefaultScreen(display);
  const int width = DisplayWidth(display, screen), height = DisplayHeight(display, screen);
  XImage* image = XGetImage(display, DefaultRootWindow(display), 0, 0, static_cast<unsigned>(width),
                            static_cast<unsigned>(height), AllPlanes, ZPixmap);
  if (image == nullptr || image->bits_per_pixel != 32) throw std::runtime_error("the screen cannot be read");
  std::vector<std::uint32_t> pixels;
  pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixels.push_back(0xff000000u | static_cast<std::uint32_t>(XGetPixel(image, x, y)));
    }
  }
  XDestroyImage(image);
  return {width, height, std::move(pixels)};
}

void XConnection::copy(const std::string& text) {
  state_->owner.reset();
  state_->owner = std::make_unique<Owner>(state_->name, text);
}

std::string XConnection::paste() {
  const Connection connection = connect(state_->name);
  Display* display = connection.get();
  const Window window = small_window(display);
  const Atom property = atom(display, "ATTNSCOPE_TEST");
  XConvertSelection(display, atom(display, "CLIPBOARD"), atom(display, "UTF8_STRING"), property, window,
                    CurrentTime);
  XEvent event{};
  const bool answered = support::eventually(
      [&] { return XCheckTypedWindowEvent(display, window, SelectionNotify, &event) == True; });
  if (!answered || event.xselection.property == None) return {};
  return property_text(display, window, property);
}

}  // namespace attn::gui
