#pragma once

#include <cstddef>
#include <string>

#include "core/figure/files/pixel_rows.hpp"
#include "core/figure/files/png_chunks.hpp"

namespace attn {

/// A PNG file's bytes, compressed for speed, the same on any number of `threads`. At most 256 colours: a
/// palette of 8 bits or fewer; else RGB, or RGBA where the pixels are transparent. Throws std::bad_alloc.
[[nodiscard]] std::string png_file(const PixelRows& pixels, const PngNotes& notes, std::size_t threads);

/// An animated PNG (APNG), frame by frame: RGB, or RGBA. The first frame is also what programs show that know
/// PNG alone; of the others, the rectangle that changes is stored.
class ApngWriter {
 public:
  /// `frames`: how many will come, at least 1. `milliseconds`: how long each is shown, 1 to 65,535.
  ApngWriter(std::size_t frames, int milliseconds, PngNotes notes, std::size_t threads)
      : frames_(frames), milliseconds_(milliseconds), notes_(notes), threads_(threads) {}

  /// All of one size. Throws std::bad_alloc.
  void add(const PixelRows& frame);

  [[nodiscard]] std::string finish() &&;

 private:
  struct Part {
    std::size_t left = 0, top = 0, width = 1, height = 1;
  };
  [[nodiscard]] Part changed(const PixelRows& frame) const;
  [[nodiscard]] std::string control(const Part& part);

  std::size_t frames_;
  int milliseconds_;
  PngNotes notes_;
  std::size_t threads_;
  std::string file_;
  std::uint32_t sequence_ = 0;           // of the chunks that only APNG knows
  std::vector<std::uint32_t> previous_;  // the last frame's pixels
};

}  // namespace attn
