#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/attention/parameter.hpp"
#include "core/attention/stage.hpp"
#include "core/base/length.hpp"
#include "core/base/matrix.hpp"
#include "core/engine/head_choice.hpp"
#include "core/figure/color.hpp"

namespace attn {

// Each in the order of its choices in the table.
enum class FigureKind { map, heads, layers, stages, compare };
enum class FigureRanges { automatic, shared, own };
enum class BarPlace { automatic, right, below, none };
enum class SweepOver { temperature, layer, head };

/// Which of an axis's cells have a label.
struct LabelChoice {
  bool all = true;
  std::vector<Index> only;  ///< where not all: these, in any order; cells that are not there are left out

  [[nodiscard]] bool operator==(const LabelChoice&) const = default;
};

/// The second map of a comparison: what is not given is as in the first.
struct Comparison {
  std::optional<std::size_t> layer;
  std::optional<HeadChoice> head;
  std::vector<std::string> sets;  ///< as --set takes them, on top of the first map's settings

  [[nodiscard]] bool operator==(const Comparison&) const = default;
};

/// One frame for each of `values`; layers and heads are whole numbers.
struct Sweep {
  SweepOver over = SweepOver::temperature;
  std::vector<double> values;

  [[nodiscard]] bool operator==(const Sweep&) const = default;
};
inline constexpr std::size_t kMostFrames = 500;

/// All of a figure that is neither a number nor the view. One row of figure_options() each, which has its
/// meaning.
struct FigureOptions {
  FigureKind kind = FigureKind::map;
  std::string preset = "none";
  Theme theme = Theme::light;
  bool transparent = false;
  bool bare = false;
  int cell = 1;
  bool metadata = true;

  std::vector<Stage> stages{Stage::scores, Stage::logits, Stage::weights};
  std::optional<Comparison> other;
  FigureRanges ranges = FigureRanges::automatic;
  std::optional<int> columns;
  bool profiles = false;

  std::optional<std::string> title, caption;  ///< nothing: as the figure says itself; empty: none
  std::optional<std::string> row_axis, column_axis, value_name;

  LabelChoice row_labels, column_labels;
  std::optional<double> label_size, label_angle;
  std::vector<Index> highlight_rows, highlight_columns;

  BarPlace color_bar = BarPlace::automatic;
  std::optional<int> ticks;

  std::optional<Length> width, height, margin;
  double dpi = 96;

  std::optional<Sweep> sweep;

  [[nodiscard]] bool operator==(const FigureOptions&) const = default;
};

/// One option: the only place that knows its name, what it may be and what it means. The reader, its
/// messages, the help, FORMAT.md, the schema, the command line and the export panel are made from these rows.
struct FigureOption {
  Parameter parameter;
  std::string_view group;  ///< of the export panel: `Labels`
  nlohmann::json (*get)(const Parameter& parameter, const FigureOptions& options);
  FigureOptions (*with)(const Parameter& parameter, FigureOptions options, const nlohmann::json& value);
};
[[nodiscard]] std::span<const FigureOption> figure_options();

/// Options that go together. Those that a person gives as well win over the preset's.
struct FigurePreset {
  std::string_view name, meaning;
  std::string_view options;  ///< as JSON text
};
[[nodiscard]] std::span<const FigurePreset> figure_presets();

/// Reads an object of options; what it leaves out is as the preset says, or at its default. `place` is that
/// of the object. Errors: setting, naming the nearest known option.
[[nodiscard]] Result<FigureOptions> figure_options_from_json(const nlohmann::json& object,
                                                             const std::string& place = "/figure");

/// The options that differ from the preset's and from the defaults; figure_options_from_json() reads the
/// same.
[[nodiscard]] nlohmann::json to_json(const FigureOptions& options);

}  // namespace attn
