#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands/commands.hpp"
#include "core/base/text.hpp"
#include "core/document/report.hpp"

namespace attn::app {
namespace {

std::string report_text(const Document& document, bool summary) {
  const std::string head = fmt::format("{}: {}", visible(document.source), visible(document.title));
  if (summary) return fmt::format("{}; {}\n", head, report_summary(document));
  std::string text = head + '\n';
  for (const ReportLine& line : report_lines(document)) {
    const char* kind = line.kind == ReportLine::Kind::warning    ? "warning: "
                       : line.kind == ReportLine::Kind::inferred ? "inferred: "
                                                                 : "";
    text += fmt::format("  {}{}\n", kind, line.text);
  }
  return text;
}

nlohmann::json error_json(const Error& error) {
  return {{"file", error.file},         {"ok", false},          {"place", error.place},
          {"expected", error.expected}, {"found", error.found}, {"hint", error.hint}};
}

// Reads the document and its settings: everything that could be refused later is refused here.
Result<std::shared_ptr<const Document>> examine(const std::string& file, const Arguments& arguments,
                                                const SettingsStack& stack) {
  auto document = open_document(file, arguments);
  if (!document) return document;
  if (auto layer = chosen_layer(**document, stack); !layer)
    return tl::unexpected(in_file(layer.error(), file));
  for (std::size_t layer = 0; layer < (*document)->layers.size(); ++layer) {
    auto settings = resolve_settings(**document, layer, stack);
    if (!settings) return tl::unexpected(in_file(settings.error(), file));
  }
  return document;
}

}  // namespace

int run_check(const Arguments& arguments) {
  auto stack = settings_stack(arguments);
  if (!stack) return refuse(stack.error());
  int worst = kDone;
  for (const std::string& file : arguments.files) {
    auto document = examine(file, arguments, *stack);
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    if (arguments.json) {
      const nlohmann::json report = document ? report_json(**document) : error_json(document.error());
      fmt::print("{}\n", report.dump(-1, ' ', false, kReplace));
    } else if (document) {
      fmt::print("{}", report_text(**document, arguments.summary));
    }
    if (!document) worst = std::max(worst, refuse(document.error()));
  }
  return worst;
}

}  // namespace attn::app
