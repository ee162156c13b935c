#include "core/figure/figure_options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "core/attention/settings.hpp"
#include "core/figure/figure_kinds.hpp"
#include "core/figure/option_forms.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;
using forms::Form;

template <auto Member>
Json get(const Parameter& parameter, const FigureOptions& options) {
  using T = std::remove_cvref_t<decltype(options.*Member)>;
  return Form<T>::write(parameter, options.*Member);
}

template <auto Member>
FigureOptions with(const Parameter& parameter, FigureOptions options, const Json& value) {
  using T = std::remove_cvref_t<decltype(options.*Member)>;
  options.*Member = Form<T>::read(parameter, value);
  return options;
}

template <auto Member>
constexpr FigureOption row(std::string_view group, const Parameter& parameter) {
  return {parameter, group, get<Member>, with<Member>};
}

constexpr double kLargestIndex = 1e9;
constexpr double kLargestSide = 1e6;  // in any unit; the file's format has limits of its own

constexpr std::array<std::string_view, 3> kRanges{"auto", "shared", "own"};
constexpr std::array<std::string_view, 4> kBarPlaces{"auto", "right", "below", "none"};
constexpr std::array<std::string_view, 2> kThemes{"light", "dark"};
constexpr std::array<std::string_view, 2> kLabels{"all", "none"};
constexpr std::array<std::string_view, 3> kSweepOver{"temperature", "layer", "head"};
constexpr std::array<std::string_view, 3> kJoins{"mean", "max", "min"};

// The names of a table's rows.
template <const auto& rows>
constexpr auto names_of() {
  std::array<std::string_view, std::tuple_size_v<std::remove_cvref_t<decltype(rows)>>> names{};
  std::ranges::transform(rows, names.begin(), [](const auto& one) { return one.name; });
  return names;
}

constexpr std::array kPresets{
    FigurePreset{"none", "cells decide the size, for a screen", "{}"},
    FigurePreset{"paper-1col", "one column of a paper, without a title: 8.5 cm, 300 dpi, labels of 8 points",
                 R"({"width": "8.5cm", "dpi": 300, "label_size": 8, "margin": "1mm", "title": ""})"},
    FigurePreset{"paper-2col", "the width of a page, without a title: 17.5 cm, 300 dpi, labels of 8 points",
                 R"({"width": "17.5cm", "dpi": 300, "label_size": 8, "margin": "1mm", "title": ""})"},
    FigurePreset{"slide", "a whole slide: 13.333 × 7.5 inches, 1920 × 1080 pixels, labels of 12 points",
                 R"({"width": "1920px", "height": "1080px", "dpi": 144, "label_size": 12})"},
    FigurePreset{"square", "1200 × 1200 pixels, labels of 10 points",
                 R"({"width": "1200px", "height": "1200px", "dpi": 150, "label_size": 10})"},
};

constexpr auto kKindNames = names_of<kFigureKinds>();
constexpr auto kPresetNames = names_of<kPresets>();
constexpr auto kStageNames = names_of<kStages>();

constexpr std::array kOtherParts{
    Parameter{.name = "layer",
              .type = ParameterType::integer,
              .max = kLargestIndex,
              .fallback = "null",
              .meaning = "its layer"},
    Parameter{.name = "head",
              .type = ParameterType::integer_or_choice,
              .max = kLargestIndex,
              .fallback = "null",
              .choices = kJoins,
              .meaning = "its head"},
    Parameter{.name = "set",
              .type = ParameterType::texts,
              .fallback = "[]",
              .meaning = "its settings, as --set takes them"},
};
std::span<const Parameter> other_parts() {
  return kOtherParts;
}

constexpr std::array kSweepParts{
    Parameter{.name = "over",
              .type = ParameterType::choice,
              .fallback = R"("temperature")",
              .choices = kSweepOver,
              .meaning = "what changes"},
    Parameter{.name = "from",
              .type = ParameterType::number,
              .max = kLargestIndex,
              .fallback = "0",
              .meaning = "of the first frame"},
    Parameter{.name = "to",
              .type = ParameterType::number,
              .max = kLargestIndex,
              .fallback = "0",
              .meaning = "of the last frame"},
    Parameter{.name = "steps",
              .type = ParameterType::integer,
              .min = 1,
              .max = kMostFrames,
              .fallback = "20",
              .meaning = "frames, of a temperature; layers and heads go one by one"},
    Parameter{.name = "values",
              .type = ParameterType::numbers,
              .max = kLargestIndex,
              .fallback = "[]",
              .meaning = "in place of from, to and steps: one a frame"},
};
std::span<const Parameter> sweep_parts() {
  return kSweepParts;
}

