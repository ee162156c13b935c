#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/document/tensor.hpp"

namespace attn {

/// Tokens as patches of an image, row by row, after `skip` tokens that are no patch.
struct ImageGrid {
  std::size_t rows = 0, columns = 0, skip = 0;
};

/// Tokens and what is known of each. Per-token lists are empty where the document does not give them.
struct Sequence {
  std::string name;
  std::vector<std::string> tokens;
  std::optional<Tensor> embeddings;          ///< n × d_model
  bool synthetic_embeddings = false;         ///< made here, because the document gives none
  std::vector<std::uint8_t> attention_mask;  ///< n; 1 = a real token, 0 = padding
  std::vector<std::int64_t> segments;        ///< n
  std::vector<std::int64_t> positions;       ///< n
  std::vector<std::int64_t> parents;         ///< n; −1 = root
  std::optional<ImageGrid> image;            ///< skip + rows · columns = n
};

/// q, k, v are projected from embeddings: y = x·W + b, so W is d_model × width whatever the document's
/// `weight_layout` was. Head h takes columns h·d … (h+1)·d − 1.
struct Projections {
  Tensor W_q, W_k, W_v;
  std::optional<Tensor> W_o, b_q, b_k, b_v, b_o;
};

/// q: H × n_q × d_k, k: H_kv × n_k × d_k, v: H_kv × n_k × d_v.
struct GivenQkv {
  Tensor q, k;
  std::optional<Tensor> v;
  std::optional<Tensor> W_o, b_o;
};

/// scores: H × n_q × n_k, −∞ = masked (null in the document).
struct GivenScores {
  Tensor scores;
};

/// weights: B × H × n_q × n_k (B = 1 unless the document has a batch axis).
struct GivenWeights {
  Tensor weights;
};

/// q = k = v = the embeddings, cut into heads.
struct EmbeddingsAsQkv {};

/// How a layer compares q and k: the kind and its parameters as the document writes them, its tensors apart.
struct LayerScore {
  std::string kind;
  nlohmann::json parameters = nlohmann::json::object();
  std::map<std::string, Tensor, std::less<>> tensors;
};

struct Layer {
  std::string name;
  std::size_t query = 0, key = 0, value = 0;  ///< indices into Document::sequences
  std::size_t heads = 1, kv_heads = 1;
  std::variant<EmbeddingsAsQkv, Projections, GivenQkv, GivenScores, GivenWeights> origin;
  std::optional<Tensor> bias;  ///< broadcasts to H × n_q × n_k, aligned right
  std::optional<Tensor> mask;  ///< the same; not 0 = may attend
  std::optional<LayerScore> score;
  nlohmann::json settings = nlohmann::json::object();
};

/// What the import doctor says of a document: something inferred, or something that looks wrong.
struct Note {
  enum class Kind { inferred, warning };
  Kind kind = Kind::inferred;
  std::string place;  ///< JSON pointer, or empty
  std::string text;   ///< one sentence
};

/// Everything a person's file says, checked: shapes agree, every index is in range, every layer has ≥ 1 query
/// and ≥ 1 key. Numbers only; nothing is computed yet. Long tensors may stay in their files: embeddings, a
/// layer's bias and mask, and what it starts from.
struct Document {
  std::string title;
  std::string source;  ///< the path it came from, or a name such as "pasted text"
  /// Equal for equal bytes of the file and equal numbers out of the tensor files that it names; of tensors
  /// that stay in their files it knows what `TensorFiles::note` says.
  std::uint64_t fingerprint = 0;
  std::uint64_t stored_numbers = 0;  ///< of tensors that stay in their files
  std::size_t index = 0;             ///< which one of the file's documents this is
  std::size_t of = 1;                ///< how many the file holds
  std::vector<Sequence> sequences;
  std::vector<Layer> layers;  ///< at least one
  nlohmann::json settings = nlohmann::json::object();
  std::vector<Note> notes;

  [[nodiscard]] const Sequence& query_of(const Layer& layer) const { return sequences[layer.query]; }
  [[nodiscard]] const Sequence& key_of(const Layer& layer) const { return sequences[layer.key]; }
  [[nodiscard]] const Sequence& value_of(const Layer& layer) const { return sequences[layer.value]; }
};

/// `embeddings`, `projections`, `q, k, v`, `q, k`, `scores` or `weights`: where the layer starts, for people.
[[nodiscard]] std::string origin_name(const Layer& layer);

}  // namespace attn
