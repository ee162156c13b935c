#include "core/figure/figure_job.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/engine/stage_graph.hpp"
#include "core/figure/colormap.hpp"

namespace attn {
namespace {

std::string title_of(const FigureJob& job) {
  std::string title = job.document->title;
  const Layer& layer = job.document->layers[job.settings.layer];
  const std::string name = layer.name.empty() ? fmt::format("layer {}", job.settings.layer) : layer.name;
  if (job.document->layers.size() > 1 || !layer.name.empty()) title += " · " + name;
  const bool joined = job.head.join != HeadChoice::Join::none;
  return title + (joined ? fmt::format(" · {} over heads", to_text(job.head))
                         : fmt::format(" · head {}", job.head.head));
}

}  // namespace

Result<void> check_view(const View& view) {
  if (view.colormap == "auto" || colormap_named(view.colormap) != nullptr) return {};
  std::vector<std::string> names = colormap_names();
  names.insert(names.begin(), "auto");
  const std::string near = nearest_name(view.colormap, names);
  return setting_error("/settings/view/colormap", join_or(names), fmt::format("\"{}\"", view.colormap),
                       near.empty() ? "" : fmt::format("Did you mean \"{}\"?", near));
}

Result<std::string> figure_file(const FigureJob& job, FigureFormat format, std::size_t threads) {
  const View& view = job.settings.view;
  if (auto good = check_view(view); !good) return tl::unexpected(good.error());
  StageGraph graph(threads, StageGraph::Precision::kernels, 0);
  if (auto good = graph.set(job.document, job.settings); !good) return tl::unexpected(good.error());
  const auto map = graph.map(view.stage, job.head);
  if (!map) return tl::unexpected(map.error());

  const Layer& layer = job.document->layers[job.settings.layer];
  const bool rows_are_keys = view.stage == Stage::k || view.stage == Stage::v;
  const Sequence& rows = rows_are_keys ? job.document->key_of(layer) : job.document->query_of(layer);
  HeatmapFigure figure{**map, {}, {}, title_of(job), rows_are_keys ? "keys" : "",
                       "",    "", "", view,          job.options};
  if (view.labels) figure.row_labels = rows.tokens;
  if (view.labels && info(view.stage).columns == Columns::keys)
    figure.column_labels = job.document->key_of(layer).tokens;
  TextRenderer text;
  auto list = heatmap_figure(figure, text);
  if (!list) return tl::unexpected(list.error());
  FigureContent content;
  content.frames.push_back(std::move(*list));
  return figure_bytes(content, format, text, threads);
}

}  // namespace attn
