#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "app/gl/handles.hpp"
#include "core/engine/stage_map.hpp"

namespace attn::gl {

/// Where a tile's cells are: a layer of a page's texture array.
struct TileSlot {
  std::size_t page = 0;
  int layer = 0;
};

/// What uploading the tile takes.
[[nodiscard]] std::size_t bytes_of(const Tile& tile);

/// A cell as the shader reads it, in one go: the bits of its value, or, where it has none, a NaN with the
/// cell's class in its last bits.
inline constexpr std::uint32_t kClassBits = 3;
[[nodiscard]] std::uint32_t texel_of(float value, CellClass cell_class);

/// Tiles in texture memory: pages of R32UI texture arrays of texel_of(), least recently used first out. Pages
/// come in four layer sizes, so that a thousand small heads do not cost a thousand large layers.
class TileStore {
 public:
  explicit TileStore(std::size_t budget) : budget_(budget) {}

  /// The tile's place where it is there; it may then not be replaced until begin_use().
  [[nodiscard]] const TileSlot* find(const std::shared_ptr<const Tile>& tile) { return resident(tile); }
  /// The tile's place, uploaded if it is not there. Nothing if every place that could hold it is in use since
  /// begin_use(): draw what has been asked for, call begin_use(), ask again. The context must be current.
  [[nodiscard]] const TileSlot* acquire(const std::shared_ptr<const Tile>& tile);

  /// From here on tiles that are not asked for again may be replaced.
  void begin_use() { ++use_; }

  [[nodiscard]] std::size_t page_count() const { return pages_.size(); }
  /// Binds the page's array to texture unit 0.
  void bind(std::size_t page) const;

  [[nodiscard]] std::size_t memory() const { return memory_; }
  [[nodiscard]] std::size_t uploads() const { return uploads_; }
  [[nodiscard]] std::size_t uploaded_bytes() const { return uploaded_bytes_; }

 private:
  struct Layer {
    std::weak_ptr<const Tile> tile;
    const Tile* key = nullptr;
    std::uint64_t used = 0;
  };
  struct Page {
    Index edge = 0;
    Texture cells;
    std::vector<Layer> layers;
  };
  [[nodiscard]] TileSlot* resident(const std::shared_ptr<const Tile>& tile);
  [[nodiscard]] bool claim(Index edge, TileSlot& slot);
  [[nodiscard]] bool add_page(Index edge);
  void upload(const Tile& tile, const TileSlot& slot);

  std::size_t budget_;
  std::size_t memory_ = 0;
  std::size_t uploads_ = 0;
  std::size_t uploaded_bytes_ = 0;
  std::uint64_t use_ = 1;
  std::vector<std::uint32_t> texels_;  ///< of the tile that is uploaded
  std::vector<Page> pages_;
  std::unordered_map<const Tile*, TileSlot> places_;
};

}  // namespace attn::gl
