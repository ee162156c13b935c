#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/attention/settings.hpp"
#include "core/base/error.hpp"
#include "core/base/progress.hpp"
#include "core/document/document.hpp"
#include "core/engine/head_choice.hpp"
#include "core/figure/figure_file.hpp"
#include "core/figure/figure_options.hpp"

namespace attn {

/// A figure as a function of what a person sees: document, settings, layer, head, view, options. The window
/// and the command line both come here, so they write the same bytes.
struct FigureJob {
  std::shared_ptr<const Document> document;
  SettingsStack settings;
  std::size_t layer = 0;
  HeadChoice head;
  View view;  ///< in place of the settings' own
  FigureOptions options;
  std::string metadata;  ///< JSON text that brings the figure back, or empty
};

/// Computes the maps and lays them out: what the file holds, and what a preview draws. Errors: setting (a
/// stage, head or colormap that is not there), limit (a map that is too large for a figure), value (a size
/// that the words alone do not fit), cancelled.
[[nodiscard]] Result<FigureContent> compose_figure(const FigureJob& job, TextRenderer& text,
                                                   std::size_t threads, Progress* progress = nullptr);

/// The same as the bytes of a file.
[[nodiscard]] Result<std::string> figure_file(const FigureJob& job, FigureFormat format, std::size_t threads,
                                              Progress* progress = nullptr);

/// Errors: setting, where the view names a colormap that does not exist.
[[nodiscard]] Result<void> check_view(const View& view);

}  // namespace attn
