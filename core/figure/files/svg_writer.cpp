#include "core/figure/files/svg_writer.hpp"

#include <array>
#include <cmath>
#include <map>
#include <new>
#include <variant>

#include <fmt/format.h>
#include <glib.h>

#include "core/base/text.hpp"
#include "core/figure/files/cairo_backend.hpp"
#include "core/figure/files/image_size.hpp"
#include "core/figure/files/png_writer.hpp"

namespace attn {
namespace {

// With a point, at most three decimals, and none that are 0.
std::string number(double value) {
  std::string digits = fmt::format("{:.3f}", value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits == "-0" ? "0" : digits;
}

// A little less than more: who makes pixels of the page rounds up.
std::string inches(double value) {
  constexpr double kSteps = 1e4;
  return fmt::format("{}", std::floor(value * kSteps) / kSteps);
}

std::string color_text(Rgb color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color.r, color.g, color.b);
}

// As content or in quotes. What XML cannot hold (control characters but for space, noncharacters) is written
// out by visible(), or is no text of a document.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

// XML 1.0 has two characters less than Unicode: what stands for each of them.
struct Missing {
  std::string_view character, instead;
};
std::string for_xml(std::string text, const std::array<Missing, 2>& missing) {
  for (const auto& [character, instead] : missing) {
    for (auto at = text.find(character); at != text.npos; at = text.find(character, at + instead.size()))
      text.replace(at, character.size(), instead);
  }
  return escaped(text);
}

// Words of an element, made visible.
std::string words(std::string_view text) {
  return for_xml(visible(text), {Missing{"\uFFFE", "\uFFFD"}, Missing{"\uFFFF", "\uFFFD"}});
}

// JSON, with such characters as JSON writes what it need not hold.
std::string json_words(std::string_view json) {
  return for_xml(std::string(json), {Missing{"\uFFFE", "\\ufffe"}, Missing{"\uFFFF", "\\uffff"}});
}

std::string base64(std::string_view bytes) {
  gchar* text = g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size());
  std::string result(text);
  g_free(text);
  return result;
}

// Pixels of one colour in a row.
struct Run {
  int x, y, length;
};

// All runs, by colour; nothing where there are more than kMostRuns.
std::map<std::uint32_t, std::vector<Run>> runs_of(const PixelImage& image) {
  std::map<std::uint32_t, std::vector<Run>> runs;
  std::size_t count = 0;
  for (int y = 0; y < image.height; ++y) {
    const std::uint32_t* row =
        &image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width)];
    for (int x = 0; x < image.width;) {
      int end = x + 1;
      while (end < image.width && row[end] == row[x]) ++end;
      if (++count > kMostRuns) return {};
      runs[row[x]].push_back({x, y, end - x});
      x = end;
    }
  }
  return runs;
}

std::string rectangles(const ImageItem& item, const std::map<std::uint32_t, std::vector<Run>>& runs) {
  const Box& box = item.box;
  const double width = (box.right - box.left) / item.image.width;
  const double height = (box.bottom - box.top) / item.image.height;
  std::string out = "<g shape-rendering=\"crispEdges\">\n";
  for (const auto& [color, parts] : runs) {
    out += "<path fill=\"" + color_text(unpack(color)) + "\" d=\"";
    for (const Run& run : parts) {
      const std::string left = number(box.left + run.x * width);
      out += "M" + left + " " + number(box.top + run.y * height) + "H" +
             number(box.left + (run.x + run.length) * width) + "V" + number(box.top + (run.y + 1) * height) +
             "H" + left + "z";
    }
    out += "\"/>\n";
  }
  return out + "</g>\n";
}

std::string picture(const ImageItem& item, std::size_t threads) {
  const PixelImage image = enlarged(item.image);
  const auto width = static_cast<std::size_t>(image.width);
  const std::string png =
      png_file({image.pixels.data(), width, width, static_cast<std::size_t>(image.height)}, {}, threads);
  const Box& box = item.box;
  // The attribute is for viewers that know SVG 1.1 alone, the style for browsers.
  return fmt::format(
      "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" "
      "image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\" "
      "xlink:href=\"data:image/png;base64,{}\"/>\n",
      number(box.left), number(box.top), number(box.right - box.left), number(box.bottom - box.top),
      base64(png));
}

// One item after the other.
struct Writer {
  std::string& out;
  std::size_t threads;

  void operator()(const RectItem& rect) const {
    const Box& box = rect.box;
    out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", number(box.left),
                       number(box.top), number(box.right - box.left), number(box.bottom - box.top),
                       color_text(rect.color));
  }

  void operator()(const ImageItem& item) const {
    if (item.image.pixels.empty()) return;
    const auto runs = runs_of(item.image);
    out += runs.empty() ? picture(item, threads) : rectangles(item, runs);
  }

  void operator()(const LineItem& line) const {
    out += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                       number(line.from.x), number(line.from.y), number(line.to.x), number(line.to.y),
                       color_text(line.color), number(line.width));
  }

  // No textLength: it would squeeze a text that somebody edits.
  void operator()(const TextItem& item) const {
    const TextStyle& style = item.style;
    const std::string x = number(item.origin.x), y = number(item.origin.y);
    out += fmt::format("<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-size=\"{}\" fill=\"{}\"", x, y,
                       escaped(style.family), number(style.size_px), color_text(style.color));
    if (style.weight != 400) out += fmt::format(" font-weight=\"{}\"", style.weight);
    if (style.italic) out += " font-style=\"italic\"";
    if (style.tabular) out += " style=\"font-variant-numeric:tabular-nums\"";
    if (item.angle != 0) out += fmt::format(" transform=\"rotate({} {} {})\"", number(-item.angle), x, y);
    out += " xml:space=\"preserve\">" + words(item.text) + "</text>\n";
  }
};

}  // namespace

Result<std::string> svg_bytes(const DisplayList& list, std::size_t threads, std::string_view metadata) {
  const auto too_large = [&](std::string expected) {
    return tl::unexpected(Error{ErrorCode::limit,
                                {},
                                {},
                                std::move(expected),
                                fmt::format("{} × {} pixels", list.width, list.height),
                                "Ask for a smaller figure or a part of the map."});
  };
  if (list.width < 1 || list.height < 1 || list.width > kMaxFigureSide || list.height > kMaxFigureSide) {
    return too_large(fmt::format("a figure of 1 to {} pixels a side", grouped(kMaxFigureSide)));
  }
  try {
    std::string out = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
        "width=\"{}in\" height=\"{}in\" viewBox=\"0 0 {} {}\">\n",
        inches(list.width / list.dpi), inches(list.height / list.dpi), list.width, list.height);
    if (!list.title.empty()) out += "<title>" + words(list.title) + "</title>\n";
    if (!metadata.empty()) out += "<metadata id=\"attnscope\">" + json_words(metadata) + "</metadata>\n";
    if (!list.transparent) {
      out += fmt::format("<rect width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", list.width, list.height,
                         color_text(list.background));
    }
    for (const DisplayItem& item : list.items) std::visit(Writer{out, threads}, item);
    return out + "</svg>\n";
  } catch (const std::bad_alloc&) {
    return too_large("a figure that fits the memory");
  }
}

}  // namespace attn
