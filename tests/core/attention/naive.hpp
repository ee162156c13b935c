#pragma once

#include <map>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/attention/stage.hpp"
#include "core/document/document.hpp"

namespace attn::test {

/// One number an (h, i, j): heads × rows × columns.
using Cube = std::vector<std::vector<std::vector<double>>>;

/// FORMAT.md §1 in the plainest loops there are, written from the page and not from the code: every stage
/// that the document has, of every head (`output` as one head; `mask` as 0 and 1).
[[nodiscard]] std::map<Stage, Cube> naive_stages(const Document& document, const Settings& settings);

/// The element of a tensor that broadcasts to H × n_q × n_k, aligned right.
[[nodiscard]] double broadcast(const Tensor& tensor, std::size_t h, std::size_t i, std::size_t j);

/// m(h, i, j) of one mask by the formula of FORMAT.md §3.3, before `negate`. Throws for a kind that it does
/// not know.
[[nodiscard]] bool naive_mask(const Document& document, const Layer& layer, const Term& term, std::size_t h,
                              long i, long j);

}  // namespace attn::test
