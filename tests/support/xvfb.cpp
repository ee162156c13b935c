#include "tests/support/xvfb.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attn::support {
namespace {

constexpr int kStartSeconds = 20;

// The child's part: never returns. The server dies with the test, however that ends.
[[noreturn]] void become_server(int number_pipe, const std::string& screen) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDERR_FILENO);
  const std::string pipe = std::to_string(number_pipe);
  execlp("Xvfb", "Xvfb", "-displayfd", pipe.c_str(), "-screen", "0", screen.c_str(), "-nolisten", "tcp",
         "-noreset", static_cast<char*>(nullptr));
  _exit(127);
}

// The number that the server writes when it is ready; empty if it does not.
std::string read_number(int pipe) {
  std::string number;
  std::array<char, 16> part{};
  pollfd ready{pipe, POLLIN, 0};
  while (number.find('\n') == std::string::npos) {
    if (poll(&ready, 1, kStartSeconds * 1000) != 1) return {};
    const ssize_t got = read(pipe, part.data(), part.size());
    if (got <= 0) return {};
    number.append(part.data(), static_cast<std::size_t>(got));
  }
  number.pop_back();
  return number;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void end(pid_t server) {
  kill(server, SIGTERM);
  waitpid(server, nullptr, 0);
}

}  // namespace

std::unique_ptr<Xvfb> Xvfb::start(int width, int height) {
  std::array<int, 2> number{};
  if (pipe(number.data()) != 0) return nullptr;
  const std::string screen = std::to_string(width) + "x" + std::to_string(height) + "x24";
  const pid_t server = fork();
  if (server == 0) become_server(number[1], screen);
  close(number[1]);
  const std::string name = server < 0 ? "" : read_number(number[0]);
  close(number[0]);
  if (name.empty()) {
    std::fputs("Xvfb does not start. On Debian: apt-get install xvfb.\n", stderr);
    if (server > 0) end(server);
    return nullptr;
  }
  return std::unique_ptr<Xvfb>(new Xvfb(server, ":" + name));
}

std::unique_ptr<Xvfb> Xvfb::start_if_needed() {
  return environment("DISPLAY").empty() ? start() : nullptr;
}

Xvfb::Xvfb(pid_t server, std::string display)
    : server_(server), display_(std::move(display)), display_before_(environment("DISPLAY")) {
  setenv("DISPLAY", display_.c_str(), 1);
  // A driver for a real screen has no business here, and one driver gives one result.
  setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
}

Xvfb::~Xvfb() {
  if (display_before_.empty()) {
    unsetenv("DISPLAY");
  } else {
    setenv("DISPLAY", display_before_.c_str(), 1);
  }
  end(server_);
}

}  // namespace attn::support
