#include "app/gl/heatmap_renderer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>

#include <glad/gl.h>

#include "app/gl/shader.hpp"

namespace attn::gl {
namespace {

// Texture units: the cells are bound by TileStore::bind().
constexpr GLint kCellsUnit = 0, kPaletteUnit = 1;

struct Attribute {
  GLuint location;
  GLint count;
  bool is_integer;
  std::size_t offset;
};
constexpr std::array kAttributes = {
    Attribute{0, 4, true, offsetof(TileQuad, left)},
    Attribute{1, 3, true, offsetof(TileQuad, columns)},
    Attribute{2, 4, false, offsetof(TileQuad, x)},
};

void describe_quads(const VertexArray& vertex_array, const Buffer& quads) {
  glBindVertexArray(vertex_array.id());
  glBindBuffer(GL_ARRAY_BUFFER, quads.id());
  constexpr auto kStride = static_cast<GLsizei>(sizeof(TileQuad));
  for (const Attribute& attribute : kAttributes) {
    const void* offset = reinterpret_cast<const void*>(attribute.offset);
    glEnableVertexAttribArray(attribute.location);
    glVertexAttribDivisor(attribute.location, 1);
    if (attribute.is_integer) {
      glVertexAttribIPointer(attribute.location, attribute.count, GL_INT, kStride, offset);
    } else {
      glVertexAttribPointer(attribute.location, attribute.count, GL_FLOAT, GL_FALSE, kStride, offset);
    }
  }
  glBindVertexArray(0);
}

void set_color(GLint place, Rgb color) {
  glUniform3f(place, static_cast<float>(color.r) / 255.0f, static_cast<float>(color.g) / 255.0f,
              static_cast<float>(color.b) / 255.0f);
}

// Calls work(tile) for each tile of the map that has a pixel inside the clip.
template <class Work>
void each_visible(const StageMap& map, const HeatmapParams& params, const PixelRect& clip, const Work& work) {
  const TileRange across = visible_tiles(map.columns, params.x, params.cell_width, clip.x, clip.width);
  const TileRange down = visible_tiles(map.rows, params.y, params.cell_height, clip.y, clip.height);
  for (Index row = down.first; row < down.end; ++row) {
    for (Index column = across.first; column < across.end; ++column)
      work(map.tiles[static_cast<std::size_t>(row * map.tile_columns + column)]);
  }
}

void set_fixed_state(const PixelRect& clip, PixelSize frame) {
  glViewport(0, 0, frame.width, frame.height);
  glEnable(GL_SCISSOR_TEST);
  glScissor(clip.x, frame.height - clip.y - clip.height, clip.width, clip.height);
  glDisable(GL_BLEND);
  glDisable(GL_CULL_FACE);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_STENCIL_TEST);
}

}  // namespace

Result<HeatmapRenderer> HeatmapRenderer::create(std::size_t budget) {
  HeatmapRenderer renderer(budget);
  if (auto ready = renderer.prepare(); !ready) return tl::unexpected(ready.error());
  return renderer;
}

Result<void> HeatmapRenderer::prepare() {
  Result<Program> program = build_program("heatmap");
  if (!program) return tl::unexpected(program.error());
  program_ = std::move(*program);
  vertex_array_ = VertexArray::create();
  quads_ = Buffer::create();
  palette_ = Texture::create();
  const auto place = [&](const char* name) { return glGetUniformLocation(program_.id(), name); };
  uniforms_ = {place("u_frame"),  place("u_palette"),    place("u_cells"),    place("u_range"),
               place("u_reduce"), place("u_keys"),       place("u_masked"),   place("u_not_a_number"),
               place("u_grid"),   place("u_grid_width"), place("u_transfer"), place("u_symmetric")};
  describe_quads(vertex_array_, quads_);
  return {};
}

void HeatmapRenderer::use_palette(const Colormap& map) {
  glActiveTexture(GL_TEXTURE0 + kPaletteUnit);
  glBindTexture(GL_TEXTURE_2D, palette_.id());
  if (palette_of_ != &map) {
    static_assert(sizeof(Rgb) == 3);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, static_cast<GLsizei>(map.colors.size()), 1, 0, GL_RGB,
                 GL_UNSIGNED_BYTE, map.colors.data());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    palette_of_ = &map;
  }
  glActiveTexture(GL_TEXTURE0);
}

