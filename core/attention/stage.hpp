#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace attn {

/// The named stages of the equation, in its order.
enum class Stage {
  q,
  k,
  v,
  scores,
  scaled,
  capped,
  biased,
  mask,
  logits,
  weights,
  dropped,
  contributions,
  context,
  output
};

/// What the columns of a stage's array are.
enum class Columns { keys, d_k, d_v, d_model };

/// What a row of weights has to say to the person.
enum class RowFlag : std::uint8_t {
  normal,
  empty,         ///< no key is allowed
  not_a_number,  ///< NaN at an allowed cell
  infinite,      ///< +∞ at an allowed cell: shared equally among those
};

struct StageInfo {
  Stage stage;
  std::string_view name;
  Columns columns;
  bool is_signed;            ///< drawn symmetric about 0 with a diverging colormap
  std::string_view meaning;  ///< one line for people
};

inline constexpr std::array<StageInfo, 14> kStages{{
    {Stage::q, "q", Columns::d_k, true, "queries, one row a token"},
    {Stage::k, "k", Columns::d_k, true, "keys, one row a token"},
    {Stage::v, "v", Columns::d_v, true, "values, one row a token"},
    {Stage::scores, "scores", Columns::keys, true, "how well q and k fit, before scaling"},
    {Stage::scaled, "scaled", Columns::keys, true, "scale · scores"},
    {Stage::capped, "capped", Columns::keys, true, "scaled, after the soft cap"},
    {Stage::biased, "biased", Columns::keys, true, "capped + bias"},
    {Stage::mask, "mask", Columns::keys, false, "1 where the query may attend to the key"},
    {Stage::logits, "logits", Columns::keys, true, "biased / temperature, masked cells out"},
    {Stage::weights, "weights", Columns::keys, false, "the normalised rows: what attention means"},
    {Stage::dropped, "dropped", Columns::keys, false, "weights after dropout, mute, solo and gain"},
    {Stage::contributions, "contributions", Columns::keys, false,
     "‖dropped · v‖: how much of each value arrives"},
    {Stage::context, "context", Columns::d_v, true, "dropped · v, one row a query"},
    {Stage::output, "output", Columns::d_model, true, "heads side by side, times W_o"},
}};

[[nodiscard]] constexpr const StageInfo& info(Stage stage) {
  return kStages[static_cast<std::size_t>(stage)];
}

[[nodiscard]] constexpr std::optional<Stage> stage_named(std::string_view name) {
  for (const StageInfo& row : kStages) {
    if (row.name == name) return row.stage;
  }
  return std::nullopt;
}

}  // namespace attn
