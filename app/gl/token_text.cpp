#include <cmath>
#include <numbers>

#include "app/gl/label_atlas.hpp"

namespace attn::gl {

ImVec2 token_size(LabelAtlas& atlas, std::string_view text, const LabelStyle& style) {
  return atlas.find(text, style).text_size;
}

ImVec2 token_text(LabelAtlas& atlas, ImDrawList& list, ImVec2 position, std::string_view text,
                  const LabelStyle& style, ImVec2 anchor) {
  const Label label = atlas.find(text, style);
  if (label.empty()) return label.text_size;
  // From the baseline's start to the anchor, along the text and down from it; then turned.
  const float along = anchor.x * label.text_size.x;
  const float down = anchor.y * label.text_size.y - label.ascent;
  const float turn = style.angle * std::numbers::pi_v<float> / 180.0f;
  const float c = std::cos(turn), s = std::sin(turn);
  const auto snapped = [&](float unit) { return std::round(unit * atlas.scale()) / atlas.scale(); };
  const ImVec2 corner = {snapped(position.x - (along * c + down * s) + label.offset.x),
                         snapped(position.y - (down * c - along * s) + label.offset.y)};
  list.AddImage(label.texture, corner, {corner.x + label.size.x, corner.y + label.size.y}, label.uv0,
                label.uv1, label.color);
  return label.text_size;
}

}  // namespace attn::gl
