#include "tests/support/documents.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "core/document/document.hpp"

namespace attn::support {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

std::vector<std::string> tokens(std::size_t count, const std::string& stem) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(stem + std::to_string(i));
  return names;
}

// A shape that broadcasts to H × n_q × n_k, aligned right.
std::vector<std::size_t> broadcast_shape(Random& random, const Sizes& sizes) {
  std::vector<std::size_t> shape{sizes.heads, sizes.n_q, sizes.n_k};
  for (std::size_t& length : shape) {
    if (random.chance(0.2)) length = 1;
  }
  const std::size_t rank = random.from_to(1, 3);
  return {shape.end() - static_cast<std::ptrdiff_t>(rank), shape.end()};
}

}  // namespace

Tensor random_tensor(Random& random, std::vector<std::size_t> shape, double spread) {
  std::size_t count = 1;
  for (const std::size_t length : shape) count *= length;
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(spread * random.normal());
  return {std::move(shape), std::move(values)};
}

Document blank_document(const Sizes& sizes, bool cross) {
  Document document;
  document.title = "made by a test";
  document.source = "test";
  document.sequences.push_back({});
  document.sequences[0].name = "queries";
  document.sequences[0].tokens = tokens(sizes.n_q, "q");
  Layer layer;
  layer.heads = sizes.heads;
  layer.kv_heads = sizes.kv_heads;
  if (cross) {
    document.sequences.push_back({});
    document.sequences[1].name = "keys";
    document.sequences[1].tokens = tokens(sizes.n_k, "k");
    layer.key = layer.value = 1;
  }
  document.layers.push_back(std::move(layer));
  return document;
}

Document embeddings_document(Random& random, const Sizes& sizes, bool cross) {
  Document document = blank_document(sizes, cross);
  for (Sequence& sequence : document.sequences) {
    sequence.embeddings = random_tensor(random, {sequence.tokens.size(), sizes.heads * sizes.d_k});
  }
  document.layers[0].kv_heads = sizes.heads;
  return document;
}

Document projections_document(Random& random, const Sizes& sizes, bool cross) {
  constexpr std::size_t kWidth = 5;
  Document document = blank_document(sizes, cross);
  for (Sequence& sequence : document.sequences) {
    sequence.embeddings = random_tensor(random, {sequence.tokens.size(), kWidth});
  }
  Projections p;
  const auto maybe = [&](std::size_t width) {
    return random.chance(0.5) ? std::optional(random_tensor(random, {width})) : std::nullopt;
  };
  const std::size_t q = sizes.heads * sizes.d_k, k = sizes.kv_heads * sizes.d_k,
                    v = sizes.kv_heads * sizes.d_v;
  p.W_q = random_tensor(random, {kWidth, q}, 0.5);
  p.W_k = random_tensor(random, {kWidth, k}, 0.5);
  p.W_v = random_tensor(random, {kWidth, v}, 0.5);
  p.b_q = maybe(q);
  p.b_k = maybe(k);
  p.b_v = maybe(v);
  if (random.chance(0.7)) {
    p.W_o = random_tensor(random, {sizes.heads * sizes.d_v, kWidth}, 0.5);
    p.b_o = maybe(kWidth);
  }
  document.layers[0].origin = std::move(p);
  return document;
}

Document qkv_document(Random& random, const Sizes& sizes, bool with_v) {
  Document document = blank_document(sizes, true);
  GivenQkv qkv;
  qkv.q = random_tensor(random, {sizes.heads, sizes.n_q, sizes.d_k});
  qkv.k = random_tensor(random, {sizes.kv_heads, sizes.n_k, sizes.d_k});
  if (with_v) {
    qkv.v = random_tensor(random, {sizes.kv_heads, sizes.n_k, sizes.d_v});
    if (random.chance(0.5)) qkv.W_o = random_tensor(random, {sizes.heads * sizes.d_v, 3});
    if (random.chance(0.5)) qkv.b_o = random_tensor(random, {qkv.W_o ? 3 : sizes.heads * sizes.d_v});
  }
  document.layers[0].origin = std::move(qkv);
  return document;
}

Document scores_document(Random& random, const Sizes& sizes) {
  Document document = blank_document(sizes, true);
  std::vector<float> scores(sizes.heads * sizes.n_q * sizes.n_k);
  for (float& score : scores)
    score = random.chance(0.2) ? kMinusInfinity : static_cast<float>(3 * random.normal());
  document.layers[0].origin = GivenScores{Tensor({sizes.heads, sizes.n_q, sizes.n_k}, std::move(scores))};
  document.layers[0].kv_heads = sizes.heads;
  return document;
}

Document weights_document(Random& random, const Sizes& sizes, std::size_t batch) {
  Document document = blank_document(sizes, true);
  std::vector<float> weights;
  for (std::size_t row = 0; row < batch * sizes.heads * sizes.n_q; ++row) {
    std::vector<double> cells(sizes.n_k);
    double sum = 0;
    for (double& cell : cells) sum += cell = random.chance(0.2) ? 0 : random.unit() + 1e-3;
    for (const double cell : cells) weights.push_back(static_cast<float>(sum > 0 ? cell / sum : 0));
  }
  document.layers[0].origin =
      GivenWeights{Tensor({batch, sizes.heads, sizes.n_q, sizes.n_k}, std::move(weights))};
  document.layers[0].kv_heads = sizes.heads;
  return document;
}

