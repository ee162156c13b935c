#include "core/document/sequences.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/keys.hpp"
#include "core/document/limits.hpp"
#include "core/document/tensor_field.hpp"
#include "core/document/tokenize.hpp"

namespace attn {
namespace {

using Integers = std::vector<std::int64_t>;

// The lists with one whole number a token, in the order in which they are read.
enum List : std::size_t { kMask, kSegments, kPositions, kParents, kLists };
constexpr std::array<std::string_view, kLists> kListKeys = {"attention_mask", "segments", "positions",
                                                            "parents"};

using Lists = std::array<std::optional<Integers>, kLists>;

Result<Lists> take_lists(const Fields& fields, std::vector<Note>& notes) {
  Lists lists;
  for (std::size_t i = 0; i < kLists; ++i) {
    TensorRule rule;
    rule.boolean = i == kMask;
    auto list = take_integers(fields, kListKeys[i], rule, notes);
    if (!list) return tl::unexpected(std::move(list.error()));
    lists[i] = std::move(*list);
  }
  return lists;
}

Result<void> check_lists(const Lists& lists, std::size_t n, const Fields& fields) {
  for (std::size_t i = 0; i < kLists; ++i) {
    if (!lists[i] || lists[i]->size() == n) continue;
    return refuse(ErrorCode::shape, fields.place_of(kListKeys[i]), fmt::format("{} numbers, one a token", n),
                  fmt::format("{}", lists[i]->size()));
  }
  return {};
}

// Every chain of parents ends at a root. Each token is walked over once: 0 = new, else the walk that met it
// first.
Result<void> check_parents(const Integers& parents, const std::string& place) {
  const auto n = static_cast<std::int64_t>(parents.size());
  for (std::size_t i = 0; i < parents.size(); ++i) {
    if (parents[i] >= -1 && parents[i] < n) continue;
    return refuse(ErrorCode::value, fmt::format("{}/{}", place, i),
                  fmt::format("a token from 0 to {}, or -1 for a root", n - 1),
                  fmt::format("{}", parents[i]));
  }
  std::vector<std::size_t> met(parents.size(), 0);
  for (std::size_t i = 0; i < parents.size(); ++i) {
    std::int64_t at = static_cast<std::int64_t>(i);
    while (at >= 0 && met[static_cast<std::size_t>(at)] == 0) {
      met[static_cast<std::size_t>(at)] = i + 1;
      at = parents[static_cast<std::size_t>(at)];
    }
    if (at >= 0 && met[static_cast<std::size_t>(at)] == i + 1) {
      return refuse(ErrorCode::value, fmt::format("{}/{}", place, at), "a tree",
                    "a token that is its own ancestor", "A root has the parent -1.");
    }
  }
  return {};
}

Result<std::vector<std::string>> take_tokens(JsonNode& node, const std::string& place) {
  std::vector<std::string> tokens;
  if (auto* list = node.as<JsonNode::List>()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      auto* text = (*list)[i].as<std::string>();
      if (!text) return refuse_type(fmt::format("{}/{}", place, i), "a token's text", (*list)[i]);
      tokens.push_back(std::move(*text));
    }
  } else if (const NumberArray* array = node.array(); array && array->shape.front() > 0) {
    return refuse(ErrorCode::type, place + "/0", "a token's text", "a number or a list",
                  "Tokens stand in double quotes.");
  } else if (node.as<std::string>()) {
    return refuse(ErrorCode::type, place, "a list of texts", describe(node),
                  "A text that is to be split is \"text\".");
  } else if (!array) {
    return refuse_type(place, "a list of texts", node);
  }
  if (auto valid = check_tokens(tokens, place); !valid) return tl::unexpected(std::move(valid.error()));
  return tokens;
}

// From `tokens_key` or `text`; empty where neither is given.
Result<std::vector<std::string>> tokens_of(const Fields& fields, std::string_view tokens_key) {
  JsonNode* tokens = fields.find(tokens_key);
  auto text = fields.text("text");
  if (!text) return tl::unexpected(std::move(text.error()));
  if (tokens && *text) {
    return refuse(ErrorCode::value, fields.place_of("text"), fmt::format("either {} or text", tokens_key),
                  "both");
  }
  if (tokens) return take_tokens(*tokens, fields.place_of(tokens_key));
  if (!*text) return std::vector<std::string>();
  auto words = tokenize(**text, limits::kTokens);
  if (auto valid = check_tokens(words, fields.place_of("text")); !valid) {
    return tl::unexpected(std::move(valid.error()));
  }
  return words;
}

std::optional<std::size_t> length_of(const std::optional<Tensor>& embeddings, const Lists& lists) {
  if (embeddings) return embeddings->shape().front();
  for (const auto& list : lists) {
    if (list) return list->size();
  }
  return std::nullopt;
}

// {"file", "rows", "cols", "skip"}: skip + rows · cols tokens.
Result<std::optional<ImageGrid>> read_image(const Fields& fields, std::size_t n, std::vector<Note>& notes) {
  JsonNode* node = fields.find("image");
  if (!node) return std::nullopt;
  auto image = as_fields(*node, fields.place_of("image"), "an image: an object with rows and cols", nullptr);
  if (!image) return tl::unexpected(std::move(image.error()));
  const std::vector<std::string> known{"file", "rows", "cols", "skip"};
  if (auto valid = check_keys(*image, {"image"}, known, notes); !valid)
    return tl::unexpected(std::move(valid.error()));
  auto rows = image->count("rows");
  if (!rows) return tl::unexpected(std::move(rows.error()));
  auto columns = image->count("cols");
  if (!columns) return tl::unexpected(std::move(columns.error()));
  if (!*rows || !*columns) return refuse(ErrorCode::type, image->place(), "rows and cols", "not both");
  ImageGrid grid{**rows, **columns, 0};
  if (const JsonNode* skip = image->find("skip")) {
    const auto* number = skip->as<JsonNumber>();
    if (!number || number->value < 0 || number->value > static_cast<double>(n) ||
        number->value != std::floor(number->value)) {
      return refuse(ErrorCode::value, image->place_of("skip"), fmt::format("a whole number from 0 to {}", n),
                    describe(*skip));
    }
    grid.skip = static_cast<std::size_t>(number->value);
  }
  if (grid.skip + grid.rows * grid.columns != n) {
    return refuse(ErrorCode::shape, image->place(), fmt::format("skip + rows × cols = {} tokens", n),
                  fmt::format("{} + {} × {}", grid.skip, grid.rows, grid.columns));
  }
  return grid;
}

// Gives `sequence` what `fields` say of each token, and numbers as tokens where it has none.
Result<void> read_details(const Fields& fields, Sequence& sequence, std::vector<Note>& notes) {
  auto embeddings = take_tensor(fields, "embeddings", 2, 2, {.may_stay = true}, notes);
  if (!embeddings) return tl::unexpected(std::move(embeddings.error()));
  auto lists = take_lists(fields, notes);
  if (!lists) return tl::unexpected(std::move(lists.error()));
  if (sequence.tokens.empty()) {
    const auto n = length_of(*embeddings, *lists);
    if (!n)
      return refuse(ErrorCode::shape, fields.place(), "a sequence with tokens, text or embeddings",
                    "none of them");
    if (*n > limits::kTokens) {
      return refuse(ErrorCode::limit, fields.place(),
                    fmt::format("at most {} tokens", grouped(limits::kTokens)), grouped(*n));
    }
    sequence.tokens = numbered_tokens(*n);
    notes.push_back({Note::Kind::inferred, fields.place(),
                     fmt::format("No tokens are given: they are numbered 0 to {}.", *n - 1)});
  }
  const std::size_t n = sequence.tokens.size();
  if (*embeddings && (*embeddings)->shape().front() != n) {
    return refuse(ErrorCode::shape, fields.place_of("embeddings"), fmt::format("{} rows, one a token", n),
                  shape_text((*embeddings)->shape()));
  }
  if (auto valid = check_lists(*lists, n, fields); !valid) return valid;
  if ((*lists)[kParents]) {
    if (auto valid = check_parents(*(*lists)[kParents], fields.place_of("parents")); !valid) return valid;
  }
  auto image = read_image(fields, n, notes);
  if (!image) return tl::unexpected(std::move(image.error()));
  sequence.image = *image;
  sequence.embeddings = std::move(*embeddings);
  for (const std::int64_t real : (*lists)[kMask].value_or(Integers())) {
    sequence.attention_mask.push_back(static_cast<std::uint8_t>(real));
  }
  sequence.segments = (*lists)[kSegments].value_or(Integers());
  sequence.positions = (*lists)[kPositions].value_or(Integers());
  sequence.parents = (*lists)[kParents].value_or(Integers());
  return {};
}

Result<Sequence> read_sequence(const Fields& fields, std::string name, std::string_view tokens_key,
                               std::vector<Note>& notes) {
  Sequence sequence;
  sequence.name = std::move(name);
  auto tokens = tokens_of(fields, tokens_key);
  if (!tokens) return tl::unexpected(std::move(tokens.error()));
  sequence.tokens = std::move(*tokens);
  if (auto read = read_details(fields, sequence, notes); !read)
    return tl::unexpected(std::move(read.error()));
  return sequence;
}

Result<SequenceSet> read_named(JsonNode& node, const std::string& place, TensorFiles* files,
                               std::vector<Note>& notes) {
  const auto known = keys::joined({keys::kSequence});
  auto named = as_fields(node, place, "an object of sequences by name", files);
  if (!named) return tl::unexpected(std::move(named.error()));
  SequenceSet set;
  for (JsonMember& member : *node.as<JsonNode::Object>()) {
    auto fields = as_fields(member.value, named->place_of(member.key),
                            "a sequence: an object with tokens, text or embeddings", files);
    if (!fields) return tl::unexpected(std::move(fields.error()));
    if (auto valid = check_keys(*fields, {"sequence"}, known, notes); !valid)
      return tl::unexpected(std::move(valid.error()));
    auto sequence = read_sequence(*fields, member.key, "tokens", notes);
    if (!sequence) return tl::unexpected(std::move(sequence.error()));
    set.sequences.push_back(std::move(*sequence));
  }
  if (set.sequences.empty()) return refuse(ErrorCode::shape, place, "at least one sequence", "none");
  return set;
}

// {"query_tokens", "key_tokens", …}: what is said of each token belongs to the keys, unless only the queries
// are as many.
Result<SequenceSet> read_two_lists(const Fields& fields, std::vector<Note>& notes) {
  SequenceSet set;
  set.two_lists = true;
  for (const std::string_view key : keys::kTokenLists) {
    JsonNode* node = fields.find(key);
    if (!node)
      return refuse(ErrorCode::type, fields.place(), "query_tokens and key_tokens",
                    fmt::format("no {}", key));
    auto tokens = take_tokens(*node, fields.place_of(key));
    if (!tokens) return tl::unexpected(std::move(tokens.error()));
    Sequence sequence;
    sequence.name = key == keys::kTokenLists[0] ? "query" : "key";
    sequence.tokens = std::move(*tokens);
    set.sequences.push_back(std::move(sequence));
  }
  for (const std::string_view key : {"tokens", "text", "embeddings"}) {
    if (!fields.has(key)) continue;
    return refuse(ErrorCode::value, fields.place_of(key), "query_tokens and key_tokens alone",
                  fmt::format("{} beside them", key),
                  "Two sequences with embeddings are written under \"sequences\".");
  }
  auto read = read_details(fields, set.sequences[1], notes);
  if (!read) return tl::unexpected(std::move(read.error()));
  return set;
}

}  // namespace

