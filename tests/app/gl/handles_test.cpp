#include "app/gl/handles.hpp"

#include <type_traits>
#include <utility>

#include <glad/gl.h>

#include "app/gl/frame.hpp"
#include "tests/app/gl/gl_test.hpp"

namespace attn::gl {
namespace {

static_assert(!std::is_copy_constructible_v<Buffer> && !std::is_copy_assignable_v<Buffer>);
static_assert(std::is_nothrow_move_constructible_v<Buffer>);

using HandlesTest = GlTest;

TEST(EmptyHandle, DoesNothing) {
  // No context exists here, so a call would crash.
  Buffer buffer;
  Buffer other(std::move(buffer));
  buffer = std::move(other);
  EXPECT_EQ(buffer.id(), 0u);
  EXPECT_FALSE(buffer);
}

TEST_F(HandlesTest, AnObjectGoesWithItsHandle) {
  Id id = 0;
  {
    auto buffer = Buffer::create();
    id = buffer.id();
    glBindBuffer(GL_ARRAY_BUFFER, id);
    Buffer moved = std::move(buffer);
    EXPECT_EQ(moved.id(), id);
    EXPECT_EQ(glIsBuffer(id), GL_TRUE);
  }
  EXPECT_EQ(glIsBuffer(id), GL_FALSE);
}

TEST_F(HandlesTest, TheLogHearsOfErrors) {
  glEnable(GL_ARRAY_BUFFER);  // not a thing that can be enabled
  EXPECT_FALSE(log().messages().empty());
  log().clear();
}

TEST_F(HandlesTest, AFrameIsReadFromTheTop) {
  const OffScreen target({5, 4});
  clear_frame(target.size(), {10, 20, 30});
  glEnable(GL_SCISSOR_TEST);
  glScissor(1, 3, 1, 1);  // the top row, for OpenGL counts from below
  glClearColor(1, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  const Picture picture = read_frame(target.size());
  EXPECT_EQ(picture.at(1, 0), (std::array<std::uint8_t, 4>{255, 0, 0, 255}));
  EXPECT_EQ(picture.at(1, 3), (std::array<std::uint8_t, 4>{10, 20, 30, 255}));
  EXPECT_TRUE(read_frame({0, 0}).rgba.empty());
}

}  // namespace
}  // namespace attn::gl
