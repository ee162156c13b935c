#include "app/gl/debug.hpp"

#include <algorithm>
#include <utility>

#include <glad/gl.h>

namespace attn::gl {
namespace {

constexpr std::size_t kKeptMessages = 100;

void GLAD_API_PTR on_message(GLenum, GLenum type, GLuint, GLenum, GLsizei length, const GLchar* text,
                             const void* user) {
  if (type != GL_DEBUG_TYPE_ERROR && type != GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR) return;
  // The interface of OpenGL passes the listener as const; it is this program's own DebugLog.
  auto* log = const_cast<DebugLog*>(static_cast<const DebugLog*>(user));
  log->add(std::string(text, static_cast<std::size_t>(std::max(length, 0))));
}

}  // namespace

DebugLog::DebugLog() {
  GLint flags = 0;
  glGetIntegerv(GL_CONTEXT_FLAGS, &flags);
  active_ = GLAD_GL_KHR_debug != 0 && (flags & GL_CONTEXT_FLAG_DEBUG_BIT) != 0;
  if (!active_) return;
  glEnable(GL_DEBUG_OUTPUT);
  glEnable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
  glDebugMessageCallback(on_message, this);
}

DebugLog::~DebugLog() {
  if (active_) glDebugMessageCallback(nullptr, nullptr);
}

void DebugLog::add(std::string message) {
  if (messages_.size() < kKeptMessages) messages_.push_back(std::move(message));
}

}  // namespace attn::gl
