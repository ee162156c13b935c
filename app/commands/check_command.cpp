#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands/commands.hpp"
#include "app/commands/saved_file.hpp"
#include "core/attention/equation.hpp"
#include "core/base/text.hpp"
#include "core/document/read_document.hpp"
#include "core/document/report.hpp"
#include "core/document/stored_values.hpp"

namespace attn::app {
namespace {

nlohmann::json error_json(const Error& error) {
  return {{"file", error.file},         {"ok", false},          {"place", error.place},
          {"expected", error.expected}, {"found", error.found}, {"hint", error.hint}};
}

// What was found in a file, in each form.
struct Finding {
  std::string head;     // what it is, in a line
  std::string summary;  // the rest of that line, for --summary
  std::vector<std::string> lines;
  nlohmann::json json;
};

constexpr std::string_view kWarning = "warning: ";

Finding document_found(const Document& document) {
  Finding found{fmt::format("{}: {}", visible(document.source), visible(document.title)),
                report_summary(document),
                {},
                report_json(document)};
  for (const ReportLine& line : report_lines(document)) {
    const std::string_view kind = line.kind == ReportLine::Kind::warning    ? kWarning
                                  : line.kind == ReportLine::Kind::inferred ? "inferred: "
                                                                            : "";
    found.lines.push_back(std::string(kind) + line.text);
  }
  return found;
}

// Everything that could be refused later is refused here; what has no effect or looks wrong is noted in
// `document`.
Result<void> check_document(Document& document, const SettingsStack& stack) {
  if (auto layer = chosen_layer(document, stack); !layer) return tl::unexpected(layer.error());
  for (std::size_t layer = 0; layer < document.layers.size(); ++layer) {
    auto settings = resolve_settings(document, layer, stack);
    if (!settings) return tl::unexpected(settings.error());
    auto facts = layer_facts(document, layer, settings->heads);
    if (!facts) return tl::unexpected(at_its_source(facts.error(), document, layer, stack));
    auto terms = compile_terms(*facts, *settings);
    if (!terms) return tl::unexpected(at_its_source(terms.error(), document, layer, stack));
    if (!terms->mask_terms.empty() && terms->mask_terms.front().combine_or) {
      document.notes.push_back(
          {Note::Kind::warning, fmt::format("/layers/{}", layer),
           "The first mask is combined by \"or\": it changes nothing, as all is allowed before it."});
    }
  }
  auto notes = check_stored_values(document);
  if (!notes) return tl::unexpected(notes.error());
  document.notes.insert(document.notes.end(), notes->begin(), notes->end());
  return {};
}

Finding settings_found(const nlohmann::json& settings, const std::string& file) {
  std::string names;
  for (const auto& item : settings.items()) names += (names.empty() ? "" : ", ") + item.key();
  const std::string name = visible(file);
  return Finding{
      fmt::format("{}: settings", name),
      names,
      {names, fmt::format("Give them with --settings {}, or open them over a document in the window.", name)},
      {{"file", file}, {"kind", "settings"}, {"ok", true}, {"settings", settings}}};
}

Result<Finding> check_session(const nlohmann::json& session, const std::string& file,
                              const SettingsStack& stack) {
  auto content = session_from_json(session);
  if (!content) return tl::unexpected(content.error());
  const nlohmann::json title = session.value("title", nlohmann::json());
  const std::string source = content->source.text ? "its own text" : content->source.path.string();
  Finding found{fmt::format("{}: session: {}", visible(file),
                            title.is_string() ? visible(title.get<std::string>()) : "without a title"),
                "document: " + visible(source),
                {"document: " + visible(source)},
                {{"file", file}, {"kind", "session"}, {"ok", true}, {"title", title}, {"document", source}}};
  if (!content->source.text) {
    ReadOptions options;
    options.document = content->index;
    auto document = read_document(content->source.path, options);
    if (!document) return tl::unexpected(in_file(document.error(), source));
    SettingsStack& own = content->settings;
    own.files.insert(own.files.end(), stack.files.begin(), stack.files.end());
    own.sets.insert(own.sets.end(), stack.sets.begin(), stack.sets.end());
    if (auto good = check_document(*document, own); !good) return tl::unexpected(good.error());
    const Finding inside = document_found(*document);
    found.lines.push_back(inside.summary);
    std::ranges::copy_if(inside.lines, std::back_inserter(found.lines),
                         [](const std::string& line) { return line.starts_with(kWarning); });
    found.json["notes"] = inside.json.at("notes");
    const bool changed =
        !content->fingerprint.empty() && content->fingerprint != fingerprint_text(document->fingerprint);
    found.json["changed"] = changed;
    if (changed) found.lines.emplace_back("warning: the document has changed since the session was saved");
  }
  found.lines.push_back("Open it with: attnscope " + visible(file));
  return found;
}

Result<Finding> examine(const std::string& file, const Arguments& arguments, const SettingsStack& stack) {
  auto saved = read_saved_file(file);
  if (!saved) return tl::unexpected(saved.error());
  if (*saved) {
    const nlohmann::json& json = (*saved)->json;
    return (*saved)->kind == FileKind::session ? check_session(json, file, stack)
                                               : settings_found(json, file);
  }
  auto document = open_document(file, arguments.document);
  if (!document) return tl::unexpected(document.error());
  Document noted = **document;
  if (auto good = check_document(noted, stack); !good) return tl::unexpected(good.error());
  return document_found(noted);
}

// What standard output gets of a file: nothing of a refused one, unless as JSON.
std::string report_text(const Result<Finding>& found, const Arguments& arguments) {
  if (arguments.json) {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    const nlohmann::json report = found ? found->json : error_json(found.error());
    return report.dump(-1, ' ', false, kReplace) + "\n";
  }
  if (!found) return {};
  if (arguments.summary) return fmt::format("{}; {}\n", found->head, found->summary);
  std::string text = found->head + "\n";
  for (const std::string& line : found->lines) text += "  " + line + "\n";
  return text;
}

}  // namespace

int run_check(const Arguments& arguments) {
  auto stack = settings_stack(arguments);
  if (!stack) return refuse(stack.error());
  int worst = kDone;
  for (const std::string& file : arguments.files) {
    auto found = examine(file, arguments, *stack).map_error([&](Error error) {
      return in_file(std::move(error), file);
    });
    if (const int printed = print_results(report_text(found, arguments)); printed != kDone) return printed;
    if (!found) worst = std::max(worst, refuse(found.error()));
  }
  return worst;
}

}  // namespace attn::app
