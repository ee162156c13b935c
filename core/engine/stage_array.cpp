#include "core/engine/stage_array.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/base/parallel.hpp"
#include "core/base/text.hpp"
#include "core/engine/fast_heads.hpp"
#include "core/engine/products.hpp"

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

namespace {

// Rows of the kernels' stages into an array, head by head.
void fill_fast(FastPath& fast, Stage stage, const std::optional<HeadChoice>& choice, std::size_t threads,
               Index rows, Index columns, double* out) {
  const auto put = [&](Index place, const FastRow& row) {
    double* to = out + (place * rows + row.row) * columns;
    for (std::size_t b = 0; b < row.computed.blocks; ++b) {
      const Index first = static_cast<Index>(b * kernels::kBlock);
      const Index last = std::min(columns, first + static_cast<Index>(kernels::kBlock));
      const bool skipped = row.computed.classes[b] == kernels::BlockClass::skip;
      for (Index j = first; j < last; ++j)
        to[j] = skipped ? 0 : static_cast<double>(row.factor * row.values[j]);
    }
  };
  if (choice && choice->join != HeadChoice::Join::none) {
    fast_joined_rows(fast, stage, choice->join, threads, nullptr, [&](const FastRow& row) { put(0, row); });
    return;
  }
  const std::vector<Index> heads = heads_of(fast, stage, choice);
  fast_rows(fast, stage, heads, threads, nullptr,
            [&](Index head, const FastRow& row) { put(choice ? 0 : head, row); });
}

}  // namespace

Result<StageArray> stage_array(const Equation& equation, Stage stage, const std::optional<HeadChoice>& choice,
                               std::size_t threads, FastPath* fast) {
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

  const bool by_kernels = fast != nullptr && serves(*fast, stage, choice);
  if (by_kernels && stage < Stage::context) {
    fill_fast(*fast, stage, choice, threads, shape->rows, shape->columns, array.values.data());
    return array;
  }
  const Project projection = projection_by_kernels(
      by_kernels && stage == Stage::output ? equation.inputs().output_projection() : nullptr);
  if (by_kernels) fast_open(*fast, stage, choice, threads);
  const Index bands = (shape->rows + kBandRows - 1) / kBandRows;
  parallel_for(static_cast<std::size_t>(heads * bands), threads, [&](std::size_t item) {
    const Index head = static_cast<Index>(item) / bands;
    const Index begin = static_cast<Index>(item) % bands * kBandRows;
    const RowRange range{begin, std::min(begin + kBandRows, shape->rows)};
    // Without a choice these are the stage's own heads: key heads for k and v.
    const HeadChoice own{HeadChoice::Join::none, head};
    const Band band = by_kernels ? fast_band(*fast, stage, choice.value_or(own), range, projection)
                      : choice   ? choice_band(equation, stage, *choice, range)
                                 : equation.band(stage, head, range);
    const auto offset = (head * shape->rows + begin) * shape->columns;
    std::copy_n(band.values.data(), band.values.size(), array.values.data() + offset);
  });
  return array;
}

}  // namespace attn
