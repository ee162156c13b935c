#include "app/gl/tile_store.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <glad/gl.h>

namespace attn::gl {
namespace {

constexpr std::array<Index, 4> kEdges = {32, 64, 128, kTileSize};
constexpr int kLayers = 32;  // OpenGL 3.3 promises 256
constexpr std::size_t kBytesOfCell = sizeof(std::uint32_t);
constexpr std::uint32_t kNoValue = 0x7fc00000;  // a quiet NaN

Index edge_for(const Tile& tile) {
  const Index longest = std::max(tile.rows, tile.columns);
  return *std::find_if(kEdges.begin(), kEdges.end() - 1, [&](Index edge) { return edge >= longest; });
}

std::size_t bytes_of_page(Index edge) {
  return static_cast<std::size_t>(edge * edge) * kLayers * kBytesOfCell;
}

Texture make_array(Index edge) {
  auto texture = Texture::create();
  const auto side = static_cast<GLsizei>(edge);
  glBindTexture(GL_TEXTURE_2D_ARRAY, texture.id());
  glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R32UI, side, side, kLayers, 0, GL_RED_INTEGER, GL_UNSIGNED_INT,
               nullptr);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, 0);
  return texture;
}

bool same_owner(const std::weak_ptr<const Tile>& a, const std::shared_ptr<const Tile>& b) {
  return !a.owner_before(b) && !b.owner_before(a);
}

}  // namespace

std::uint32_t texel_of(float value, CellClass cell_class) {
  if (cell_class != CellClass::value) return kNoValue | static_cast<std::uint32_t>(cell_class);
  return std::isnan(value) ? kNoValue | static_cast<std::uint32_t>(CellClass::not_a_number)
                           : std::bit_cast<std::uint32_t>(value);
}

std::size_t bytes_of(const Tile& tile) {
  return tile.values.size() * kBytesOfCell;
}

const TileSlot* TileStore::acquire(const std::shared_ptr<const Tile>& tile) {
  if (TileSlot* slot = resident(tile)) return slot;
  TileSlot slot;
  if (!claim(edge_for(*tile), slot)) return nullptr;
  Layer& layer = pages_[slot.page].layers[static_cast<std::size_t>(slot.layer)];
  places_.erase(layer.key);
  layer = {tile, tile.get(), use_};
  upload(*tile, slot);
  return &(places_[tile.get()] = slot);
}

TileSlot* TileStore::resident(const std::shared_ptr<const Tile>& tile) {
  const auto found = places_.find(tile.get());
  if (found == places_.end()) return nullptr;
  Layer& layer = pages_[found->second.page].layers[static_cast<std::size_t>(found->second.layer)];
  if (same_owner(layer.tile, tile)) {
    layer.used = use_;
    return &found->second;
  }
  // A new tile at the address of one that is gone.
  layer = {};
  places_.erase(found);
  return nullptr;
}

// A free layer, else a new page, else the layer that has waited longest.
bool TileStore::claim(Index edge, TileSlot& slot) {
  const Layer* oldest = nullptr;
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    if (pages_[page].edge != edge) continue;
    for (std::size_t i = 0; i < pages_[page].layers.size(); ++i) {
      const Layer& layer = pages_[page].layers[i];
      if (layer.used == use_ || (oldest != nullptr && !layer.tile.expired() && layer.used >= oldest->used))
        continue;
      oldest = &layer;
      slot = {page, static_cast<int>(i)};
      if (layer.tile.expired()) return true;
    }
  }
  if (add_page(edge)) {
    slot = {pages_.size() - 1, 0};
    return true;
  }
  return oldest != nullptr;
}

// The first page of a size comes whatever the budget, so that there is always a place to draw from.
bool TileStore::add_page(Index edge) {
  const bool first =
      std::none_of(pages_.begin(), pages_.end(), [&](const Page& page) { return page.edge == edge; });
  if (!first && memory_ + bytes_of_page(edge) > budget_) return false;
  pages_.push_back({edge, make_array(edge), std::vector<Layer>(kLayers)});
  memory_ += bytes_of_page(edge);
  return true;
}

void TileStore::upload(const Tile& tile, const TileSlot& slot) {
  texels_.resize(tile.values.size());
  for (std::size_t i = 0; i < texels_.size(); ++i) texels_[i] = texel_of(tile.values[i], tile.classes[i]);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D_ARRAY, pages_[slot.page].cells.id());
  glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, slot.layer, static_cast<GLsizei>(tile.columns),
                  static_cast<GLsizei>(tile.rows), 1, GL_RED_INTEGER, GL_UNSIGNED_INT, texels_.data());
  ++uploads_;
  uploaded_bytes_ += bytes_of(tile);
}

void TileStore::bind(std::size_t page) const {
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D_ARRAY, pages_[page].cells.id());
}

}  // namespace attn::gl
