#version 330 core
#extension GL_ARB_gpu_shader5 : enable
// Value to colour. core/figure/color_scale.cpp does the same on the CPU, operation by operation.
#ifdef GL_ARB_gpu_shader5
#define EXACT precise
#else
#define EXACT
#endif

flat in ivec4 rectangle;
flat in ivec3 tile;
flat in vec4 cells;

uniform vec2 u_frame;
uniform sampler2D u_palette;
uniform sampler2DArray u_values;
uniform usampler2DArray u_classes;
uniform vec2 u_range;  // lo, 1 / (hi - lo)
uniform int u_reduce;
uniform vec3 u_masked;
uniform vec3 u_not_a_number;
uniform vec4 u_grid;
uniform int u_grid_width;

out vec4 out_color;

struct Cell {
  float value;
  int kind;
};

// isnan() may be optimised away where a driver assumes that there are none.
bool is_nan(float value) {
  return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
}

Cell cell_at(ivec2 place) {
  ivec3 texel = ivec3(place, tile.z);
  Cell cell = Cell(texelFetch(u_values, texel, 0).r, int(texelFetch(u_classes, texel, 0).r));
  if (cell.kind == CELL_VALUE && is_nan(cell.value)) cell.kind = CELL_NOT_A_NUMBER;
  return cell;
}

// All cells of [first, end) in one. One cell without a number shows, whatever is around it.
Cell reduced(ivec2 first, ivec2 end) {
  Cell whole = Cell(0.0, CELL_MASKED);
  for (int row = first.y; row < end.y; ++row) {
    for (int column = first.x; column < end.x; ++column) {
      Cell cell = cell_at(ivec2(column, row));
      if (cell.kind == CELL_NOT_A_NUMBER) return cell;
      if (cell.kind == CELL_MASKED || cell.kind == CELL_NOTHING) continue;
      bool is_first = whole.kind == CELL_MASKED;
      whole.kind = CELL_VALUE;
      if (u_reduce == REDUCE_MAX) whole.value = is_first ? cell.value : max(whole.value, cell.value);
      if (u_reduce == REDUCE_MASS) whole.value += cell.value;
    }
  }
  if (u_reduce == REDUCE_MASS) whole.value /= float(end.y - first.y);
  return whole;
}

vec3 color_of(Cell cell) {
  if (cell.kind == CELL_MASKED) return u_masked;
  if (cell.kind == CELL_NOT_A_NUMBER) return u_not_a_number;
  EXACT float above = cell.value - u_range.x;
  EXACT float t = above * u_range.y;
  EXACT float entry = t * float(PALETTE_SIZE - 1);
  entry = entry + 0.5;
  int index = !(t > 0.0) ? 0 : t >= 1.0 ? PALETTE_SIZE - 1 : int(entry);
  return texelFetch(u_palette, ivec2(index, 0), 0).rgb;
}

void main() {
  vec2 center = vec2(gl_FragCoord.x, u_frame.y - gl_FragCoord.y);
  ivec2 pixel = ivec2(floor(center));
  ivec2 place = ivec2(floor((center - cells.xy) / cells.zw));
  ivec2 nearest = clamp(place, ivec2(0), tile.xy - 1);
  ivec2 first = nearest;
  ivec2 end = nearest + 1;
  // Pixels that hold several cells share the tile's cells among them: none is left out, none counts twice.
  ivec2 size = rectangle.zw - rectangle.xy;
  ivec2 inside = pixel - rectangle.xy;
  bvec2 several = lessThan(size, tile.xy);
  if (u_reduce != REDUCE_NEAREST && several.x) {
    first.x = inside.x * tile.x / size.x;
    end.x = (inside.x + 1) * tile.x / size.x;
  }
  if (u_reduce != REDUCE_NEAREST && several.y) {
    first.y = inside.y * tile.y / size.y;
    end.y = (inside.y + 1) * tile.y / size.y;
  }
  bool is_one = all(equal(end, first + 1));
  Cell cell = is_one ? cell_at(first) : reduced(first, end);
  if (cell.kind == CELL_NOTHING) discard;
  vec3 color = color_of(cell);
  if (u_grid.a > 0.0) {
    ivec2 before = ivec2(floor((center - vec2(u_grid_width) - cells.xy) / cells.zw));
    if (any(notEqual(before, place))) color = mix(color, u_grid.rgb, u_grid.a);
  }
  out_color = vec4(color, 1.0);
}
