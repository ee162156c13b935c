#include "core/document/layer_checks.hpp"

#include <initializer_list>
#include <string_view>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/fields.hpp"

namespace attn {
namespace {

constexpr std::size_t kAny = 0;  // an axis of any length

class Checker {
 public:
  Checker(const Layer& layer, std::span<const Sequence> sequences, const LayerPlace& place)
      : layer_(layer),
        place_(place),
        query_(sequences[layer.query]),
        key_(sequences[layer.key]),
        value_(sequences[layer.value]) {}

  Result<void> run() const {
    Result<void> checked = std::visit([&](const auto& origin) { return check(origin); }, layer_.origin);
    if (checked && layer_.bias) checked = check_broadcast(*layer_.bias, "bias");
    if (checked && layer_.mask) checked = check_broadcast(*layer_.mask, "mask");
    return checked;
  }

 private:
  [[nodiscard]] std::string at(std::string_view key) const {
    return fmt::format("{}/{}", place_.pointer, key);
  }
  [[nodiscard]] std::size_t n_q() const { return query_.tokens.size(); }
  [[nodiscard]] std::size_t n_k() const { return key_.tokens.size(); }

  // `tensor` has `wanted` axes; `meaning` says what each of them is.
  Result<void> check_shape(const Tensor& tensor, std::string_view key,
                           std::initializer_list<std::size_t> wanted, std::string_view meaning) const {
    std::size_t axis = 0;
    bool fits = tensor.rank() == wanted.size();
    std::string text;
    for (const std::size_t length : wanted) {
      if (fits && length != kAny) fits = tensor.shape()[axis] == length;
      text += (axis++ == 0 ? "" : " × ") + (length == kAny ? std::string("any") : std::to_string(length));
    }
    if (fits) return {};
    return refuse(ErrorCode::shape, at(key), fmt::format("{} ({})", text, meaning),
                  shape_text(tensor.shape()));
  }

  // A score of its own may join q and k of different widths; which do is not known here.
  [[nodiscard]] bool may_join_widths() const { return layer_.score || layer_.settings.contains("score"); }

  Result<void> check_same_tokens() const {
    if (value_.tokens.size() == n_k()) return {};
    return refuse(ErrorCode::shape, at("value"), fmt::format("{} tokens, as many as the keys", n_k()),
                  fmt::format("{}", value_.tokens.size()));
  }

  Result<void> check_divides(std::size_t heads, std::size_t width, std::string_view key) const {
    if (width % heads == 0) return {};
    return refuse(ErrorCode::value, at(key), fmt::format("a divisor of the width {}", width),
                  fmt::format("{}", heads));
  }

  // W_o and b_o behind contexts of `width` side by side.
  Result<void> check_output(const std::optional<Tensor>& W_o, const std::optional<Tensor>& b_o,
                            std::size_t width) const {
    if (b_o && !W_o) return refuse(ErrorCode::type, at("b_o"), "b_o beside W_o", "b_o alone");
    if (W_o) {
      if (auto fits = check_shape(*W_o, "W_o", {width, kAny}, "heads · d_v × d_model, after weight_layout");
          !fits)
        return fits;
    }
    return b_o ? check_shape(*b_o, "b_o", {W_o->from_last(0)}, "the width of W_o") : Result<void>();
  }

  Result<void> check(const EmbeddingsAsQkv&) const {
    const std::size_t width = query_.embeddings->from_last(0);
    for (const Sequence* sequence : {&key_, &value_}) {
      if (sequence->embeddings->from_last(0) == width || may_join_widths()) continue;
      return refuse(ErrorCode::shape, at(sequence == &key_ ? "key" : "value"),
                    fmt::format("embeddings {} wide, as the queries' are", width),
                    fmt::format("{}", sequence->embeddings->from_last(0)));
    }
    if (layer_.kv_heads != layer_.heads) {
      return refuse(ErrorCode::value, at("kv_heads"),
                    fmt::format("{}, as embeddings are cut alike for q and k", layer_.heads),
                    fmt::format("{}", layer_.kv_heads));
    }
    for (const Sequence* sequence : {&query_, &key_, &value_}) {
      auto fits = check_divides(layer_.heads, sequence->embeddings->from_last(0), "heads");
      if (!fits) return fits;
    }
    return check_same_tokens();
  }

