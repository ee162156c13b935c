#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "core/engine/stage_map.hpp"
#include "core/figure/heatmap_pixels.hpp"
#include "core/figure/layout/figure_canvas.hpp"

namespace attn {

/// A row's flag in words: beside its colour, and as a sentence.
struct RowFlagWords {
  RowFlag flag;
  std::string_view legend, sentence;
};
inline constexpr std::array kRowFlagWords{
    RowFlagWords{RowFlag::empty, "row without an allowed key", "No key is allowed in this row."},
    RowFlagWords{RowFlag::not_a_number, "row with NaN", "A NaN stands at an allowed cell of this row."},
    RowFlagWords{RowFlag::infinite, "row with an infinite logit",
                 "+∞ stands in this row and is shared among the keys that have it."},
};
/// The sentence, empty for a normal row.
[[nodiscard]] std::string_view sentence_of(RowFlag flag);

/// A colour that no colour bar explains.
struct LegendEntry {
  std::string_view meaning;
  Rgb color;
  Rgb edge;  ///< one pixel around it
};

/// Only what stands in the map: masked cells, cells without a number, and each kind of flagged row.
[[nodiscard]] std::vector<LegendEntry> legend_entries(const CellKinds& kinds, std::span<const RowFlag> flags,
                                                      Theme theme);

/// One after the other from `at` (the top left corner), in lines of at most `width` pixels; `unit` is an
/// edge.
void add_legend(FigureCanvas& canvas, const std::vector<LegendEntry>& entries, const TextStyle& style,
                Point at, double width, double unit);

}  // namespace attn
