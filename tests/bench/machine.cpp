#include "tests/bench/machine.hpp"

#include <ctime>
#include <fstream>

#include <sys/utsname.h>

#include "core/base/parallel.hpp"
#include "tests/bench/ours.hpp"

namespace attn::bench {
namespace {

// What stands behind `key` in the first line of `file` that begins with it.
std::string value_in(const char* file, const std::string& key) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(key)) continue;
    line.erase(0, line.find_first_of(":=") + 1);
    line.erase(0, line.find_first_not_of(" \""));
    return line.substr(0, line.find_last_not_of(" \"") + 1);
  }
  return "unknown";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm date{};
  ::gmtime_r(&now, &date);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &date)};
}

}  // namespace

Machine this_machine() {
  utsname kernel{};
  ::uname(&kernel);
  return {value_in("/proc/cpuinfo", "model name"), default_threads(), our_instruction_set(),
          value_in("/etc/os-release", "PRETTY_NAME") + ", Linux " + kernel.release, today()};
}

}  // namespace attn::bench
