#pragma once

#include <memory>
#include <string>

#include "core/attention/settings.hpp"
#include "core/base/error.hpp"
#include "core/document/document.hpp"
#include "core/engine/head_choice.hpp"
#include "core/figure/figure_file.hpp"
#include "core/figure/heatmap_figure.hpp"

namespace attn {

/// A figure as a function of what a person sees: document, settings (with the view), head, options. The
/// window and the command line both come here, so they write the same bytes.
struct FigureJob {
  std::shared_ptr<const Document> document;
  Settings settings;  ///< settings.layer picks the layer, settings.view.stage the stage
  HeadChoice head;
  FigureOptions options;
};

/// Computes the map and draws it: the bytes of a file. Errors: setting (a stage, head or colormap that is not
/// there), limit (a map that is too large for a figure).
[[nodiscard]] Result<std::string> figure_file(const FigureJob& job, FigureFormat format, std::size_t threads);

/// Errors: setting, where the view names a colormap that does not exist.
[[nodiscard]] Result<void> check_view(const View& view);

}  // namespace attn
