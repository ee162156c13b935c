#include "core/figure/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-font.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

// A token may be 64 KiB; no label shows more characters than this.
constexpr std::size_t kMostCharacters = 400;

template <auto free_function>
struct Free {
  void operator()(auto* pointer) const { free_function(pointer); }
};
template <class T, auto free_function>
using Owned = std::unique_ptr<T, Free<free_function>>;

using FontMap = Owned<PangoFontMap, g_object_unref>;
using Context = Owned<PangoContext, g_object_unref>;
using Layout = Owned<PangoLayout, g_object_unref>;
using FontDescription = Owned<PangoFontDescription, pango_font_description_free>;
using Attributes = Owned<PangoAttrList, pango_attr_list_unref>;
using FontOptions = Owned<cairo_font_options_t, cairo_font_options_destroy>;
using Surface = Owned<cairo_surface_t, cairo_surface_destroy>;
using Cairo = Owned<cairo_t, cairo_destroy>;

struct Extents {
  double left, top, right, bottom;  // from the baseline's start; y down
};

double pixels(int pango_units) {
  return static_cast<double>(pango_units) / PANGO_SCALE;
}

Context make_context(PangoFontMap* fonts) {
  Context context(pango_font_map_create_context(fonts));
  const FontOptions options(cairo_font_options_create());
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context.get(), options.get());
  pango_cairo_context_set_resolution(context.get(), 96);
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string("en"));
  return context;
}

// The box around the line's ink, or around its advance and line height.
Extents extents(PangoLayout* layout, bool ink) {
  PangoRectangle ink_box, logical_box;
  pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, 0), &ink_box, &logical_box);
  const PangoRectangle& box = ink ? ink_box : logical_box;
  return {pixels(box.x), pixels(box.y), pixels(box.x + box.width), pixels(box.y + box.height)};
}

// The box around `box` after a turn, counter-clockwise in radians.
Extents turned(const Extents& box, double turn) {
  const double c = std::cos(turn), s = std::sin(turn);
  Extents around{1e9, 1e9, -1e9, -1e9};
  for (const double x : {box.left, box.right}) {
    for (const double y : {box.top, box.bottom}) {
      const double u = x * c + y * s, v = y * c - x * s;
      around = {std::min(around.left, u), std::min(around.top, v), std::max(around.right, u),
                std::max(around.bottom, v)};
    }
  }
  return around;
}

// Does a glyph of the line bring its own colours (emoji)?
bool has_colors(PangoLayout* layout) {
  const PangoLayoutLine* line = pango_layout_get_line_readonly(layout, 0);
  for (const GSList* run = line->runs; run != nullptr; run = run->next) {
    const PangoFont* font = static_cast<const PangoLayoutRun*>(run->data)->item->analysis.font;
    if (!PANGO_IS_FC_FONT(font)) continue;
    FcBool color = FcFalse;
    const FcPattern* pattern = PANGO_FC_FONT(font)->font_pattern;
    if (FcPatternGetBool(pattern, FC_COLOR, 0, &color) == FcResultMatch && color == FcTrue) return true;
  }
  return false;
}

bool is_turned(cairo_t* cairo) {
  cairo_matrix_t matrix;
  cairo_get_matrix(cairo, &matrix);
  return matrix.xy != 0 || matrix.yx != 0;
}

// Byte offsets at which a person would put a cursor, 0 and the end included. `text` is valid UTF-8.
std::vector<std::size_t> cursor_positions(const std::string& text) {
  const auto characters = split_characters(text);
  std::vector<PangoLogAttr> attributes(characters.size() + 1);
  pango_get_log_attrs(text.data(), static_cast<int>(text.size()), -1, pango_language_from_string("en"),
                      attributes.data(), static_cast<int>(attributes.size()));
  std::vector<std::size_t> offsets;
  std::size_t offset = 0;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i].is_cursor_position != 0 || i == characters.size()) offsets.push_back(offset);
    if (i < characters.size()) offset += characters[i].size();
  }
  return offsets;
}

std::vector<std::uint8_t> rgba_of(cairo_surface_t* surface, int width, int height) {
  cairo_surface_flush(surface);
  const unsigned char* data = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  std::vector<std::uint8_t> rgba;
  rgba.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  for (int y = 0; y < height; ++y) {
    const unsigned char* row = data + static_cast<std::ptrdiff_t>(y) * stride;
    for (int x = 0; x < width; ++x, row += 4) {
      rgba.insert(rgba.end(), {row[2], row[1], row[0], row[3]});  // little-endian ARGB
    }
  }
  return rgba;
}

