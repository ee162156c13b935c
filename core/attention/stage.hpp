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
  bool is_signed;             ///< drawn symmetric about 0 with a diverging colormap
  std::string_view meaning;   ///< one line for people
  std::string_view shape;     ///< of one layer, in the letters of FORMAT.md
  std::string_view equation;  ///< the definition, as FORMAT.md writes it
};

inline constexpr std::array<StageInfo, 14> kStages{{
    {Stage::q, "q", Columns::d_k, true, "queries, one row a token", "H × n_q × d_k",
     "embeddings × embedding_scale (+ sinusoidal positions), projected and cut into heads, or as the "
     "document gives them; then turned by rope"},
    {Stage::k, "k", Columns::d_k, true, "keys, one row a token", "H_kv × n_k × d_k",
     "the same, of the key sequence"},
    {Stage::v, "v", Columns::d_v, true, "values, one row a token", "H_kv × n_k × d_v",
     "the same, of the value sequence, never turned"},
    {Stage::scores, "scores", Columns::keys, true, "how well q and k fit, before scaling", "H × n_q × n_k",
     "score(q_i, k_j); query head h meets key head ⌊h / (H / H_kv)⌋"},
    {Stage::scaled, "scaled", Columns::keys, true, "scale · scores", "H × n_q × n_k", "scale · scores"},
    {Stage::capped, "capped", Columns::keys, true, "scaled, after the soft cap", "H × n_q × n_k",
     "c · tanh(scaled / c), c = softcap; equal to scaled where that is 0"},
    {Stage::biased, "biased", Columns::keys, true, "capped + bias", "H × n_q × n_k",
     "capped + the sum of the biases"},
    {Stage::mask, "mask", Columns::keys, false, "1 where the query may attend to the key", "H × n_q × n_k",
     "1 where query i may attend to key j: the masks, and null or −∞ of given scores"},
    {Stage::logits, "logits", Columns::keys, true, "biased / temperature, masked cells out", "H × n_q × n_k",
     "biased / temperature, −∞ where masked"},
    {Stage::weights, "weights", Columns::keys, false, "the normalised rows: what attention means",
     "H × n_q × n_k", "normalizer(logits), row by row; masked cells are exactly 0"},
    {Stage::dropped, "dropped", Columns::keys, false, "weights after dropout, mute, solo and gain",
     "H × n_q × n_k", "weights after dropout, times the head's gate (mute, solo) and gain"},
    {Stage::contributions, "contributions", Columns::keys, false,
     "‖dropped · v‖: how much of each value arrives", "H × n_q × n_k", "‖dropped_ij · v_j‖"},
    {Stage::context, "context", Columns::d_v, true, "dropped · v, one row a query", "H × n_q × d_v",
     "dropped · v; a masked key takes no part, whatever its value"},
    {Stage::output, "output", Columns::d_model, true, "heads side by side, times W_o", "n_q × d_model",
     "heads side by side, times W_o (+ b_o) where given"},
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
