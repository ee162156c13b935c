#include "app/commands/man_page.hpp"

#include <fmt/format.h>

#include "app/commands/options.hpp"
#include "core/attention/help_pages.hpp"
#include "core/base/text.hpp"
#include "core/figure/pages.hpp"

namespace attn::app {
namespace {

// Text as roff prints it: its own signs escaped, hyphens that can be copied.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool line_start = out.empty() || out.back() == '\n';
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string section(std::string_view name) {
  return fmt::format(".SH {}\n", name);
}

// Lines that stay as they are.
std::string as_written(std::string_view text) {
  std::string out = ".nf\n" + roff(text);
  if (!out.ends_with('\n')) out += '\n';
  return out + ".fi\n";
}

std::string options_of(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // for tests
    const std::string own = option->get_option_text();
    const std::string type = own.empty() ? option->get_type_name() : own;
    const std::string name = option->get_name(option->get_positional(), !option->get_positional());
    out += fmt::format(".TP\n\\fB{}\\fR{}\n{}{}\n", roff(name),
                       type.empty() ? "" : " \\fI" + roff(type) + "\\fR", roff(option->get_description()),
                       option->get_required() ? " (required)" : "");
  }
  return out;
}

}  // namespace

std::string man_page() {
  Arguments unused;
  const auto app = command_line_options(unused);
  std::string out =
      fmt::format(".TH ATTNSCOPE 1 \"\" \"attnscope {}\" \"User Commands\"\n", ATTNSCOPE_VERSION);
  out += section("NAME") + "attnscope \\- an oscilloscope for attention\n" + section("SYNOPSIS");
  out += ".B attnscope\n[\\fIoptions\\fR] [\\fIFILE\\fR]...\n";
  for (const CLI::App* command : app->get_subcommands({}))
    out += fmt::format(".br\n.B attnscope {}\n[\\fIoptions\\fR] ...\n", command->get_name());
  out += section("DESCRIPTION") + roff(app->get_description()) + "\n";
  out += section("OPTIONS") + options_of(*app) + section("COMMANDS");
  for (const CLI::App* command : app->get_subcommands({})) {
    out += fmt::format(".SS {}\n{}\n", command->get_name(), roff(command->get_description()));
    out += options_of(*command);
    if (const std::string foot = command->get_footer(); !foot.empty()) out += ".PP\n" + as_written(foot);
  }
  out += section("SETTINGS") + "As --set and --settings take them; attnscope help settings says more.\n" +
         as_written(settings_summary());
  out += section("\"EXIT STATUS\"") + roff(kExitCodes) + "\n";
  return out + section("\"SEE ALSO\"") + "attnscope help, with the topics " +
         roff(join_or(all_help_topics())) + ".\n";
}

}  // namespace attn::app
