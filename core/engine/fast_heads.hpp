#pragma once

#include <functional>
#include <optional>
#include <span>

#include "core/attention/projection.hpp"
#include "core/base/progress.hpp"
#include "core/engine/fast_path.hpp"
#include "core/engine/head_choice.hpp"

namespace attn {

/// The heads that a choice is made of: all for a join, for no choice, and for the output.
[[nodiscard]] std::vector<Index> heads_of(const FastPath& fast, Stage stage,
                                          const std::optional<HeadChoice>& choice);

/// Every row of a stage, of some heads; `write` is called on many threads, once a row of a head. False where
/// it was cancelled. `serves` said yes, and the stage is none of `fast_band`.
bool fast_rows(FastPath& fast, Stage stage, std::span<const Index> heads, std::size_t threads,
               Progress* progress, const std::function<void(Index head, const FastRow& row)>& write);
/// The same of all heads, joined cell by cell.
bool fast_joined_rows(FastPath& fast, Stage stage, HeadChoice::Join join, std::size_t threads,
                      Progress* progress, const FastPath::Write& write);

/// Before `fast_band`: packs and makes room for the heads of the choice.
void fast_open(FastPath& fast, Stage stage, const std::optional<HeadChoice>& choice, std::size_t threads);
/// Rows of the stages context and output, as `choice_band` gives them; on any thread.
[[nodiscard]] Band fast_band(FastPath& fast, Stage stage, const HeadChoice& choice, RowRange rows,
                             const Project& projection);

/// The fast path makes this stage of the choice's heads: their values are finite where they are added up, and
/// those that are joined have 0 in skipped cells, or skip none.
[[nodiscard]] bool serves(const FastPath& fast, Stage stage, const std::optional<HeadChoice>& choice);

}  // namespace attn
