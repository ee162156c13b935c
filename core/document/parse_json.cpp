#include <simdjson.h>

#include "core/document/json_place.hpp"
#include "core/document/json_tree.hpp"
#include "core/document/json_walk.hpp"

namespace attn {
namespace {

Error stage_one_error(simdjson::error_code code, std::string_view text, std::size_t from, std::size_t to) {
  if (code == simdjson::UTF8_ERROR) return encoding_error(text, from, to);
  if (code == simdjson::EMPTY) {
    return {ErrorCode::syntax, {}, text_place(text, from), "a JSON value", "nothing", "The file is empty."};
  }
  if (code == simdjson::MEMALLOC) {
    return {ErrorCode::limit,    {}, text_place(text, from), "a text that fits into memory",
            "one that does not", {}};
  }
  return syntax_error(text, from, to, to);
}

}  // namespace

Result<JsonNode> parse_json(std::string& text, std::size_t from, std::size_t to, const std::string& pointer,
                            Progress* progress) {
  const std::size_t nul = text.find('\0', from);
  if (nul < to) {
    return tl::unexpected(Error{ErrorCode::syntax,
                                {},
                                text_place(text, nul),
                                "text",
                                "a NUL byte",
                                "JSON has none: the file may be damaged, or is no text."});
  }
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  const auto code = parser.iterate(text.data() + from, to - from, text.capacity() - from).get(document);
  if (code) return tl::unexpected(stage_one_error(code, text, from, to));
  auto node = walk_json(document, pointer, std::string_view(text).substr(from, to - from), progress);
  if (!node && node.error().code == ErrorCode::syntax) {
    const char* near = nullptr;
    if (document.current_location().get(near)) near = text.data() + to;
    return tl::unexpected(syntax_error(text, from, to, static_cast<std::size_t>(near - text.data())));
  }
  return node;
}

}  // namespace attn
