#include "core/document/document.hpp"

#include <array>

namespace attn {

std::string origin_name(const Layer& layer) {
  const auto* qkv = std::get_if<GivenQkv>(&layer.origin);
  if (qkv != nullptr && !qkv->v) return "q, k";
  // In the order of the variant.
  constexpr std::array<const char*, 5> kNames = {"embeddings", "projections", "q, k, v", "scores", "weights"};
  static_assert(kNames.size() == std::variant_size_v<decltype(Layer::origin)>);
  return kNames.at(layer.origin.index());
}

}  // namespace attn
