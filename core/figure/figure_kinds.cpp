#include "core/figure/figure_kinds.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/figure/map_source.hpp"
#include "core/figure/panels.hpp"
#include "core/figure/reduced_map.hpp"

namespace attn {
namespace {

std::string layer_name(const Document& document, std::size_t layer) {
  const std::string& name = document.layers[layer].name;
  return name.empty() ? fmt::format("layer {}", layer) : name;
}

std::string head_name(const HeadChoice& head) {
  return head.join == HeadChoice::Join::none ? fmt::format("head {}", head.head)
                                             : fmt::format("{} over heads", to_text(head));
}

// The document, and its layer where that says anything.
std::string title_of_layer(const FigureJob& job) {
  const Document& document = *job.document;
  const bool named = document.layers.size() > 1 || !document.layers[job.layer].name.empty();
  return document.title + (named ? " · " + layer_name(document, job.layer) : "");
}

PanelGrid grid_of(const FigureJob& job, std::string title) {
  PanelGrid grid;
  grid.title = job.options.title.value_or(std::move(title));
  grid.caption = job.options.caption.value_or("");
  grid.labels = job.view.labels;
  grid.options = job.options;
  grid.may_wrap = !job.options.columns && job.options.kind != FigureKind::layers;
  return grid;
}

// Small multiples: no labels of their own, the axes named once.
Result<Panel> small_panel(MapSource& source, std::size_t head) {
  auto panel = source.panel(source.job().view.stage, {HeadChoice::Join::none, static_cast<Index>(head)});
  if (!panel) return panel;
  panel->labelled = false;
  panel->title = fmt::format("head {}", head);
  panel->short_title = std::to_string(head);
  panel->dimmed = source.settings().head_gates.gate(head) == 0;
  if (panel->dimmed) panel->title += " (muted)";
  return panel;
}

void finish_small(PanelGrid& grid, const FigureJob& job) {
  const auto first =
      std::ranges::find_if(grid.panels, [](const Panel& panel) { return panel.map != nullptr; });
  grid.row_axis = first->row_axis;
  grid.column_axis = first->column_axis;
  grid.has_bar = job.options.ranges != FigureRanges::own;
  for (Panel& panel : grid.panels) {
    panel.row_axis.clear();
    panel.column_axis.clear();
    panel.has_bar = !grid.has_bar;
  }
}

// Rows without a gap where the count allows it, wider than high.
std::size_t fitting_columns(std::size_t count) {
  const auto least = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  for (std::size_t columns = least; columns <= 2 * least; ++columns)
    if (count % columns == 0) return columns;
  return least;
}

std::size_t columns_of(const FigureJob& job, std::size_t otherwise) {
  return job.options.columns ? static_cast<std::size_t>(*job.options.columns) : otherwise;
}

// What makes B differ from A, in the words of the options.
std::string words_of(const Comparison& other, const Document& document) {
  std::vector<std::string> words;
  if (other.layer) words.push_back(layer_name(document, *other.layer));
  if (other.head) words.push_back(head_name(*other.head));
  words.insert(words.end(), other.sets.begin(), other.sets.end());
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

Result<PanelGrid> gather_map(MapSource& source) {
  const FigureJob& job = source.job();
  source.expect(1);
  if (auto good = source.use(job.layer, job.settings); !good) return tl::unexpected(good.error());
  auto panel = source.panel(job.view.stage, job.head);
  if (!panel) return tl::unexpected(panel.error());
  PanelGrid grid = grid_of(job, title_of_layer(job) + " · " + head_name(job.head));
  grid.panels.push_back(std::move(*panel));
  return grid;
}

Result<PanelGrid> gather_heads(MapSource& source) {
  const FigureJob& job = source.job();
  if (auto good = source.use(job.layer, job.settings); !good) return tl::unexpected(good.error());
  const auto heads = source.heads(job.view.stage);
  if (!heads) return tl::unexpected(heads.error());
  source.expect(*heads);
  PanelGrid grid = grid_of(job, title_of_layer(job));
  grid.columns = std::min(*heads, columns_of(job, fitting_columns(*heads)));
  for (std::size_t head = 0; head < *heads; ++head) {
    auto panel = small_panel(source, head);
    if (!panel) return tl::unexpected(panel.error());
    grid.panels.push_back(std::move(*panel));
  }
  finish_small(grid, job);
  return grid;
}

Result<PanelGrid> gather_layers(MapSource& source) {
  const FigureJob& job = source.job();
  const Document& document = *job.document;
  std::vector<std::vector<Panel>> layers;
  std::size_t most = 0;
  for (std::size_t layer = 0; layer < document.layers.size(); ++layer) {
    if (auto good = source.use(layer, job.settings); !good) return tl::unexpected(good.error());
    const auto heads = source.heads(job.view.stage);
    if (!heads) return tl::unexpected(heads.error());
    source.expect(*heads * document.layers.size());
    std::vector<Panel>& row = layers.emplace_back();
    for (std::size_t head = 0; head < *heads; ++head) {
      auto panel = small_panel(source, head);
      if (!panel) return tl::unexpected(panel.error());
      // Heads are named by the first row alone, but a silent one says so.
      if (layer > 0 && head < layers.front().size())
        panel->title = panel->short_title = panel->dimmed ? "muted" : "";
      if (head == 0) panel->side = layer_name(document, layer);
      row.push_back(std::move(*panel));
    }
    most = std::max(most, *heads);
  }
  PanelGrid grid = grid_of(job, document.title);
  grid.columns = most;
  for (std::vector<Panel>& row : layers) {
    row.resize(most);
    std::ranges::move(row, std::back_inserter(grid.panels));
  }
  finish_small(grid, job);
  return grid;
}

Result<PanelGrid> gather_stages(MapSource& source) {
  const FigureJob& job = source.job();
  source.expect(job.options.stages.size());
  if (auto good = source.use(job.layer, job.settings); !good) return tl::unexpected(good.error());
  PanelGrid grid = grid_of(job, title_of_layer(job) + " · " + head_name(job.head));
  grid.columns = std::min(job.options.stages.size(), columns_of(job, job.options.stages.size()));
  for (const Stage stage : job.options.stages) {
    auto panel = source.panel(stage, job.head);
    if (!panel) return tl::unexpected(panel.error());
    panel->title = info(stage).name;
    if (job.options.ranges != FigureRanges::shared) panel->range = grid.panels.size();
    grid.panels.push_back(std::move(*panel));
  }
  return grid;
}

Result<PanelGrid> gather_comparison(MapSource& source) {
  const FigureJob& job = source.job();
  const Comparison& other = *job.options.other;
  source.expect(2);
  if (auto good = source.use(job.layer, job.settings); !good) return tl::unexpected(good.error());
  // Whole until their difference is made: that of two reduced maps is none of any cell.
  auto a = source.whole_panel(job.view.stage, job.head);
  if (!a) return tl::unexpected(a.error());

  const std::size_t layer = other.layer.value_or(job.layer);
  if (layer >= job.document->layers.size()) {
    return setting_error("/figure/other/layer", fmt::format("a layer below {}", job.document->layers.size()),
                         std::to_string(layer));
  }
  SettingsStack settings = job.settings;
  for (const std::string& text : other.sets) {
    auto change = parse_setting_change(text);
    if (!change) return tl::unexpected(change.error());
    // Above the window's knobs, which are above every --set.
    settings = with_change(std::move(settings), *change);
  }
  if (auto good = source.use(layer, settings); !good) return tl::unexpected(good.error());
  auto b = source.whole_panel(job.view.stage, other.head.value_or(job.head));
  if (!b) return tl::unexpected(b.error());
  if (a->rows != b->rows || a->columns != b->columns) {
    return tl::unexpected(Error{ErrorCode::shape,
                                {},
                                "/figure/other",
                                fmt::format("a map of {} × {} cells, as the first one", a->rows, a->columns),
                                fmt::format("{} × {}", b->rows, b->columns),
                                "Only maps of one shape have a difference."});
  }
  PanelGrid grid = grid_of(job, title_of_layer(job) + " · " + head_name(job.head));
  grid.columns = std::min<std::size_t>(3, columns_of(job, 3));
  Panel difference = *b;
  difference.map = difference_of(*a->map, *b->map);
  for (Panel* panel : {&*a, &*b, &difference}) source.finish(*panel);
  difference.value_name = "Δ " + a->value_name;
  const std::string words = words_of(other, *job.document);
  a->title = "A";
  b->title = words.empty() ? "B" : "B: " + words;
  difference.title = "B − A";
  difference.range = 1;
  difference.is_difference = true;
  for (Panel* panel : {&*a, &*b, &difference}) grid.panels.push_back(std::move(*panel));
  return grid;
}

}  // namespace attn
