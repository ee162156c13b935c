#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <imgui.h>

#include "app/gl/frame.hpp"
#include "app/gl/handles.hpp"
#include "app/gl/heatmap_geometry.hpp"
#include "app/gl/tile_store.hpp"
#include "core/base/error.hpp"
#include "core/engine/stage_map.hpp"
#include "core/figure/colormap.hpp"

namespace attn::gl {

/// Draws stage maps: values live in textures, colours are looked up for each pixel, and a map costs a few
/// draw calls however many cells it has. Tiles are uploaded when they are first drawn and found again by
/// identity, so a map whose tiles did not change costs nothing; any number of maps may be drawn in a frame.
/// One a window, main thread.
class HeatmapRenderer {
 public:
  /// `budget` bounds the bytes of texture memory that are kept.
  [[nodiscard]] static Result<HeatmapRenderer> create(std::size_t budget = std::size_t{256} << 20);

  /// Draws into the current framebuffer of `frame` size; lengths of `params` are pixels. Changes OpenGL state
  /// that ImDrawCallback_ResetRenderState sets right again.
  void draw(const StageMap& map, const HeatmapParams& params, PixelSize frame);

  /// Draws as part of an ImGui draw list, in the list's order and inside its clip rectangle; lengths of
  /// `params` are ImGui's. The renderer keeps map and parameters until begin_frame(), and must stay where it
  /// is until then.
  void add_to(ImDrawList& list, std::shared_ptr<const StageMap> map, const HeatmapParams& params);

  /// Forgets what add_to() kept. Call it before the first add_to() of a frame.
  void begin_frame() {
    before_.swap(pending_);
    pending_.clear();
  }
  /// The maps of this frame are not those of the frame before, or stand otherwise.
  [[nodiscard]] bool changed() const;

  /// Texture memory in use, in bytes.
  [[nodiscard]] std::size_t memory() const { return store_.memory(); }
  /// Tiles uploaded since creation (tests: an unchanged map uploads nothing).
  [[nodiscard]] std::size_t uploads() const { return store_.uploads(); }

 private:
  // One add_to(), until the frame is drawn.
  struct Pending {
    HeatmapRenderer* renderer;
    std::shared_ptr<const StageMap> map;
    HeatmapParams params;
  };
  struct Uniforms {
    int frame, palette, values, classes, range, reduce, masked, not_a_number, grid, grid_width;
  };
  struct Batch {
    std::size_t page;
    std::vector<TileQuad> quads;
  };
  HeatmapRenderer(std::size_t budget, Program program);
  static void on_draw(const ImDrawList* list, const ImDrawCmd* command);
  void set_uniforms(const HeatmapParams& params, PixelSize frame);
  void use_palette(const Colormap& map);
  void draw_batches();

  TileStore store_;
  Program program_;
  Uniforms uniforms_{};
  VertexArray vertex_array_;
  Buffer quads_;
  Texture palette_;
  const Colormap* palette_of_ = nullptr;
  std::vector<Batch> batches_;
  std::vector<std::unique_ptr<const Pending>> pending_, before_;
};

}  // namespace attn::gl
