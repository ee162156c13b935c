#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/engine/stage_map.hpp"
#include "core/figure/color_scale.hpp"

namespace attn::gui {

/// What the window ought to show: a document under the settings of a command line.
struct Shown {
  std::string file;
  std::vector<std::string> sets = {};  ///< `temperature=0.5`, as --set takes them
  std::string head = "0";
  Theme theme = Theme::dark;
};

/// Its map, computed by core alone, and the colours that core/figure gives the cells.
class ExpectedMap {
 public:
  /// Throws what core refuses.
  explicit ExpectedMap(const Shown& shown);

  [[nodiscard]] Index rows() const { return map_->rows; }
  [[nodiscard]] Index columns() const { return map_->columns; }
  [[nodiscard]] Rgb color(Index row, Index column) const;

 private:
  std::shared_ptr<const StageMap> map_;
  ColorScale scale_;
  Theme theme_;
};

}  // namespace attn::gui
