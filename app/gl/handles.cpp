#include "app/gl/handles.hpp"

#include <glad/gl.h>

namespace attn::gl::detail {
namespace {

Id one(void (*generate)(GLsizei, GLuint*)) {
  GLuint id = 0;
  generate(1, &id);
  return id;
}

}  // namespace

// glad's functions are pointers that the loader fills, so they are named when they are called, not before.
Id make_buffer() {
  return one(glGenBuffers);
}
void remove_buffer(Id id) {
  glDeleteBuffers(1, &id);
}
Id make_texture() {
  return one(glGenTextures);
}
void remove_texture(Id id) {
  glDeleteTextures(1, &id);
}
Id make_vertex_array() {
  return one(glGenVertexArrays);
}
void remove_vertex_array(Id id) {
  glDeleteVertexArrays(1, &id);
}
Id make_framebuffer() {
  return one(glGenFramebuffers);
}
void remove_framebuffer(Id id) {
  glDeleteFramebuffers(1, &id);
}
Id make_program() {
  return glCreateProgram();
}
void remove_program(Id id) {
  glDeleteProgram(id);
}
Id make_vertex_shader() {
  return glCreateShader(GL_VERTEX_SHADER);
}
Id make_fragment_shader() {
  return glCreateShader(GL_FRAGMENT_SHADER);
}
void remove_shader(Id id) {
  glDeleteShader(id);
}

}  // namespace attn::gl::detail
