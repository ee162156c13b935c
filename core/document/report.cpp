#include "core/document/report.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string layer_line(const Document& document, std::size_t index) {
  const Layer& layer = document.layers[index];
  const std::string name = layer.name.empty() ? fmt::format("layer {}", index) : visible(layer.name);
  const std::string heads =
      layer.kv_heads == layer.heads
          ? plural(layer.heads, "head")
          : fmt::format("{} on {}", plural(layer.heads, "head"), plural(layer.kv_heads, "key head"));
  return fmt::format("{}: {}, {} queries × {} keys, from {}", name, heads,
                     document.query_of(layer).tokens.size(), document.key_of(layer).tokens.size(),
                     origin_name(layer));
}

}  // namespace

std::vector<ReportLine> report_lines(const Document& document) {
  std::vector<ReportLine> lines;
  for (const Sequence& sequence : document.sequences) {
    std::string text =
        fmt::format("sequence {}: {}", visible(sequence.name), plural(sequence.tokens.size(), "token"));
    if (sequence.embeddings) text += fmt::format(", embeddings {} wide", sequence.embeddings->from_last(0));
    if (sequence.synthetic_embeddings) text += " (synthetic: made from the tokens' text)";
    lines.push_back({ReportLine::Kind::fact, std::move(text)});
  }
  for (std::size_t layer = 0; layer < document.layers.size(); ++layer) {
    lines.push_back({ReportLine::Kind::fact, layer_line(document, layer)});
  }
  for (const Note& note : document.notes) {
    const bool warning = note.kind == Note::Kind::warning;
    const std::string place = note.place.empty() ? "" : visible(note.place) + ": ";
    lines.push_back(
        {warning ? ReportLine::Kind::warning : ReportLine::Kind::inferred, place + visible(note.text)});
  }
  return lines;
}

std::string report_summary(const Document& document) {
  return fmt::format("{}; {}", plural(document.layers.size(), "layer"), layer_line(document, 0));
}

nlohmann::json report_json(const Document& document) {
  nlohmann::json report{
      {"file", document.source}, {"kind", "document"}, {"title", document.title}, {"ok", true}};
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

}  // namespace attn
