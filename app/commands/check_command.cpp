#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands/commands.hpp"
#include "core/attention/layer_inputs.hpp"
#include "core/base/text.hpp"

namespace attn::app {
namespace {

std::string layer_line(const Document& document, std::size_t index) {
  const Layer& layer = document.layers[index];
  const std::string name = layer.name.empty() ? fmt::format("layer {}", index) : visible(layer.name);
  const std::string heads = layer.kv_heads == layer.heads
                                ? fmt::format("{} head{}", layer.heads, layer.heads == 1 ? "" : "s")
                                : fmt::format("{} heads on {} key heads", layer.heads, layer.kv_heads);
  return fmt::format("{}: {}, {} queries × {} keys, from {}", name, heads,
                     document.query_of(layer).tokens.size(), document.key_of(layer).tokens.size(),
                     origin_name(layer));
}

std::string report_text(const Document& document, bool summary) {
  std::string text = fmt::format("{}: {}", visible(document.source), visible(document.title));
  if (summary) {
    return text + fmt::format("; {} layer{}; {}\n", document.layers.size(),
                              document.layers.size() == 1 ? "" : "s", layer_line(document, 0));
  }
  text += '\n';
  for (const Sequence& sequence : document.sequences) {
    const std::size_t tokens = sequence.tokens.size();
    text +=
        fmt::format("  sequence {}: {} token{}{}\n", visible(sequence.name), tokens, tokens == 1 ? "" : "s",
                    sequence.synthetic_embeddings ? ", synthetic embeddings" : "");
  }
  for (std::size_t layer = 0; layer < document.layers.size(); ++layer)
    text += "  " + layer_line(document, layer) + '\n';
  for (const Note& note : document.notes) {
    text += fmt::format("  {}: {}{}\n", note.kind == Note::Kind::warning ? "warning" : "inferred",
                        note.place.empty() ? "" : note.place + ": ", visible(note.text));
  }
  return text;
}

nlohmann::json report_json(const Document& document) {
  nlohmann::json report{{"file", document.source}, {"title", document.title}, {"ok", true}};
  for (const Sequence& sequence : document.sequences) {
    report["sequences"].push_back({{"name", sequence.name},
                                   {"tokens", sequence.tokens.size()},
                                   {"synthetic_embeddings", sequence.synthetic_embeddings}});
  }
  for (const Layer& layer : document.layers) {
    report["layers"].push_back({{"name", layer.name},
                                {"origin", origin_name(layer)},
                                {"heads", layer.heads},
                                {"kv_heads", layer.kv_heads},
                                {"queries", document.query_of(layer).tokens.size()},
                                {"keys", document.key_of(layer).tokens.size()}});
  }
  report["notes"] = nlohmann::json::array();
  for (const Note& note : document.notes) {
    report["notes"].push_back({{"kind", note.kind == Note::Kind::warning ? "warning" : "inferred"},
                               {"place", note.place},
                               {"text", note.text}});
  }
  return report;
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