void HeatmapRenderer::set_uniforms(const Level& level, PixelSize frame) {
  const HeatmapParams& params = level.params;
  const ColorScale& scale = params.scale;
  glUniform2f(uniforms_.frame, static_cast<float>(frame.width), static_cast<float>(frame.height));
  glUniform1i(uniforms_.cells, kCellsUnit);
  glUniform1i(uniforms_.palette, kPaletteUnit);
  glUniform2f(uniforms_.range, scale.lo, scale.hi > scale.lo ? 1.0f / (scale.hi - scale.lo) : 0.0f);
  glUniform1i(uniforms_.transfer, static_cast<GLint>(scale.transfer));
  glUniform1i(uniforms_.symmetric, scale.lo == -scale.hi ? 1 : 0);
  glUniform1i(uniforms_.reduce, static_cast<GLint>(params.reduce));
  glUniform1f(uniforms_.keys, static_cast<float>(level.keys));
  set_color(uniforms_.masked, masked_color(params.theme));
  set_color(uniforms_.not_a_number, not_a_number_color(params.theme));
  glUniform4f(uniforms_.grid, static_cast<float>(params.grid.r) / 255.0f,
              static_cast<float>(params.grid.g) / 255.0f, static_cast<float>(params.grid.b) / 255.0f,
              params.grid_alpha);
  glUniform1i(uniforms_.grid_width, std::max(1, static_cast<int>(std::lround(params.grid_width))));
}

// The map and its coarser ones up to that whose cells are nearest to a pixel, the coarsest first, and all
// that are coarser still.
std::vector<HeatmapRenderer::Level> HeatmapRenderer::levels_of(const StageMap& map,
                                                               const HeatmapParams& params) {
  std::vector<Level> levels{{&map, params}};
  while (const StageMap* coarser = levels.back().map->coarser.get()) {
    Level level = levels.back();
    level.map = coarser;
    level.params.cell_width *= 2;
    level.params.cell_height *= 2;
    level.keys *= 2;
    levels.push_back(level);
  }
  const auto fits = [](const Level& level) {
    return std::max(level.params.cell_width, level.params.cell_height) <= 1;
  };
  const auto finer = std::find_if_not(levels.begin() + 1, levels.end(), fits);
  levels.erase(levels.begin(), finer - 1);
  return levels;
}

bool HeatmapRenderer::can_draw(const HeatmapParams& params, const PixelRect& clip) const {
  return program_ && clip.width > 0 && clip.height > 0 && params.scale.map != nullptr;
}

void HeatmapRenderer::begin_drawing(const Level& level, const PixelRect& clip, PixelSize frame) {
  set_fixed_state(clip, frame);
  glUseProgram(program_.id());
  set_uniforms(level, frame);
  use_palette(*level.params.scale.map);
}

void HeatmapRenderer::add_quad(const Tile& tile, const TileSlot& slot, const HeatmapParams& params) {
  while (batches_.size() <= slot.page) batches_.push_back({batches_.size(), {}});
  TileQuad quad = place_tile(tile, params);
  quad.layer = slot.layer;
  batches_[slot.page].quads.push_back(quad);
}

void HeatmapRenderer::draw_whole(const Level& level, const PixelRect& clip, PixelSize frame) {
  begin_drawing(level, clip, frame);
  store_.begin_use();
  each_visible(*level.map, level.params, clip, [&](const std::shared_ptr<const Tile>& tile) {
    const TileSlot* slot = store_.acquire(tile);
    if (slot == nullptr) {
      // More than texture memory holds: what is there is drawn, and makes room.
      draw_batches();
      store_.begin_use();
      slot = store_.acquire(tile);
    }
    if (slot != nullptr) add_quad(*tile, *slot, level.params);
  });
  draw_batches();
}

void HeatmapRenderer::draw_resident(const Level& level, const PixelRect& clip, PixelSize frame) {
  begin_drawing(level, clip, frame);
  each_visible(*level.map, level.params, clip, [&](const std::shared_ptr<const Tile>& tile) {
    if (const TileSlot* slot = store_.find(tile)) add_quad(*tile, *slot, level.params);
  });
  draw_batches();
}

HeatmapRenderer::Resident HeatmapRenderer::make_resident(const Level& level, const PixelRect& clip) {
  Resident resident = Resident::all;
  each_visible(*level.map, level.params, clip, [&](const std::shared_ptr<const Tile>& tile) {
    if (resident == Resident::too_many || store_.find(tile) != nullptr) return;
    const std::size_t spent = store_.uploaded_bytes() - frame_began_at_;
    if (spent > 0 && spent + bytes_of(*tile) > kUploadBudget) {
      resident = Resident::some;
    } else if (store_.acquire(tile) == nullptr) {
      resident = Resident::too_many;
    }
  });
  return resident;
}

void HeatmapRenderer::draw(const StageMap& map, const HeatmapParams& params, PixelSize frame) {
  const PixelRect clip = clip_pixels(params, frame);
  if (!can_draw(params, clip)) return;
  draw_whole(levels_of(map, params).front(), clip, frame);
}

