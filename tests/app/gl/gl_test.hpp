#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "app/gl/debug.hpp"
#include "app/platform/window.hpp"
#include "tests/support/xvfb.hpp"

namespace attn::gl {

/// A test with a current OpenGL context that may not complain.
class GlTest : public testing::Test {
 protected:
  void SetUp() override {
    app::WindowOptions options;
    options.width = 640;
    options.height = 480;
    options.visible = false;
    options.debug_context = true;
    options.vsync = false;
    auto window = app::Window::open(options);
    ASSERT_TRUE(window) << describe(window.error());
    window_.emplace(std::move(*window));
    log_.emplace();
    ASSERT_TRUE(log_->active());
  }
  void TearDown() override {
    if (log_) {
      for (const auto& message : log_->messages()) ADD_FAILURE() << message;
    }
    log_.reset();
    window_.reset();
  }

  app::Window& window() { return *window_; }
  DebugLog& log() { return *log_; }

 private:
  std::unique_ptr<support::Xvfb> display_ = support::Xvfb::start_if_needed();
  std::optional<app::Window> window_;
  std::optional<DebugLog> log_;
};

}  // namespace attn::gl
