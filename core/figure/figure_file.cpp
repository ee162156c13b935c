#include "core/figure/figure_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/figure/files/cairo_backend.hpp"
#include "core/figure/files/pdf_metadata.hpp"
#include "core/figure/files/png_chunks.hpp"
#include "core/figure/files/svg_writer.hpp"

namespace attn {
namespace {

struct Writer {
  FigureFormat format;
  Result<std::string> (*write)(const FigureContent& content, TextRenderer& text, std::size_t threads);
};

Result<std::string> write_png(const FigureContent& content, TextRenderer& text, std::size_t threads) {
  return png_bytes(content.frames.front(), text, threads, content.metadata);
}

Result<std::string> write_svg(const FigureContent& content, TextRenderer&, std::size_t threads) {
  return svg_bytes(content.frames.front(), threads, content.metadata);
}

Result<std::string> write_pdf(const FigureContent& content, TextRenderer& text, std::size_t) {
  return pdf_bytes(content.frames.front(), text, content.metadata);
}

Result<std::string> write_apng(const FigureContent& content, TextRenderer& text, std::size_t threads) {
  return apng_bytes(content.frames, content.seconds_a_frame, text, threads, content.metadata);
}

constexpr std::array kWriters{
    Writer{FigureFormat::png, write_png},
    Writer{FigureFormat::svg, write_svg},
    Writer{FigureFormat::pdf, write_pdf},
    Writer{FigureFormat::apng, write_apng},
};
static_assert(kWriters.size() == kFigureFormats.size());

// What reads the metadata of files that begin so.
struct Reader {
  std::string_view start;
  Result<std::string> (*read)(std::string_view bytes, const std::string& name);
};
constexpr std::array kReaders{
    Reader{kPngSignature, png_metadata},
    Reader{"%PDF-", pdf_metadata},
    Reader{"<?xml", svg_metadata},
    Reader{"<svg", svg_metadata},
};

tl::unexpected<Error> refusal(std::string expected, std::string found, std::string hint) {
  return tl::unexpected(
      Error{ErrorCode::value, {}, {}, std::move(expected), std::move(found), std::move(hint)});
}

}  // namespace

Result<FigureFormat> figure_format_of(const std::filesystem::path& path) {
  const std::string suffix = path.extension().string();
  const auto* row = std::find_if(kFigureFormats.begin(), kFigureFormats.end(),
                                 [&](const FigureFormatInfo& info) { return info.suffix == suffix; });
  if (row != kFigureFormats.end()) return row->format;
  std::vector<std::string> suffixes;
  for (const FigureFormatInfo& info : kFigureFormats) suffixes.emplace_back(info.suffix);
  return tl::unexpected(Error{ErrorCode::usage,
                              path.string(),
                              {},
                              "a name that ends in " + join_or(suffixes),
                              "\"" + suffix + "\"",
                              "The suffix of the name says which kind of file is written."});
}

Result<void> check_frames(FigureFormat format, std::size_t frames) {
  const auto* info = std::find_if(kFigureFormats.begin(), kFigureFormats.end(),
                                  [&](const FigureFormatInfo& row) { return row.format == format; });
  if (frames == 0) return refusal("a figure", "none", {});
  if (frames == 1 || info->animated) return {};
  return refusal("one frame in a " + std::string(info->name) + " file", fmt::format("{} of them", frames),
                 "Name it .apng, or leave sweep out.");
}

Result<std::string> figure_bytes(const FigureContent& content, FigureFormat format, TextRenderer& text,
                                 std::size_t threads) {
  if (auto good = check_frames(format, content.frames.size()); !good) return tl::unexpected(good.error());
  const auto writer =
      std::find_if(kWriters.begin(), kWriters.end(), [&](const Writer& row) { return row.format == format; });
  return writer->write(content, text, threads);
}

Result<std::string> read_figure_metadata(std::string_view bytes, const std::string& name) {
  for (const Reader& reader : kReaders) {
    if (bytes.starts_with(reader.start)) return reader.read(bytes, name);
  }
  return tl::unexpected(Error{ErrorCode::unsupported, name, "byte 0", "a PNG, APNG, SVG or PDF file",
                              "another kind of file", "Open the document that the figure shows."});
}

}  // namespace attn
