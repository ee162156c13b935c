#include "core/figure/figure_job.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/figure/colormap.hpp"
#include "core/figure/figure_kinds.hpp"
#include "core/figure/map_source.hpp"
#include "core/figure/panels.hpp"

namespace attn {
namespace {

struct SweepRow {
  SweepOver over;
  FigureJob (*at)(FigureJob job, double value);
};
constexpr std::array kSweeps{
    SweepRow{SweepOver::temperature,
             [](FigureJob job, double value) {
               job.settings = with_change(std::move(job.settings), {"temperature", value});
               return job;
             }},
    SweepRow{SweepOver::layer,
             [](FigureJob job, double value) {
               job.layer = static_cast<std::size_t>(value);
               return job;
             }},
    SweepRow{SweepOver::head,
             [](FigureJob job, double value) {
               job.head = {HeadChoice::Join::none, static_cast<Index>(value)};
               return job;
             }},
};

// One job a frame.
std::vector<FigureJob> frames_of(const FigureJob& job) {
  if (!job.options.sweep) return {job};
  const Sweep& sweep = *job.options.sweep;
  const auto row = std::ranges::find(kSweeps, sweep.over, &SweepRow::over);
  std::vector<FigureJob> jobs;
  for (const double value : sweep.values) jobs.push_back(row->at(job, value));
  return jobs;
}

Result<PanelGrid> gather(const FigureJob& job, std::size_t threads, Progress* progress, std::size_t frames) {
  if (job.layer >= job.document->layers.size()) {
    return setting_error("layer", fmt::format("a layer below {}", job.document->layers.size()),
                         std::to_string(job.layer));
  }
  MapSource source(job, threads, progress, frames);
  return std::ranges::find(kFigureKinds, job.options.kind, &FigureKindInfo::kind)->gather(source);
}

void share_size(std::vector<DisplayList>& frames) {
  int width = 0, height = 0;
  for (const DisplayList& frame : frames) {
    width = std::max(width, frame.width);
    height = std::max(height, frame.height);
  }
  for (DisplayList& frame : frames) {
    frame.width = width;
    frame.height = height;
  }
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

Result<FigureContent> compose_figure(const FigureJob& job, TextRenderer& text, std::size_t threads,
                                     Progress* progress) {
  if (auto good = check_view(job.view); !good) return tl::unexpected(good.error());
  const std::vector<FigureJob> jobs = frames_of(job);
  std::vector<PanelGrid> grids;
  for (const FigureJob& frame : jobs) {
    auto grid = gather(frame, threads, progress, jobs.size());
    if (!grid) return tl::unexpected(grid.error());
    if (job.options.sweep && job.options.sweep->over == SweepOver::temperature && !grid->title.empty())
      grid->title += fmt::format(" · temperature {:.3g}", job.options.sweep->values[grids.size()]);
    grids.push_back(std::move(*grid));
  }
  set_scales(grids, job.view, job.options.ranges == FigureRanges::own);
  FigureContent content;
  for (const PanelGrid& grid : grids) {
    auto list = lay_out(grid, text, progress);
    if (!list) return tl::unexpected(list.error());
    list->title = grid.title;
    content.frames.push_back(std::move(*list));
  }
  share_size(content.frames);
  if (job.options.metadata) content.metadata = job.metadata;
  return content;
}

Result<std::string> figure_file(const FigureJob& job, FigureFormat format, std::size_t threads,
                                Progress* progress) {
  // Before all of them are computed.
  const std::size_t frames = job.options.sweep ? job.options.sweep->values.size() : 1;
  if (auto good = check_frames(format, frames); !good) return tl::unexpected(good.error());
  TextRenderer text;
  const auto content = compose_figure(job, text, threads, progress);
  if (!content) return tl::unexpected(content.error());
  return figure_bytes(*content, format, text, threads);
}

}  // namespace attn
