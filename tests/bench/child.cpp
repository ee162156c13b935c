#include "tests/bench/child.hpp"

#include <chrono>
#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attn::bench {

Spent run_child(const std::string& program, const std::vector<std::string>& arguments,
                const std::map<std::string, std::string>& environment) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  int pipe[2];
  Spent spent;
  if (::pipe2(pipe, O_CLOEXEC) != 0) return spent;
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::dup2(::open("/dev/null", O_RDWR), STDERR_FILENO);
    ::dup2(pipe[1], STDOUT_FILENO);
    ::execvp(program.c_str(), words.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer, sizeof buffer)) > 0;)
    spent.output.append(buffer, static_cast<std::size_t>(got));
  ::close(pipe[0]);
  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child) return spent;
  spent.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  spent.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  spent.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return spent;
}

}  // namespace attn::bench
