#pragma once

#include <cstdint>
#include <utility>

namespace attn::gl {

/// What OpenGL names one of its objects by; 0 is none.
using Id = std::uint32_t;

/// An OpenGL object that is deleted with its handle, on the thread that has the context. Moves, never copies.
/// An empty handle has id 0 and does nothing when it goes.
template <Id (*make)(), void (*remove)(Id)>
class Handle {
 public:
  Handle() = default;
  /// A new object. The context must be current.
  [[nodiscard]] static Handle create() { return Handle(make()); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ != 0) remove(id_);
  }

  [[nodiscard]] Id id() const { return id_; }
  [[nodiscard]] explicit operator bool() const { return id_ != 0; }

 private:
  explicit Handle(Id id) : id_(id) {}
  Id id_ = 0;
};

namespace detail {
Id make_buffer();
void remove_buffer(Id id);
Id make_texture();
void remove_texture(Id id);
Id make_vertex_array();
void remove_vertex_array(Id id);
Id make_framebuffer();
void remove_framebuffer(Id id);
Id make_program();
void remove_program(Id id);
Id make_vertex_shader();
Id make_fragment_shader();
void remove_shader(Id id);
}  // namespace detail

using Buffer = Handle<detail::make_buffer, detail::remove_buffer>;
using Texture = Handle<detail::make_texture, detail::remove_texture>;
using VertexArray = Handle<detail::make_vertex_array, detail::remove_vertex_array>;
using Framebuffer = Handle<detail::make_framebuffer, detail::remove_framebuffer>;
using Program = Handle<detail::make_program, detail::remove_program>;
using VertexShader = Handle<detail::make_vertex_shader, detail::remove_shader>;
using FragmentShader = Handle<detail::make_fragment_shader, detail::remove_shader>;

}  // namespace attn::gl
