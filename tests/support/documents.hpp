#pragma once

#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/attention/equation.hpp"
#include "core/document/document.hpp"
#include "tests/support/random.hpp"

namespace attn::support {

/// Sizes of a layer that a test makes.
struct Sizes {
  std::size_t heads = 1, kv_heads = 1;
  std::size_t n_q = 3, n_k = 3;
  std::size_t d_k = 2, d_v = 2;
};

/// Random numbers in the shape that is asked for.
[[nodiscard]] Tensor random_tensor(Random& random, std::vector<std::size_t> shape, double spread = 1);

/// One layer with the sequences `queries` (n_q tokens) and, where `cross`, `keys` (n_k tokens); its origin is
/// for the caller to set.
[[nodiscard]] Document blank_document(const Sizes& sizes, bool cross);

[[nodiscard]] Document embeddings_document(Random& random, const Sizes& sizes, bool cross);
/// Projections with every optional part: biases, W_o, b_o.
[[nodiscard]] Document projections_document(Random& random, const Sizes& sizes, bool cross);
[[nodiscard]] Document qkv_document(Random& random, const Sizes& sizes, bool with_v = true);
/// Scores where one in five is −∞.
[[nodiscard]] Document scores_document(Random& random, const Sizes& sizes);
/// Rows that sum to 1, with some weights 0.
[[nodiscard]] Document weights_document(Random& random, const Sizes& sizes, std::size_t batch = 1);

/// Adds, each with some probability: a bias (with −∞ in it) and a mask of any shape that broadcasts, padding
/// and segments; and to every sequence a tree and an image.
void add_bias_mask_padding(Random& random, Document& document, const Sizes& sizes);

/// A document of any origin and small size, with any of the optional parts.
[[nodiscard]] Document random_document(Random& random);

/// Scores as given, one head: `rows[i][j]`.
[[nodiscard]] Document document_of_scores(const std::vector<std::vector<float>>& rows);
/// q, k, v of one head.
[[nodiscard]] Document document_of_qkv(const Tensor& q, const Tensor& k, const std::optional<Tensor>& v);

/// The equation of layer `layer` under the document's settings and these. Throws std::runtime_error with the
/// refusal's words.
[[nodiscard]] Equation equation_of(Document document,
                                   const nlohmann::json& settings = nlohmann::json::object(),
                                   std::size_t layer = 0);

/// All rows of a stage.
[[nodiscard]] Matrix stage_of(const Equation& equation, Stage stage, Index head = 0);

/// Equal in every bit: NaN equals NaN, +0 differs from −0.
[[nodiscard]] bool same_bits(const Matrix& a, const Matrix& b);

}  // namespace attn::support