using O = FigureOptions;
constexpr std::array kOptions{
    row<&O::kind>("Figure", {.name = "kind",
                             .type = ParameterType::choice,
                             .fallback = R"("map")",
                             .choices = kKindNames,
                             .meaning = "what is drawn"}),
    row<&O::preset>("Figure", {.name = "preset",
                               .type = ParameterType::choice,
                               .fallback = R"("none")",
                               .choices = kPresetNames,
                               .meaning = "options that go together; those given beside it win"}),
    row<&O::theme>("Figure", {.name = "theme",
                              .type = ParameterType::choice,
                              .fallback = R"("light")",
                              .choices = kThemes,
                              .meaning = "white paper, or dark"}),
    row<&O::transparent>("Figure", {.name = "transparent",
                                    .type = ParameterType::boolean,
                                    .fallback = "false",
                                    .meaning = "no background"}),
    row<&O::bare>("Figure", {.name = "bare",
                             .type = ParameterType::boolean,
                             .fallback = "false",
                             .meaning = "the map alone: no words, no lines, no margin"}),
    row<&O::cell>("Figure", {.name = "cell",
                             .type = ParameterType::integer,
                             .min = 1,
                             .max = 256,
                             .fallback = "1",
                             .meaning = "pixels of a bare map's cell, each way"}),
    row<&O::metadata>("Figure", {.name = "metadata",
                                 .type = ParameterType::boolean,
                                 .fallback = "true",
                                 .meaning = "the file says how it was made, so that it opens again"}),

    row<&O::stages>("Maps", {.name = "stages",
                             .type = ParameterType::choice_list,
                             .fallback = R"(["scores", "logits", "weights"])",
                             .choices = kStageNames,
                             .meaning = "of kind stages: these, side by side"}),
    row<&O::other>("Maps", {.name = "other",
                            .type = ParameterType::object,
                            .fallback = "null",
                            .meaning = "of kind compare: the second map; what is left out is as in the first",
                            .parts = other_parts}),
    row<&O::ranges>("Maps", {.name = "ranges",
                             .type = ParameterType::choice,
                             .fallback = R"("auto")",
                             .choices = kRanges,
                             .meaning = "one range of values for all maps and frames, or each its own; auto: "
                                        "shared, but each stage has one"}),
    row<&O::columns>("Maps", {.name = "columns",
                              .type = ParameterType::integer,
                              .min = 1,
                              .max = 1000,
                              .fallback = "null",
                              .meaning = "maps in a row of several; null: as fits their shape"}),
    row<&O::profiles>("Maps", {.name = "profiles",
                               .type = ParameterType::boolean,
                               .fallback = "false",
                               .meaning = "the mean of each row and each column beside the map, masked cells "
                                          "left out"}),

    row<&O::title>("Words", {.name = "title",
                             .type = ParameterType::text,
                             .fallback = "null",
                             .meaning = "null: the document, layer and head; empty: none"}),
    row<&O::caption>("Words", {.name = "caption",
                               .type = ParameterType::text,
                               .fallback = "null",
                               .meaning = "small, below the map"}),
    row<&O::row_axis>("Words", {.name = "row_axis",
                                .type = ParameterType::text,
                                .fallback = "null",
                                .meaning = "name of the rows; null: queries or keys; empty: none"}),
    row<&O::column_axis>("Words", {.name = "column_axis",
                                   .type = ParameterType::text,
                                   .fallback = "null",
                                   .meaning = "name of the columns; null: keys or dimension; empty: none"}),
    row<&O::value_name>("Words", {.name = "value_name",
                                  .type = ParameterType::text,
                                  .fallback = "null",
                                  .meaning = "at the colour bar; null: the stage"}),

    row<&O::row_labels>("Labels",
                        {.name = "row_labels",
                         .type = ParameterType::integers_or_choice,
                         .max = kLargestIndex,
                         .fallback = R"("all")",
                         .choices = kLabels,
                         .meaning = "which rows are labelled, by their indices; all: fewer where they "
                                    "are close"}),
    row<&O::column_labels>("Labels", {.name = "column_labels",
                                      .type = ParameterType::integers_or_choice,
                                      .max = kLargestIndex,
                                      .fallback = R"("all")",
                                      .choices = kLabels,
                                      .meaning = "the same of columns"}),
    row<&O::label_size>("Labels",
                        {.name = "label_size",
                         .type = ParameterType::number,
                         .min = 1,
                         .max = 200,
                         .fallback = "null",
                         .meaning = "of the labels, in points; other words follow; null: by the cells"}),
    row<&O::label_angle>("Labels",
                         {.name = "label_angle",
                          .type = ParameterType::number,
                          .min = 0,
                          .max = 90,
                          .fallback = "null",
                          .meaning = "of the columns' labels, in degrees; null: level where they fit, "
                                     "else 60"}),
    row<&O::highlight_rows>("Labels", {.name = "highlight_rows",
                                       .type = ParameterType::integers,
                                       .max = kLargestIndex,
                                       .fallback = "[]",
                                       .meaning = "outlined, their labels strong"}),
    row<&O::highlight_columns>("Labels", {.name = "highlight_columns",
                                          .type = ParameterType::integers,
                                          .max = kLargestIndex,
                                          .fallback = "[]",
                                          .meaning = "the same of columns"}),

    row<&O::color_bar>("Colour bar", {.name = "color_bar",
                                      .type = ParameterType::choice,
                                      .fallback = R"("auto")",
                                      .choices = kBarPlaces,
                                      .meaning = "where it stands"}),
    row<&O::ticks>("Colour bar", {.name = "ticks",
                                  .type = ParameterType::integer,
                                  .min = 1,
                                  .max = 20,
                                  .fallback = "null",
                                  .meaning = "about so many numbers at it; null: as many as it has room for, "
                                             "up to 5"}),

    row<&O::width>("Size", {.name = "width",
                            .type = ParameterType::length,
                            .min = 0,
                            .max = kLargestSide,
                            .fallback = "null",
                            .meaning = "of the whole figure: the map fills it"}),
    row<&O::height>("Size", {.name = "height",
                             .type = ParameterType::length,
                             .min = 0,
                             .max = kLargestSide,
                             .fallback = "null",
                             .meaning = "the same"}),
    row<&O::margin>("Size", {.name = "margin",
                             .type = ParameterType::length,
                             .min = 0,
                             .max = kLargestSide,
                             .fallback = "null",
                             .meaning = "left free at every side; null: a quarter of an inch"}),
    row<&O::dpi>("Size", {.name = "dpi",
                          .type = ParameterType::number,
                          .min = 10,
                          .max = 2400,
                          .fallback = "96",
                          .meaning = "pixels an inch: what points and centimetres are made of"}),

    row<&O::sweep>("Sweep", {.name = "sweep",
                             .type = ParameterType::object,
                             .fallback = "null",
                             .meaning = "of an animation: one frame for each temperature, layer or head",
                             .parts = sweep_parts}),
};

