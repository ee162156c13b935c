#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "app/commands/commands.hpp"
#include "app/run_window.hpp"

namespace {

int run(const attn::app::Arguments& arguments) {
  using namespace attn::app;
  switch (arguments.command) {
    case Arguments::Command::window:
      return run_window(arguments);
    case Arguments::Command::export_figure:
      return run_export(arguments);
    case Arguments::Command::compute:
      return run_compute(arguments);
    case Arguments::Command::check:
      return run_check(arguments);
    case Arguments::Command::help:
      return run_help(arguments);
  }
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace attn::app;
  // A closed pipe or a file that may not grow is an error of the write, reported there.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  if (const auto good = choose_isa(std::getenv("ATTNSCOPE_ISA")); !good) {
    return refuse(good.error());
  }
  const ParsedArguments parsed = parse_arguments(argc, argv);
  if (parsed.exit_code) {
    if (*parsed.exit_code == kDone) return print_results(parsed.text);
    static_cast<void>(std::fputs(parsed.text.c_str(), stderr));
    return *parsed.exit_code;
  }
  try {
    return run(parsed.arguments);
  } catch (const std::bad_alloc&) {
    static_cast<void>(std::fputs(
        "attnscope: expected an answer that fits into memory, found one that does not. Ask for one "
        "head, or for less.\n",
        stderr));
    return kRefused;
  }
}
