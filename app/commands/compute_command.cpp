#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "core/engine/stage_array.hpp"
#include "core/figure/numbers/csv_writer.hpp"
#include "core/figure/numbers/json_writer.hpp"
#include "core/figure/numbers/npy_writer.hpp"

namespace attn::app {
namespace {

Result<StageArray> array_of_layer(const Arguments& arguments, std::shared_ptr<const Document> document,
                                  std::size_t layer, const SettingsStack& stack, Stage stage,
                                  const std::optional<HeadChoice>& head) {
  auto settings = resolve_settings(*document, layer, stack);
  if (!settings) return tl::unexpected(settings.error());
  auto inputs = layer_inputs(std::move(document), layer, *settings);
  if (!inputs) return tl::unexpected(inputs.error());
  auto equation =
      Equation::make(std::make_shared<const LayerInputs>(std::move(*inputs)), std::move(*settings));
  if (!equation) return tl::unexpected(equation.error());
  return stage_array(*equation, stage, head, arguments.threads);
}

Result<StageArray> compute(const Arguments& arguments, const SettingsStack& stack, Stage stage,
                           const std::optional<HeadChoice>& head) {
  auto document = open_document(arguments.files.front(), arguments);
  if (!document) return tl::unexpected(document.error());
  auto layers = chosen_layers(arguments, **document, stack);
  if (!layers) return tl::unexpected(layers.error());
  StageArray all;
  for (const std::size_t layer : *layers) {
    auto one = array_of_layer(arguments, *document, layer, stack, stage, head);
    if (!one) return one;
    if (arguments.layer != "all") return one;
    one->shape.insert(one->shape.begin(), 1);
    if (all.shape.empty()) {
      all = std::move(*one);
      continue;
    }
    if (!std::equal(all.shape.begin() + 1, all.shape.end(), one->shape.begin() + 1, one->shape.end())) {
      return tl::unexpected(Error{ErrorCode::shape,
                                  {},
                                  fmt::format("/layers/{}", layer),
                                  "layers of one shape",
                                  shape_text(one->shape),
                                  "Compute them one by one with --layer."});
    }
    ++all.shape[0];
    all.values.insert(all.values.end(), one->values.begin(), one->values.end());
  }
  return all;
}

// One array in the format that the output's suffix names.
struct Format {
  std::string_view suffix;
  std::string (*floats)(std::span<const std::size_t>, std::span<const float>);
  std::string (*doubles)(std::span<const std::size_t>, std::span<const double>);
  std::string (*bools)(std::span<const std::size_t>, std::span<const bool>);
};
constexpr std::array kFormats{
    Format{".npy", npy_bytes, npy_bytes, npy_bytes},
    Format{".json", json_text, json_text, json_text},
    Format{".csv", csv_text, csv_text, csv_text},
};

const Format* format_of(const std::string& output) {
  const std::string suffix = output == "-" ? ".json" : std::filesystem::path(output).extension().string();
  const auto row = std::ranges::find(kFormats, suffix, &Format::suffix);
  return row == kFormats.end() ? nullptr : &*row;
}

std::string bytes_of(const Format& format, const StageArray& array, bool as_bool, bool exact) {
  const std::size_t count = array.values.size();
  if (as_bool) {
    const auto bools = std::make_unique<bool[]>(count);
    for (std::size_t i = 0; i < count; ++i) bools[i] = array.values[i] != 0;
    return format.bools(array.shape, {bools.get(), count});
  }
  if (exact) return format.doubles(array.shape, array.values);
  std::vector<float> floats(array.values.begin(), array.values.end());
  return format.floats(array.shape, floats);
}

}  // namespace

int run_compute(const Arguments& arguments) {
  const std::string& file = arguments.files.front();
  const auto stage = stage_named(arguments.stage.empty() ? "weights" : arguments.stage);
  if (!stage) return refuse(unknown_stage(arguments.stage));
  std::optional<HeadChoice> head;
  if (!arguments.head.empty() && arguments.head != "all") {
    head = head_choice_from(arguments.head);
    if (!head)
      return refuse({ErrorCode::usage, {}, "--head", "an index, all, mean, max or min", arguments.head, {}});
  }
  const Format* format = format_of(arguments.output);
  if (format == nullptr) {
    return refuse(
        {ErrorCode::usage, arguments.output, {}, "a name that ends in .npy, .json or .csv", "another", {}});
  }
  auto stack = settings_stack(arguments);
  if (!stack) return refuse(stack.error());
  auto array = compute(arguments, *stack, *stage, head);
  if (!array) return refuse(in_file(array.error(), file));
  const bool as_bool = *stage == Stage::mask && !(head && head->join == HeadChoice::Join::mean);
  auto written = write_file(arguments.output, bytes_of(*format, *array, as_bool, arguments.exact));
  if (!written) return refuse(written.error());
  return kDone;
}

}  // namespace attn::app
