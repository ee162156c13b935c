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
uniform usampler2DArray u_cells;  // values as their bits; what is no value is a NaN with its class in the last bits
uniform vec2 u_range;  // lo, 1 / (hi - lo)
uniform int u_transfer;
uniform bool u_symmetric;  // about 0: the transfer function works on both sides
uniform int u_reduce;
uniform float u_keys;  // that one cell stands for: more than 1 in a coarser map
uniform vec3 u_masked;
uniform vec3 u_not_a_number;
uniform vec4 u_grid;
uniform int u_grid_width;

out vec4 out_color;

struct Cell {
  float value;
  int kind;
};

Cell cell_at(ivec2 place) {
  uint bits = texelFetch(u_cells, ivec3(place, tile.z), 0).r;
  bool is_value = (bits & 0x7fffffffu) <= 0x7f800000u;
  return Cell(uintBitsToFloat(bits), is_value ? CELL_VALUE : int(bits & uint(CLASS_BITS)));
}

// a / b, rounded down, for numbers from 0 to 2^18: floats are many times faster where the processor paints.
ivec2 divided(vec2 a, vec2 b) {
  return ivec2((a + 0.5) / b);
}

// What a pixel covers of the tile: the cells at `at` of `pixels` equal shares of `cells`, each way.
struct Share {
  ivec2 at, cells, pixels;
};

// All cells of the share in one. One cell without a number shows, whatever is around it. Mass counts a cell by
// the part of it that the share covers, so that pixels hold equally many keys: even weights look even.
Cell reduced(Share share) {
  bool in_part = u_reduce == REDUCE_MASS;
  vec2 pixels = vec2(share.pixels);
  vec2 from = vec2(share.at * share.cells);
  vec2 to = from + vec2(share.cells);
  ivec2 first = divided(from, pixels);
  ivec2 end = divided(in_part ? to + pixels - 1.0 : to, pixels);
  bool any_value = false, any_masked = false;
  float mass = 0.0, covered = 0.0, largest = 0.0;
  for (int row = first.y; row < end.y; ++row) {
    float height = min(float(row + 1) * pixels.y, to.y) - max(float(row) * pixels.y, from.y);
    for (int column = first.x; column < end.x; ++column) {
      Cell cell = cell_at(ivec2(column, row));
      float area = height * (min(float(column + 1) * pixels.x, to.x) - max(float(column) * pixels.x, from.x));
      if (cell.kind == CELL_VALUE) {
        mass += cell.value * area;
        largest = any_value ? max(largest, cell.value) : cell.value;
        any_value = true;
      } else if (cell.kind == CELL_NOTHING) {
        continue;
      } else if (cell.kind == CELL_NOT_A_NUMBER) {
        return cell;
      } else {
        any_masked = true;
      }
      covered += area;
    }
  }
  int kind = any_value ? CELL_VALUE : any_masked ? CELL_MASKED : CELL_NOTHING;
  return Cell(in_part && covered > 0.0 ? mass / covered : largest, kind);
}

float curve(float t) {
  return u_transfer == TRANSFER_GAMMA ? sqrt(t) : log(1.0 + 9999.0 * t) / 9.210340371976184;
}

// 0 … 1 to 0 … 1.
float curved(float t) {
  if (!u_symmetric) return curve(t);
  float side = 2.0 * t - 1.0;
  return (1.0 + sign(side) * curve(abs(side))) / 2.0;
}

vec3 color_of(Cell cell) {
  if (cell.kind == CELL_MASKED) return u_masked;
  if (cell.kind == CELL_NOT_A_NUMBER) return u_not_a_number;
  EXACT float above = cell.value - u_range.x;
  EXACT float t = above * u_range.y;
  if (u_transfer != TRANSFER_LINEAR) t = curved(clamp(t, 0.0, 1.0));
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
  // Pixels that hold several cells share the tile's cells among them: none is left out, none counts twice.
  ivec2 size = rectangle.zw - rectangle.xy;
  ivec2 inside = pixel - rectangle.xy;
  bvec2 several = lessThan(size, tile.xy);
  bool is_one = u_reduce == REDUCE_NEAREST || !any(several);
  Share share = Share(nearest, ivec2(1), ivec2(1));
  if (several.x) share = Share(ivec2(inside.x, share.at.y), ivec2(tile.x, 1), ivec2(size.x, 1));
  if (several.y) {
    share = Share(ivec2(share.at.x, inside.y), ivec2(share.cells.x, tile.y), ivec2(share.pixels.x, size.y));
  }
  Cell cell = is_one ? cell_at(nearest) : reduced(share);
  // From the mean of the cells to the mass of as many keys as a pixel holds, the same number in every tile; of
  // one key where that is larger than a pixel.
  if (u_reduce == REDUCE_MASS) cell.value /= min(cells.z, u_keys);
  if (cell.kind == CELL_NOTHING) discard;
  vec3 color = color_of(cell);
  if (u_grid.a > 0.0) {
    ivec2 before = ivec2(floor((center - vec2(u_grid_width) - cells.xy) / cells.zw));
    if (any(notEqual(before, place))) color = mix(color, u_grid.rgb, u_grid.a);
  }
  out_color = vec4(color, 1.0);
}
