#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/document/document.hpp"

namespace attn {

/// One thing that a person may want to know of a document that was read.
struct ReportLine {
  enum class Kind { fact, inferred, warning };
  Kind kind = Kind::fact;
  std::string text;  ///< one sentence, safe for a line
};

/// What was read and inferred, and what looks wrong: sequences, layers, then the document's notes.
[[nodiscard]] std::vector<ReportLine> report_lines(const Document& document);

/// The first layer and the number of them, in one line.
[[nodiscard]] std::string report_summary(const Document& document);

/// The same for programs: file, title, ok, sequences, layers, notes.
[[nodiscard]] nlohmann::json report_json(const Document& document);

}  // namespace attn