void add_bias_mask_padding(Random& random, Document& document, const Sizes& sizes) {
  Layer& layer = document.layers[0];
  if (random.chance(0.4)) {
    const Tensor plain = random_tensor(random, broadcast_shape(random, sizes));
    std::vector<float> values(plain.values().begin(), plain.values().end());
    for (float& value : values) value = random.chance(0.1) ? kMinusInfinity : value;
    layer.bias = Tensor(plain.shape(), std::move(values));
  }
  if (random.chance(0.4)) {
    const std::vector<std::size_t> shape = broadcast_shape(random, sizes);
    std::vector<float> values(Tensor(shape, {}).size());
    for (float& value : values) value = random.chance(0.7) ? 1.0f : 0.0f;
    layer.mask = Tensor(shape, std::move(values));
  }
  if (random.chance(0.4)) {
    Sequence& keys = document.sequences[layer.key];
    for (std::size_t j = 0; j < keys.tokens.size(); ++j) keys.attention_mask.push_back(random.chance(0.8));
  }
  if (random.chance(0.5)) {
    for (const std::size_t index : {layer.query, layer.key}) {
      Sequence& sequence = document.sequences[index];
      sequence.segments.clear();
      for (std::size_t t = 0; t < sequence.tokens.size(); ++t)
        sequence.segments.push_back(static_cast<std::int64_t>(random.below(2)));
    }
  }
  for (const std::size_t index : {layer.query, layer.key}) {
    Sequence& sequence = document.sequences[index];
    const std::size_t n = sequence.tokens.size();
    const std::size_t columns = random.from_to(1, 3);
    sequence.image = ImageGrid{n / columns, columns, n % columns};
    sequence.parents.assign(n, -1);
    for (std::size_t t = 1; t < n; ++t)
      sequence.parents[t] = static_cast<std::int64_t>(random.below(t + 1)) - 1;
  }
}

Document random_document(Random& random) {
  Sizes sizes;
  sizes.kv_heads = random.from_to(1, 2);
  sizes.heads = sizes.kv_heads * random.from_to(1, 3);
  sizes.n_q = random.from_to(1, 6);
  sizes.n_k = random.from_to(1, 6);
  sizes.d_k = random.from_to(1, 9);
  sizes.d_v = random.from_to(1, 3);
  const bool cross = random.chance(0.5);
  Document document;
  switch (random.below(6)) {
    case 0:
      document = embeddings_document(random, sizes, cross);
      break;
    case 1:
      document = projections_document(random, sizes, cross);
      break;
    case 2:
      document = qkv_document(random, sizes, true);
      break;
    case 3:
      document = qkv_document(random, sizes, false);
      break;
    case 4:
      document = scores_document(random, sizes);
      break;
    default:
      document = weights_document(random, sizes, random.from_to(1, 2));
      break;
  }
  sizes.n_k = document.key_of(document.layers[0]).tokens.size();
  add_bias_mask_padding(random, document, sizes);
  return document;
}

Document document_of_scores(const std::vector<std::vector<float>>& rows) {
  Document document = blank_document({1, 1, rows.size(), rows[0].size(), 0, 0}, true);
  std::vector<float> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  document.layers[0].origin = GivenScores{Tensor({1, rows.size(), rows[0].size()}, std::move(values))};
  return document;
}

Document document_of_qkv(const Tensor& q, const Tensor& k, const std::optional<Tensor>& v) {
  Document document = blank_document({1, 1, q.shape()[1], k.shape()[1], 0, 0}, true);
  GivenQkv qkv;
  qkv.q = q;
  qkv.k = k;
  qkv.v = v;
  document.layers[0].origin = std::move(qkv);
  return document;
}

Equation equation_of(Document document, const nlohmann::json& settings, std::size_t layer) {
  const auto shared = std::make_shared<const Document>(std::move(document));
  const auto checked = [](auto result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
  };
  SettingsStack stack;
  stack.window = settings;
  Settings resolved = checked(resolve_settings(*shared, layer, stack));
  LayerInputs inputs = checked(layer_inputs(shared, layer, resolved));
  return checked(Equation::make(std::make_shared<const LayerInputs>(std::move(inputs)), std::move(resolved)));
}

Matrix stage_of(const Equation& equation, Stage stage, Index head) {
  const auto shape = equation.shape(stage);
  if (!shape) throw std::runtime_error(describe(shape.error()));
  return equation.band(stage, head, {0, shape->rows}).values;
}

bool same_bits(const Matrix& a, const Matrix& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
  for (Index cell = 0; cell < a.size(); ++cell) {
    const double x = a.data()[cell];
    const double y = b.data()[cell];
    const bool both_nan = x != x && y != y;
    if (!both_nan && std::bit_cast<std::uint64_t>(x) != std::bit_cast<std::uint64_t>(y)) return false;
  }
  return true;
}

}  // namespace attn::support
