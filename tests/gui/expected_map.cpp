#include "tests/gui/expected_map.hpp"

#include <stdexcept>
#include <utility>

#include "core/attention/equation.hpp"
#include "core/document/read_document.hpp"
#include "core/engine/map_request.hpp"

namespace attn::gui {
namespace {

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  return std::move(*result);
}

}  // namespace

ExpectedMap::ExpectedMap(const Shown& shown) : theme_(shown.theme) {
  const auto document = std::make_shared<const Document>(value_of(read_document(shown.file)));
  SettingsStack stack;
  for (const std::string& change : shown.sets) stack.sets.push_back(value_of(parse_setting_change(change)));
  const std::size_t layer = value_of(chosen_layer(*document, stack));
  const Settings settings = value_of(resolve_settings(*document, layer, stack));
  auto inputs = std::make_shared<const LayerInputs>(value_of(layer_inputs(document, layer, settings)));
  const Equation equation = value_of(Equation::make(std::move(inputs), settings));
  map_ = value_of(stage_map(equation, settings.view.stage, head_choice_from(shown.head).value(), 1));
  scale_ = color_scale(settings.view, *map_);
}

Rgb ExpectedMap::color(Index row, Index column) const {
  return cell_color(scale_, map_->value(row, column), map_->cell_class(row, column), theme_);
}

}  // namespace attn::gui
