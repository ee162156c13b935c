#include "core/engine/stage_array.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/base/parallel.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

constexpr std::size_t kMaxCells = std::size_t{1} << 30;

constexpr std::array<std::pair<HeadChoice::Join, std::string_view>, 3> kJoins{{
    {HeadChoice::Join::mean, "mean"},
    {HeadChoice::Join::max, "max"},
    {HeadChoice::Join::min, "min"},
}};

// NaN in either number wins, so that a head's NaN stays visible in the joined map.
double larger(double a, double b) {
  return std::isnan(a) || a > b ? a : b;
}
double smaller(double a, double b) {
  return std::isnan(a) || a < b ? a : b;
}

void join_into(Band& joined, const Band& next, HeadChoice::Join join) {
  switch (join) {
    case HeadChoice::Join::max:
      joined.values = joined.values.binaryExpr(next.values, &larger).eval();
      break;
    case HeadChoice::Join::min:
      joined.values = joined.values.binaryExpr(next.values, &smaller).eval();
      break;
    default:
      joined.values += next.values;
      break;
  }
  if (joined.allowed.size() > 0) joined.allowed = joined.allowed || next.allowed;
  for (std::size_t row = 0; row < joined.flags.size(); ++row) {
    joined.flags[row] = std::max(joined.flags[row], next.flags[row]);
  }
}

}  // namespace

std::string to_text(const HeadChoice& choice) {
  for (const auto& [join, name] : kJoins) {
    if (choice.join == join) return std::string(name);
  }
  return std::to_string(choice.head);
}

std::optional<HeadChoice> head_choice_from(std::string_view text) {
  for (const auto& [join, name] : kJoins) {
    if (text == name) return HeadChoice{join};
  }
  Index head = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), head);
  if (problem != std::errc() || end != text.data() + text.size() || head < 0) return std::nullopt;
  return HeadChoice{HeadChoice::Join::none, head};
}

Band choice_band(const Equation& equation, Stage stage, const HeadChoice& choice, RowRange rows) {
  if (choice.join == HeadChoice::Join::none)
    return equation.band(stage, equation.head_of_stage(stage, choice.head), rows);
  const Index heads = equation.shape(stage)->heads;
  Band joined = equation.band(stage, 0, rows);
  for (Index head = 1; head < heads; ++head) join_into(joined, equation.band(stage, head, rows), choice.join);
  if (choice.join == HeadChoice::Join::mean) joined.values /= static_cast<double>(heads);
  return joined;
}

MaskMatrix shown_allowed(const Equation& equation, Stage stage, const HeadChoice& choice, RowRange rows,
                         const Band& band) {
  const bool saved = equation.inputs().origin == Origin::weights && stage >= Stage::weights;
  if (!saved || band.allowed.size() == 0) return band.allowed;
  return choice_band(equation, Stage::mask, choice, rows).values.array() != 0;
}

Result<StageArray> stage_array(const Equation& equation, Stage stage, const std::optional<HeadChoice>& choice,
                               std::size_t threads) {
  const auto shape = equation.shape(stage);
  if (!shape) return tl::unexpected(shape.error());
  if (choice && choice->join == HeadChoice::Join::none && choice->head >= equation.inputs().heads) {
    return setting_error("--head", fmt::format("a head below {}", equation.inputs().heads),
                         std::to_string(choice->head));
  }
  const Index heads = choice ? 1 : shape->heads;
  const std::size_t rows = static_cast<std::size_t>(shape->rows);
  const std::size_t columns = static_cast<std::size_t>(shape->columns);
  if (rows * columns > kMaxCells / static_cast<std::size_t>(heads)) {
    return tl::unexpected(Error{ErrorCode::limit,
                                {},
                                "--stage",
                                fmt::format("at most {} numbers", grouped(kMaxCells)),
                                fmt::format("{} × {} × {}", heads, rows, columns),
                                "Ask for one head."});
  }
  StageArray array;
  if (!choice && stage != Stage::output) array.shape.push_back(static_cast<std::size_t>(heads));
  array.shape.insert(array.shape.end(), {rows, columns});
  array.values.resize(static_cast<std::size_t>(heads) * rows * columns);

  const Index bands = (shape->rows + kBandRows - 1) / kBandRows;
  parallel_for(static_cast<std::size_t>(heads * bands), threads, [&](std::size_t item) {
    const Index head = static_cast<Index>(item) / bands;
    const Index begin = static_cast<Index>(item) % bands * kBandRows;
    const RowRange range{begin, std::min(begin + kBandRows, shape->rows)};
    // Without a choice these are the stage's own heads: key heads for k and v.
    const Band band =
        choice ? choice_band(equation, stage, *choice, range) : equation.band(stage, head, range);
    const auto offset = (head * shape->rows + begin) * shape->columns;
    std::copy_n(band.values.data(), band.values.size(), array.values.data() + offset);
  });
  return array;
}

}  // namespace attn
