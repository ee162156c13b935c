#pragma once

namespace attn::app {

/// When the window draws at once and when it may sleep: a few frames follow whatever happens, since ImGui
/// needs them to settle.
class Pacing {
 public:
  /// Something happened: input came, or the state changed.
  void stir() { frames_ = kFrames; }
  /// A frame is about to be drawn.
  void count() { frames_ = frames_ > 0 ? frames_ - 1 : 0; }
  /// No frame is owed any more.
  [[nodiscard]] bool settled() const { return frames_ == 0; }

 private:
  static constexpr int kFrames = 4;
  int frames_ = kFrames;
};

}  // namespace attn::app