std::vector<Parameter> parameters() {
  std::vector<Parameter> rows;
  for (const FigureOption& option : kOptions) rows.push_back(option.parameter);
  return rows;
}

FigureOptions with_all(FigureOptions options, const Json& object) {
  for (const FigureOption& option : kOptions) {
    const auto value = object.find(std::string(option.parameter.name));
    if (value != object.end()) options = option.with(option.parameter, std::move(options), *value);
  }
  return options;
}

FigureOptions preset_options(const std::string& name) {
  const auto preset = std::ranges::find(kPresets, name, &FigurePreset::name);
  FigureOptions options = with_all({}, Json::parse(preset->options));
  options.preset = name;
  return options;
}

// What holds between options, or within one.
Result<void> check(const FigureOptions& options, const std::string& place) {
  if (options.kind == FigureKind::compare && !options.other) {
    return setting_error(place + "/other", R"({"layer", "head", "set"}: the map to compare with)", "null",
                         R"(For example {"set": ["temperature=2"]}.)");
  }
  if (options.kind == FigureKind::stages && options.stages.empty())
    return setting_error(place + "/stages", "a stage", "none");
  if (options.bare && options.kind != FigureKind::map)
    return setting_error(place + "/bare", "false, but for kind map", "true");
  if (options.bare && (options.width || options.height)) {
    return setting_error(
        place + "/bare", "false where a figure has a width or height", "true",
        "The option cell says how large a bare map is; leave width, height and presets out.");
  }
  for (const std::string& text : options.other.value_or(Comparison{}).sets) {
    if (auto change = parse_setting_change(text); !change) {
      return setting_error(place + "/other/set", change.error().expected, change.error().found,
                           change.error().hint);
    }
  }
  if (!options.sweep) return {};
  const Sweep& sweep = *options.sweep;
  if (sweep.values.empty() || sweep.values.size() > kMostFrames)
    return setting_error(place + "/sweep", fmt::format("1 to {} frames", kMostFrames),
                         std::to_string(sweep.values.size()));
  for (const double value : sweep.values) {
    const bool good = sweep.over == SweepOver::temperature ? value > 0 : value == std::floor(value);
    if (good) continue;
    return setting_error(place + "/sweep",
                         sweep.over == SweepOver::temperature ? "temperatures above 0" : "whole numbers",
                         fmt::format("{}", value));
  }
  return {};
}

}  // namespace

std::span<const FigureOption> figure_options() {
  return kOptions;
}

std::span<const FigurePreset> figure_presets() {
  return kPresets;
}

Result<FigureOptions> figure_options_from_json(const Json& object, const std::string& place) {
  auto read = read_object(parameters(), object, "an option of figures", place);
  if (!read) return tl::unexpected(read.error());
  FigureOptions options = with_all(preset_options(read->value("preset", "none")), *read);
  if (auto good = check(options, place); !good) return tl::unexpected(good.error());
  return options;
}

Json to_json(const FigureOptions& options) {
  const FigureOptions base = preset_options(options.preset);
  Json object = Json::object();
  if (options.preset != "none") object["preset"] = options.preset;
  for (const FigureOption& option : kOptions) {
    const Json value = option.get(option.parameter, options);
    if (value != option.get(option.parameter, base)) object[std::string(option.parameter.name)] = value;
  }
  return object;
}

}  // namespace attn
