#include "app/gl/tile_store.hpp"

#include <algorithm>

#include <glad/gl.h>

namespace attn::gl {
namespace {

constexpr std::array<Index, 4> kEdges = {32, 64, 128, kTileSize};
constexpr int kLayers = 32;  // OpenGL 3.3 promises 256
constexpr std::size_t kBytesOfCell = sizeof(float) + sizeof(CellClass);

Index edge_for(const Tile& tile) {
  const Index longest = std::max(tile.rows, tile.columns);
  return *std::find_if(kEdges.begin(), kEdges.end() - 1, [&](Index edge) { return edge >= longest; });
}

std::size_t bytes_of_page(Index edge) {
  return static_cast<std::size_t>(edge * edge) * kLayers * kBytesOfCell;
}

Texture make_array(GLenum internal_format, GLenum format, GLenum type, Index edge) {
  auto texture = Texture::create();
  const auto side = static_cast<GLsizei>(edge);
  glBindTexture(GL_TEXTURE_2D_ARRAY, texture.id());
  glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, static_cast<GLint>(internal_format), side, side, kLayers, 0, format,
               type, nullptr);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, 0);
  return texture;
}

template <class Cell>
void upload_layer(const Texture& array, const Tile& tile, int layer, GLenum format, GLenum type,
                  const attn::Buffer<Cell>& cells) {
  glBindTexture(GL_TEXTURE_2D_ARRAY, array.id());
  glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, layer, static_cast<GLsizei>(tile.columns),
                  static_cast<GLsizei>(tile.rows), 1, format, type, cells.data());
}

bool same_owner(const std::weak_ptr<const Tile>& a, const std::shared_ptr<const Tile>& b) {
  return !a.owner_before(b) && !b.owner_before(a);
}

}  // namespace

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
  pages_.push_back({edge, make_array(GL_R32F, GL_RED, GL_FLOAT, edge),
                    make_array(GL_R8UI, GL_RED_INTEGER, GL_UNSIGNED_BYTE, edge),
                    std::vector<Layer>(kLayers)});
  memory_ += bytes_of_page(edge);
  return true;
}

void TileStore::upload(const Tile& tile, const TileSlot& slot) {
  const Page& page = pages_[slot.page];
  glActiveTexture(GL_TEXTURE0);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  upload_layer(page.values, tile, slot.layer, GL_RED, GL_FLOAT, tile.values);
  upload_layer(page.classes, tile, slot.layer, GL_RED_INTEGER, GL_UNSIGNED_BYTE, tile.classes);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  ++uploads_;
}

void TileStore::bind(std::size_t page) const {
  glActiveTexture(GL_TEXTURE1);
  glBindTexture(GL_TEXTURE_2D_ARRAY, pages_[page].classes.id());
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D_ARRAY, pages_[page].values.id());
}

}  // namespace attn::gl
