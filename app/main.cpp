#include <csignal>
#include <cstdio>

#include "app/commands/commands.hpp"
#include "app/run_window.hpp"

int main(int argc, char** argv) {
  using namespace attn::app;
  // A closed pipe or a file that may not grow is an error of the write, reported there.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const ParsedArguments parsed = parse_arguments(argc, argv);
  if (parsed.exit_code) {
    if (*parsed.exit_code == kDone) return print_results(parsed.text);
    static_cast<void>(std::fputs(parsed.text.c_str(), stderr));
    return *parsed.exit_code;
  }
  switch (parsed.arguments.command) {
    case Arguments::Command::window:
      return run_window(parsed.arguments);
    case Arguments::Command::export_figure:
      return run_export(parsed.arguments);
    case Arguments::Command::compute:
      return run_compute(parsed.arguments);
    case Arguments::Command::check:
      return run_check(parsed.arguments);
    case Arguments::Command::help:
      return run_help(parsed.arguments);
  }
  return kUsage;
}
