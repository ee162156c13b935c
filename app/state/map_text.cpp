#include "app/state/map_text.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn::app {
namespace {

std::string label(std::span<const std::string> labels, Index count, Index i) {
  const bool has = static_cast<Index>(labels.size()) == count;
  return has ? visible(labels[static_cast<std::size_t>(i)]) : std::to_string(i);
}

}  // namespace

std::string map_text(const StageMap& map, std::span<const std::string> rows,
                     std::span<const std::string> columns) {
  std::string text;
  for (Index j = 0; j < map.columns; ++j) text += "\t" + label(columns, map.columns, j);
  text += '\n';
  for (Index i = 0; i < map.rows; ++i) {
    text += label(rows, map.rows, i);
    for (Index j = 0; j < map.columns; ++j) {
      text += '\t';
      // Nine digits bring a float32 back.
      if (map.cell_class(i, j) != CellClass::masked)
        fmt::format_to(std::back_inserter(text), "{:.9g}", map.value(i, j));
    }
    text += '\n';
  }
  return text;
}

}  // namespace attn::app