void HeatmapRenderer::draw_live(const std::shared_ptr<const StageMap>& map, const HeatmapParams& params,
                                PixelSize frame) {
  const PixelRect clip = clip_pixels(params, frame);
  if (!can_draw(params, clip)) return;
  Live& live = live_of(map);
  const std::vector<Level> shown = levels_of(*live.shown, params);
  const Level wanted = levels_of(*live.newest(), params).front();
  store_.begin_use();
  // What may have to be drawn in place of the new stays.
  each_visible(*shown.front().map, shown.front().params, clip,
               [&](const std::shared_ptr<const Tile>& tile) { static_cast<void>(store_.find(tile)); });
  const Resident resident = make_resident(wanted, clip);
  (resident == Resident::some ? live.missing : live.complete) = true;
  if (resident == Resident::too_many) {
    draw_whole(wanted, clip, frame);
  } else if (resident == Resident::all) {
    draw_resident(wanted, clip, frame);
  } else {
    for (auto level = shown.rbegin(); level != shown.rend(); ++level) draw_resident(*level, clip, frame);
  }
}

// A map that was begun is finished first, so that a drag never starves the picture. Two maps of one shape in
// a frame go each its own way.
HeatmapRenderer::Live& HeatmapRenderer::live_of(const std::shared_ptr<const StageMap>& map) {
  const auto follows = [&](const Live& live) {
    const StageMap& shown = *live.shown;
    return !live.asked && shown.stage == map->stage && shown.rows == map->rows &&
           shown.columns == map->columns;
  };
  auto found = std::ranges::find(live_, map, &Live::asked);
  if (found == live_.end()) found = std::ranges::find_if(live_, follows);
  if (found == live_.end()) return live_.emplace_back(Live{map, nullptr, map});
  found->asked = map;
  if (found->newest() != map && !found->coming) found->coming = map;
  return *found;
}

void HeatmapRenderer::begin_frame() {
  before_.swap(pending_);
  pending_.clear();
  frame_began_at_ = store_.uploaded_bytes();
  // A map that left the screen is no older picture of one that comes later.
  std::erase_if(live_, [](const Live& live) { return !live.asked; });
  for (Live& live : live_) {
    if (live.coming && live.complete && !live.missing) live.shown = live.coming;
    // One that no pixel was drawn of has not begun.
    if (!live.missing) live.coming.reset();
    live.asked.reset();
    live.complete = live.missing = false;
  }
}

bool HeatmapRenderer::waiting() const {
  return std::ranges::any_of(live_, [](const Live& live) {
    const bool drawn = live.complete || live.missing;
    return live.missing || (drawn && live.asked && live.newest() != live.asked);
  });
}

void HeatmapRenderer::draw_batches() {
  glBindVertexArray(vertex_array_.id());
  glBindBuffer(GL_ARRAY_BUFFER, quads_.id());
  for (Batch& batch : batches_) {
    if (batch.quads.empty()) continue;
    store_.bind(batch.page);
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(batch.quads.size() * sizeof(TileQuad)),
                 batch.quads.data(), GL_STREAM_DRAW);
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(batch.quads.size()));
    batch.quads.clear();
  }
  glBindVertexArray(0);
}

void HeatmapRenderer::add_to(ImDrawList& list, std::shared_ptr<const StageMap> map,
                             const HeatmapParams& params) {
  static_cast<void>(live_of(map));
  pending_.push_back(std::make_unique<const Pending>(Pending{this, std::move(map), params}));
  list.AddCallback(on_draw, const_cast<Pending*>(pending_.back().get()));
  list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

bool HeatmapRenderer::changed() const {
  // The frame before still holds its maps, so no new one has an old one's address.
  const auto parts = [](const std::unique_ptr<const Pending>& one) {
    const HeatmapParams& p = one->params;
    return std::tuple(one->map.get(), p.x, p.y, p.cell_width, p.cell_height, p.clip_x, p.clip_y, p.clip_width,
                      p.clip_height, p.scale.map, p.scale.lo, p.scale.hi, p.reduce, p.theme, p.grid.r,
                      p.grid.g, p.grid.b, p.grid_alpha, p.grid_width);
  };
  return !std::ranges::equal(pending_, before_, {}, parts, parts);
}

void HeatmapRenderer::on_draw(const ImDrawList*, const ImDrawCmd* command) {
  const auto* pending = static_cast<const Pending*>(command->UserCallbackData);
  const ImDrawData* data = ImGui::GetDrawData();
  const ImVec4& clip = command->ClipRect;
  const HeatmapParams inside =
      clipped(pending->params, static_cast<double>(clip.x), static_cast<double>(clip.y),
              static_cast<double>(clip.z), static_cast<double>(clip.w));
  const ImVec2 corner = data->DisplayPos, scale = data->FramebufferScale;
  const PixelSize frame = {static_cast<int>(data->DisplaySize.x * scale.x),
                           static_cast<int>(data->DisplaySize.y * scale.y)};
  pending->renderer->draw_live(
      pending->map,
      transformed(inside, static_cast<double>(corner.x), static_cast<double>(corner.y),
                  static_cast<double>(scale.x), static_cast<double>(scale.y)),
      frame);
}

}  // namespace attn::gl
