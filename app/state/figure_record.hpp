#pragma once

#include <string>

#include "app/state/app_state.hpp"

namespace attn::app {

/// The JSON text of `job` that its file carries; empty where its options say so. `text` is what the document
/// came from, where it came from text. The same figure has the same record, whichever way its settings were
/// given.
[[nodiscard]] std::string figure_record(const FigureJob& job, const std::string* text = nullptr);

/// The figure that the window shows, as it would be exported now.
[[nodiscard]] FigureJob figure_job(const AppState& state);

/// Reads it back; places are JSON pointers. Errors: syntax, type, value, setting.
[[nodiscard]] Result<FigureRecord> figure_record_from(const std::string& json);

}  // namespace attn::app
