#version 330 core
// One quad a tile. The rectangle is whole framebuffer pixels, y down.
layout(location = 0) in ivec4 in_rectangle;  // left, top, right, bottom
layout(location = 1) in ivec3 in_tile;       // columns, rows, layer
layout(location = 2) in vec4 in_cells;       // corner of the tile's first cell in pixels, size of a cell in pixels

uniform vec2 u_frame;

flat out ivec4 rectangle;
flat out ivec3 tile;
flat out vec4 cells;

void main() {
  rectangle = in_rectangle;
  tile = in_tile;
  cells = in_cells;
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  vec2 place = mix(vec2(in_rectangle.xy), vec2(in_rectangle.zw), corner) / u_frame;
  gl_Position = vec4(2.0 * place.x - 1.0, 1.0 - 2.0 * place.y, 0.0, 1.0);
}
