#pragma once

#include <memory>
#include <string>

#include <sys/types.h>

namespace attn::support {

/// An X server without a screen, for this process: started, named in DISPLAY, and ended with the object. Its
/// clients must have gone by then.
class Xvfb {
 public:
  /// A server of its own, whatever DISPLAY says. Null with a message on standard error if Xvfb is not
  /// installed or does not start.
  [[nodiscard]] static std::unique_ptr<Xvfb> start(int width = 1600, int height = 1000);

  /// Only if there is no DISPLAY; null where there is one.
  [[nodiscard]] static std::unique_ptr<Xvfb> start_if_needed();

  ~Xvfb();
  Xvfb(const Xvfb&) = delete;
  Xvfb& operator=(const Xvfb&) = delete;

  /// `:99`
  [[nodiscard]] const std::string& display() const { return display_; }

 private:
  Xvfb(pid_t server, std::string display);
  pid_t server_;
  std::string display_;
  std::string display_before_;
};

}  // namespace attn::support
