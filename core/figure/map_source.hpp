#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/base/progress.hpp"
#include "core/engine/stage_graph.hpp"
#include "core/figure/figure_job.hpp"
#include "core/figure/panels.hpp"

namespace attn {

/// 160 MB.
inline constexpr double kMostCells = 32e6;

/// Computes the maps of a figure one after the other; those of one layer share what they are made from.
/// Counts them in `progress`, and stops between and within them.
class MapSource {
 public:
  /// `frames`: how many such figures there will be. All maps together keep kMostCells until they are drawn;
  /// what is beyond is reduced at once, so that a figure of many long maps stays within memory.
  MapSource(const FigureJob& job, std::size_t threads, Progress* progress, std::size_t frames)
      : job_(job), progress_(progress), frames_(frames), graph_(threads, StageGraph::Precision::kernels, 0) {}

  [[nodiscard]] const FigureJob& job() const { return job_; }
  /// How many are to come: each gets its share of the cells.
  void expect(std::size_t maps);

  /// What follows is about this layer under these settings. Errors: those of the settings and the layer.
  [[nodiscard]] Result<void> use(std::size_t layer, const SettingsStack& settings);
  [[nodiscard]] const Settings& settings() const { return *settings_; }
  /// Heads that this stage of the layer has.
  [[nodiscard]] Result<std::size_t> heads(Stage stage) const;
  /// The region of the stage that the view shows, with its labels and axis names; no title, no range.
  [[nodiscard]] Result<Panel> panel(Stage stage, const HeadChoice& head);
  /// The same with all of its cells, for what is made of them; finish() takes it to what panel() gives.
  [[nodiscard]] Result<Panel> whole_panel(Stage stage, const HeadChoice& head);
  /// Works out the profiles and reduces the map to its share of the cells.
  void finish(Panel& panel) const;

 private:
  const FigureJob& job_;
  Progress* progress_;
  std::size_t frames_;
  std::size_t expected_ = 1;  // maps of this frame
  StageGraph graph_;
  std::optional<Settings> settings_;
};

}  // namespace attn