  Result<void> check(const Projections& given) const {
    struct Row {
      std::string_view W, b;
      const Tensor& weight;
      const std::optional<Tensor>& bias;
      const Sequence& sequence;
      std::size_t heads;
      std::string_view heads_key;
    };
    const Row rows[] = {
        {"W_q", "b_q", given.W_q, given.b_q, query_, layer_.heads, "heads"},
        {"W_k", "b_k", given.W_k, given.b_k, key_, layer_.kv_heads, "kv_heads"},
        {"W_v", "b_v", given.W_v, given.b_v, value_, layer_.kv_heads, "kv_heads"},
    };
    for (const Row& row : rows) {
      const std::size_t d_model = row.sequence.embeddings->from_last(0);
      if (auto fits = check_shape(row.weight, row.W, {d_model, kAny}, "d_model × width, after weight_layout");
          !fits)
        return fits;
      const std::size_t width = row.weight.from_last(0);
      if (row.bias) {
        if (auto fits = check_shape(*row.bias, row.b, {width}, fmt::format("the width of {}", row.W)); !fits)
          return fits;
      }
      if (auto fits = check_divides(row.heads, width, row.heads_key); !fits) return fits;
    }
    const std::size_t d_k = given.W_q.from_last(0) / layer_.heads;
    if (given.W_k.from_last(0) != layer_.kv_heads * d_k && !may_join_widths()) {
      return check_shape(given.W_k, "W_k", {given.W_k.shape()[0], layer_.kv_heads * d_k},
                         "d_model × kv_heads · d_k");
    }
    if (auto same = check_same_tokens(); !same) return same;
    return check_output(given.W_o, given.b_o, given.W_v.from_last(0) / layer_.kv_heads * layer_.heads);
  }

  Result<void> check(const GivenQkv& given) const {
    if (auto fits = check_shape(given.q, "q", {layer_.heads, n_q(), kAny}, "heads × tokens × d_k"); !fits)
      return fits;
    const std::size_t d_k = may_join_widths() ? kAny : given.q.from_last(0);
    auto fits = check_shape(given.k, "k", {layer_.kv_heads, n_k(), d_k}, "key heads × tokens × d_k");
    if (!fits) return fits;
    if (!given.v) {
      if (!given.W_o && !given.b_o) return {};
      return refuse(ErrorCode::type, at("W_o"), "v beside an output projection", "no v");
    }
    fits = check_shape(*given.v, "v", {layer_.kv_heads, n_k(), kAny}, "key heads × tokens × d_v");
    if (!fits) return fits;
    return check_output(given.W_o, given.b_o, layer_.heads * given.v->from_last(0));
  }

  // One matrix of queries × keys a head; the heads were counted from the tensor itself.
  Result<void> check_maps(const Tensor& maps, std::string_view key) const {
    if (maps.from_last(1) == n_q() && maps.from_last(0) == n_k()) return {};
    const auto tokens = [](std::size_t n, std::string_view kind) {
      return fmt::format("{} {}token{}, ", n, kind, n == 1 ? "" : "s");
    };
    const std::string has =
        &query_ == &key_ ? tokens(n_q(), "") : tokens(n_q(), "query ") + tokens(n_k(), "key ");
    return refuse(ErrorCode::shape, at(key),
                  fmt::format("a matrix {} × {} for each head (queries × keys)", n_q(), n_k()),
                  fmt::format("{}a matrix {} × {}", has, maps.from_last(1), maps.from_last(0)));
  }

  Result<void> check(const GivenScores& given) const { return check_maps(given.scores, "scores"); }
  Result<void> check(const GivenWeights& given) const {
    return check_maps(given.weights, place_.weights_key);
  }

  // Aligned right: the last axis is keys, the one before it queries, the one before that heads.
  Result<void> check_broadcast(const Tensor& tensor, std::string_view key) const {
    const std::size_t full[] = {n_k(), n_q(), layer_.heads};
    for (std::size_t axis = 0; axis < tensor.rank(); ++axis) {
      if (tensor.from_last(axis) == 1 || tensor.from_last(axis) == full[axis]) continue;
      return refuse(ErrorCode::shape, at(key),
                    fmt::format("a shape that broadcasts to {} × {} × {} (heads × queries × keys)", full[2],
                                full[1], full[0]),
                    shape_text(tensor.shape()));
    }
    return {};
  }

  const Layer& layer_;
  const LayerPlace& place_;
  const Sequence& query_;
  const Sequence& key_;
  const Sequence& value_;
};

}  // namespace

Result<void> check_layer(const Layer& layer, std::span<const Sequence> sequences, const LayerPlace& place) {
  return Checker(layer, sequences, place).run();
}

}  // namespace attn
