#include "tests/support/background.hpp"

#include <csignal>
#include <cstdlib>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temporary_folder.hpp"

namespace attn::support {
namespace {

// The child's part: never returns. It dies with the test, however that ends.
[[noreturn]] void become(std::vector<std::string> words, const Launch& launch, const std::string& output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int in = open("/dev/null", O_RDONLY);
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  if (!launch.folder.empty() && chdir(launch.folder.c_str()) != 0) _exit(126);
  for (const auto& [name, value] : launch.environment) {
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  execv(list.front(), list.data());
  _exit(127);
}

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Background::Background(const std::string& program, const std::vector<std::string>& arguments,
                       const Launch& launch, std::filesystem::path output)
    : output_(std::move(output)) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  child_ = fork();
  if (child_ < 0) std::abort();
  if (child_ == 0) become(std::move(words), launch, output_.string());
}

Background::~Background() {
  if (!running()) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

bool Background::running() {
  if (exit_code_) return false;
  int status = 0;
  if (waitpid(child_, &status, WNOHANG) == child_) exit_code_ = code_of(status);
  return !exit_code_;
}

std::optional<int> Background::wait(std::chrono::milliseconds limit) {
  static_cast<void>(eventually([this] { return !running(); }, limit));
  return exit_code_;
}

std::string Background::output() const {
  return bytes_of(output_);
}

double Background::cpu_seconds() const {
  // proc(5): after the name in parentheses, which may hold anything, user time is the 12th field, system time
  // the 13th.
  const std::string text = bytes_of("/proc/" + std::to_string(child_) + "/stat");
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace attn::support
