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

/// What a frame may upload, in bytes. One tile may go beyond it.
inline constexpr std::size_t kUploadBudget = std::size_t{8} << 20;

/// Draws stage maps: values live in textures, colours are looked up for each pixel, and a map costs a few
/// draw calls however many cells it has. A map whose cells are smaller than pixels is drawn from the coarser
/// one that suits the screen, where it has one. Tiles are uploaded when they are first drawn and found again
/// by identity, so a map whose tiles did not change costs nothing; any number of maps may be drawn in a
/// frame. One a window, main thread.
class HeatmapRenderer {
 public:
  /// `budget` bounds the bytes of texture memory that are kept. Draws nothing until it is prepared.
  explicit HeatmapRenderer(std::size_t budget = std::size_t{256} << 20) : store_(budget) {}
  /// Compiles the shader; the context must be current. Errors: setting, with the driver's words.
  [[nodiscard]] Result<void> prepare();
  /// A prepared one.
  [[nodiscard]] static Result<HeatmapRenderer> create(std::size_t budget = std::size_t{256} << 20);

  /// Draws into the current framebuffer of `frame` size, whatever has to be uploaded for it; lengths of
  /// `params` are pixels. Changes OpenGL state that ImDrawCallback_ResetRenderState sets right again.
  void draw(const StageMap& map, const HeatmapParams& params, PixelSize frame);

  /// The same within the frame's budget: while tiles of a new map are missing, the map of the same stage and
  /// shape that the frames before have shown stays; while tiles that came into sight are missing, coarser
  /// ones stand for them. Draw more frames until waiting() is false.
  void draw_live(const std::shared_ptr<const StageMap>& map, const HeatmapParams& params, PixelSize frame);

  /// draw_live() as part of an ImGui draw list, in the list's order and inside its clip rectangle; lengths of
  /// `params` are ImGui's. The renderer keeps map and parameters until begin_frame(), and must stay where it
  /// is until then.
  void add_to(ImDrawList& list, std::shared_ptr<const StageMap> map, const HeatmapParams& params);

  /// Forgets what add_to() kept, and may upload again. Call it before the first add_to() of a frame.
  void begin_frame();
  /// The newest maps are not all on the screen: another frame is wanted.
  [[nodiscard]] bool waiting() const;
  /// The maps of this frame are not those of the frame before, or stand otherwise.
  [[nodiscard]] bool changed() const;

  /// Texture memory in use, in bytes.
  [[nodiscard]] std::size_t memory() const { return store_.memory(); }
  /// Tiles uploaded since creation, and their bytes (tests: an unchanged map uploads nothing).
  [[nodiscard]] std::size_t uploads() const { return store_.uploads(); }
  [[nodiscard]] std::size_t uploaded_bytes() const { return store_.uploaded_bytes(); }

 private:
  // One add_to(), until the frame is drawn.
  struct Pending {
    HeatmapRenderer* renderer;
    std::shared_ptr<const StageMap> map;
    HeatmapParams params;
  };
  struct Uniforms {
    int frame, palette, cells, range, reduce, keys, masked, not_a_number, grid, grid_width, transfer,
        symmetric;
  };
  struct Batch {
    std::size_t page;
    std::vector<TileQuad> quads;
  };
  // A map or one of its coarser ones, and how that is put on the screen.
  struct Level {
    const StageMap* map;
    HeatmapParams params;
    double keys = 1;  // of the map that one cell of this one stands for
  };
  // The maps of one stage and shape, as frames show them.
  struct Live {
    std::shared_ptr<const StageMap> shown;   // the newest of which all that was in sight was there
    std::shared_ptr<const StageMap> coming;  // a newer one, or null
    std::shared_ptr<const StageMap> asked;   // in this frame, or null
    bool complete = false, missing = false;  // of drawings of the newest in this frame

    [[nodiscard]] const std::shared_ptr<const StageMap>& newest() const { return coming ? coming : shown; }
  };
  enum class Resident { all, some, too_many };

  static void on_draw(const ImDrawList* list, const ImDrawCmd* command);
  [[nodiscard]] static std::vector<Level> levels_of(const StageMap& map, const HeatmapParams& params);
  [[nodiscard]] Live& live_of(const std::shared_ptr<const StageMap>& map);
  [[nodiscard]] Resident make_resident(const Level& level, const PixelRect& clip);
  void draw_resident(const Level& level, const PixelRect& clip, PixelSize frame);
  void draw_whole(const Level& level, const PixelRect& clip, PixelSize frame);
  [[nodiscard]] bool can_draw(const HeatmapParams& params, const PixelRect& clip) const;
  void begin_drawing(const Level& level, const PixelRect& clip, PixelSize frame);
  void add_quad(const Tile& tile, const TileSlot& slot, const HeatmapParams& params);
  void set_uniforms(const Level& level, PixelSize frame);
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
  std::vector<Live> live_;
  std::size_t frame_began_at_ = 0;  // bytes uploaded before this frame
  std::vector<std::unique_ptr<const Pending>> pending_, before_;
};

}  // namespace attn::gl