std::vector<std::string> SequenceSet::names() const {
  std::vector<std::string> all;
  for (const Sequence& sequence : sequences) all.push_back(sequence.name);
  return all;
}

std::vector<std::string> numbered_tokens(std::size_t n) {
  std::vector<std::string> tokens;
  tokens.reserve(n);
  for (std::size_t i = 0; i < n; ++i) tokens.push_back(std::to_string(i));
  return tokens;
}

Result<void> check_tokens(const std::vector<std::string>& tokens, const std::string& place) {
  if (tokens.empty()) return refuse(ErrorCode::shape, place, "at least one token", "none");
  if (tokens.size() > limits::kTokens) {
    return refuse(ErrorCode::limit, place, fmt::format("at most {} tokens", grouped(limits::kTokens)),
                  "more");
  }
  const auto is_long = [](const std::string& token) { return token.size() > limits::kTokenBytes; };
  const auto long_one = std::find_if(tokens.begin(), tokens.end(), is_long);
  if (long_one == tokens.end()) return {};
  return refuse(ErrorCode::limit, fmt::format("{}/{}", place, long_one - tokens.begin()),
                fmt::format("tokens of at most {} bytes", grouped(limits::kTokenBytes)),
                fmt::format("one of {}", grouped(long_one->size())));
}

Result<SequenceSet> read_sequences(const Fields& document, std::vector<Note>& notes) {
  if (JsonNode* node = document.find("sequences"))
    return read_named(*node, document.place_of("sequences"), document.files(), notes);
  if (document.has("key_tokens")) return read_two_lists(document, notes);
  const bool single_list = document.has("query_tokens");
  if (single_list && document.has("tokens")) {
    return refuse(ErrorCode::value, document.place_of("tokens"), "either tokens or query_tokens", "both");
  }
  if (!single_list && !document.has_any(keys::kSequence)) return SequenceSet{};
  auto sequence = read_sequence(document, "tokens", single_list ? "query_tokens" : "tokens", notes);
  if (!sequence) return tl::unexpected(std::move(sequence.error()));
  SequenceSet set;
  set.sequences.push_back(std::move(*sequence));
  return set;
}

}  // namespace attn
