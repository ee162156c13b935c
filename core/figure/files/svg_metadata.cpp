#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <glib.h>

#include "core/base/text.hpp"
#include "core/figure/files/metadata.hpp"
#include "core/figure/files/svg_writer.hpp"

namespace attn {
namespace {

// What the parser has seen. Its callbacks are C: nothing is thrown through them but by memory that ran out,
// which ends the program anyway in glib.
struct Seen {
  std::size_t depth = 0;
  bool is_svg = false, inside = false, twice = false, too_long = false;
  std::optional<std::string> text;
};

constexpr std::size_t kMetadataDepth = 2;  // below the root
constexpr std::size_t kMostDepth = 100;    // the parser keeps every open element

void start_element(GMarkupParseContext*, const gchar* name, const gchar** keys, const gchar** values,
                   gpointer data, GError** error) {
  Seen& seen = *static_cast<Seen*>(data);
  if (++seen.depth > kMostDepth) {
    g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT,
                        "more than 100 nested elements");
    return;
  }
  const std::string_view element(name);
  if (seen.depth == 1) seen.is_svg = element == "svg";
  if (seen.depth != kMetadataDepth || element != "metadata") return;
  for (; *keys != nullptr; ++keys, ++values) {
    if (std::string_view(*keys) != "id" || std::string_view(*values) != "attnscope") continue;
    seen.twice = seen.text.has_value();
    seen.inside = !seen.twice;
    if (seen.inside) seen.text.emplace();
  }
}

void end_element(GMarkupParseContext*, const gchar*, gpointer data, GError**) {
  Seen& seen = *static_cast<Seen*>(data);
  if (seen.depth-- == kMetadataDepth) seen.inside = false;
}

void add_text(GMarkupParseContext*, const gchar* text, gsize length, gpointer data, GError**) {
  Seen& seen = *static_cast<Seen*>(data);
  if (!seen.inside || seen.depth != kMetadataDepth || seen.text->size() > kMaxMetadataBytes) return;
  seen.text->append(text, length);
}

}  // namespace

Result<std::string> svg_metadata(std::string_view bytes, const std::string& name) {
  constexpr GMarkupParser kParser{start_element, end_element, add_text, nullptr, nullptr};
  Seen seen;
  struct Free {
    void operator()(GMarkupParseContext* context) const { g_markup_parse_context_free(context); }
    void operator()(GError* error) const { g_error_free(error); }
  };
  const std::unique_ptr<GMarkupParseContext, Free> context(
      g_markup_parse_context_new(&kParser, G_MARKUP_TREAT_CDATA_AS_TEXT, &seen, nullptr));
  GError* raw = nullptr;
  const bool good = g_markup_parse_context_parse(context.get(), bytes.data(),
                                                 static_cast<gssize>(bytes.size()), &raw) != FALSE &&
                    g_markup_parse_context_end_parse(context.get(), &raw) != FALSE;
  const std::unique_ptr<GError, Free> error(raw);
  if (!good) {
    gint line = 0, column = 0;
    g_markup_parse_context_get_position(context.get(), &line, &column);
    return broken_figure(name, fmt::format("{}:{}", line, column), "the XML of an SVG file",
                         error == nullptr ? "something else" : visible(error->message));
  }
  if (!seen.is_svg || !seen.text) return no_metadata(name);
  if (seen.twice) return two_metadata(name, "element <metadata>");
  return checked_metadata(*seen.text, name, "element <metadata>");
}

}  // namespace attn
