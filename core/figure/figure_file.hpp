#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/figure/display_list.hpp"

namespace attn {

/// The kinds of files that a figure is written to.
enum class FigureFormat { png, svg, pdf, apng };

struct FigureFormatInfo {
  FigureFormat format;
  std::string_view suffix;   ///< of the file's name
  std::string_view name;     ///< as people write it
  std::string_view meaning;  ///< one line for people
  bool animated;             ///< holds several frames; the others take exactly one
};

/// One row a format; help, dialogs and messages are made from it.
inline constexpr std::array kFigureFormats{
    FigureFormatInfo{FigureFormat::png, ".png", "PNG", "pixels, without loss", false},
    FigureFormatInfo{FigureFormat::svg, ".svg", "SVG", "shapes and text, for browsers and drawing programs",
                     false},
    FigureFormatInfo{FigureFormat::pdf, ".pdf", "PDF", "a page with its fonts, for papers", false},
    FigureFormatInfo{FigureFormat::apng, ".apng", "APNG",
                     "an animation, for sweeps; programs that know PNG alone show its start", true},
};

/// The format that the name's suffix says. Errors: usage, where it is none of kFigureFormats.
[[nodiscard]] Result<FigureFormat> figure_format_of(const std::filesystem::path& path);

/// Errors: value, where a file of this format does not hold so many frames.
[[nodiscard]] Result<void> check_frames(FigureFormat format, std::size_t frames);

/// What a file holds.
struct FigureContent {
  std::vector<DisplayList> frames;  ///< one, but for animations
  double seconds_a_frame = 0.5;
  std::string metadata;  ///< JSON that brings the figure back, or empty: none is written
};

/// The file's bytes, the same for the same content on any number of `threads`. Errors: value (no frame, or
/// several where the format holds one), limit (larger than the format or the memory at hand allows).
[[nodiscard]] Result<std::string> figure_bytes(const FigureContent& content, FigureFormat format,
                                               TextRenderer& text, std::size_t threads);

/// The metadata in the bytes of a PNG, APNG, SVG or PDF file that figure_bytes() wrote; what it says is not
/// looked at. `name` is the file's, for errors: syntax (cut or damaged), duplicate (metadata twice), encoding
/// (not UTF-8), limit (more than 16 MB of it), unsupported (another kind of file, or a figure without).
[[nodiscard]] Result<std::string> read_figure_metadata(std::string_view bytes, const std::string& name);

}  // namespace attn
