#include "core/document/layer_score.hpp"

#include "core/document/tensor_field.hpp"

namespace attn {

Result<std::optional<LayerScore>> read_layer_score(const Fields& layer, std::vector<Note>& notes) {
  JsonNode* node = layer.find("score");
  if (!node) return std::nullopt;
  auto fields = as_fields(*node, layer.place_of("score"), "a score: an object with its kind", layer.files());
  if (!fields) return tl::unexpected(std::move(fields.error()));
  auto kind = fields->text("kind");
  if (!kind) return tl::unexpected(std::move(kind.error()));
  if (!*kind)
    return refuse(ErrorCode::type, fields->place_of("kind"), "the kind of score, such as \"additive\"",
                  "nothing");
  LayerScore score;
  score.kind = std::move(**kind);
  for (JsonMember& member : *node->as<JsonNode::Object>()) {
    if (member.key == "kind") continue;
    if (member.value.array() != nullptr || member.value.as<JsonNode::Object>() != nullptr) {
      auto tensor = take_tensor(member.value, fields->place_of(member.key), layer.files(), {}, notes);
      if (!tensor) return tl::unexpected(std::move(tensor.error()));
      score.tensors.emplace(member.key, std::move(*tensor));
    } else {
      score.parameters[member.key] = to_json(member.value);
    }
  }
  return score;
}

}  // namespace attn