// The other way.
Surface surface_of(const TextBitmap& bitmap) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, bitmap.width, bitmap.height));
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  if (data == nullptr) return surface;
  const int stride = cairo_image_surface_get_stride(surface.get());
  const std::uint8_t* from = bitmap.rgba.data();
  for (int y = 0; y < bitmap.height; ++y) {
    unsigned char* row = data + static_cast<std::ptrdiff_t>(y) * stride;
    for (int x = 0; x < bitmap.width; ++x, row += 4, from += 4) {
      row[0] = from[2];
      row[1] = from[1];
      row[2] = from[0];
      row[3] = from[3];
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

}  // namespace

struct TextRenderer::Impl {
  FontMap fonts{pango_cairo_font_map_new()};
  Context context = make_context(fonts.get());

  Layout layout(std::string_view text, const TextStyle& style) {
    const std::string shown = visible(text);
    Layout result(pango_layout_new(context.get()));
    const FontDescription font(pango_font_description_new());
    pango_font_description_set_family(font.get(), style.family.c_str());
    pango_font_description_set_absolute_size(font.get(), style.size_px * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), static_cast<PangoWeight>(style.weight));
    pango_font_description_set_style(font.get(), style.italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    pango_layout_set_font_description(result.get(), font.get());
    pango_layout_set_single_paragraph_mode(result.get(), TRUE);
    pango_layout_set_text(result.get(), shown.data(), static_cast<int>(shown.size()));
    if (style.tabular) {
      const Attributes attributes(pango_attr_list_new());
      pango_attr_list_insert(attributes.get(), pango_attr_font_features_new("tnum=1"));
      pango_layout_set_attributes(result.get(), attributes.get());
    }
    return result;
  }
};

TextRenderer::TextRenderer() : impl_(std::make_unique<Impl>()) {}
TextRenderer::~TextRenderer() = default;
TextRenderer::TextRenderer(TextRenderer&&) noexcept = default;
TextRenderer& TextRenderer::operator=(TextRenderer&&) noexcept = default;

TextSize TextRenderer::measure(std::string_view text, const TextStyle& style) {
  const Layout layout = impl_->layout(text, style);
  const Extents box = extents(layout.get(), false);
  return {box.right - box.left, -box.top, box.bottom};
}

LineMetrics TextRenderer::line_metrics(const TextStyle& style) {
  const Layout layout = impl_->layout("H", style);
  const Extents line = extents(layout.get(), false);
  return {-line.top, line.bottom, -extents(layout.get(), true).top};
}

std::string TextRenderer::fit(std::string_view text, const TextStyle& style, double max_px) {
  std::string shown = shorten_middle(visible(text), kMostCharacters);
  if (measure(shown, style).width <= max_px) return shown;
  const std::vector<std::size_t> cursor = cursor_positions(shown);
  const auto without_middle = [&](std::size_t kept) {
    const std::size_t head = (kept + 1) / 2, tail = kept / 2;
    return shown.substr(0, cursor[head]) + "…" + shown.substr(cursor[cursor.size() - 1 - tail]);
  };
  std::size_t fits = 0, too_many = cursor.size() - 1;
  while (too_many - fits > 1) {
    const std::size_t middle = fits + (too_many - fits) / 2;
    (measure(without_middle(middle), style).width <= max_px ? fits : too_many) = middle;
  }
  return without_middle(fits);
}

TextBitmap TextRenderer::render(std::string_view text, const TextStyle& style, double angle) {
  const double turn = angle * std::numbers::pi / 180;
  const Layout layout = impl_->layout(text, style);
  const Extents logical = extents(layout.get(), false), ink = extents(layout.get(), true);
  const Extents box = turned({std::min(logical.left, ink.left), std::min(logical.top, ink.top),
                              std::max(logical.right, ink.right), std::max(logical.bottom, ink.bottom)},
                             turn);
  if (logical.right <= logical.left && ink.right <= ink.left) return {};
  TextBitmap bitmap;
  bitmap.origin_x = std::ceil(-box.left) + 1;
  bitmap.origin_y = std::ceil(-box.top) + 1;
  bitmap.width =
      static_cast<int>(std::min<double>(kMaxBitmapSide, bitmap.origin_x + std::ceil(box.right) + 1));
  bitmap.height =
      static_cast<int>(std::min<double>(kMaxBitmapSide, bitmap.origin_y + std::ceil(box.bottom) + 1));
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, bitmap.width, bitmap.height));
  const Cairo cairo(cairo_create(surface.get()));
  cairo_translate(cairo.get(), bitmap.origin_x, bitmap.origin_y);
  cairo_rotate(cairo.get(), -turn);
  draw(cairo.get(), text, style);
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return {};
  bitmap.rgba = rgba_of(surface.get(), bitmap.width, bitmap.height);
  return bitmap;
}

void TextRenderer::draw(_cairo* cairo, std::string_view text, const TextStyle& style) {
  // Cairo cuts turned colour glyphs off, and puts coarse ones into pages: such a line is drawn upright and
  // finer, and then turned as a picture.
  const bool is_page = cairo_surface_get_type(cairo_get_target(cairo)) == CAIRO_SURFACE_TYPE_PDF;
  if ((is_page || is_turned(cairo)) && has_colors(impl_->layout(text, style).get())) {
    const double times = is_page ? 4 : 2;
    TextStyle finer = style;
    finer.size_px *= times;
    const TextBitmap upright = render(text, finer);
    const Surface picture = surface_of(upright);
    cairo_save(cairo);
    cairo_scale(cairo, 1 / times, 1 / times);
    cairo_set_source_surface(cairo, picture.get(), -upright.origin_x, -upright.origin_y);
    cairo_paint(cairo);
    cairo_restore(cairo);
    return;
  }
  // Glyphs are rasterised for the turn and size of the target; measuring goes on untouched.
  pango_cairo_update_context(cairo, impl_->context.get());
  const Layout layout = impl_->layout(text, style);
  cairo_set_source_rgb(cairo, style.color.r / 255.0, style.color.g / 255.0, style.color.b / 255.0);
  cairo_move_to(cairo, 0, 0);
  pango_cairo_show_layout_line(cairo, pango_layout_get_line_readonly(layout.get(), 0));
  cairo_new_path(cairo);
  pango_context_set_matrix(impl_->context.get(), nullptr);
}

}  // namespace attn
