#include "core/document/tensors/safetensors_header.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "core/document/limits.hpp"
#include "core/document/tensors/stored_array.hpp"
#include "core/document/tensors/tensor_archive.hpp"

namespace attn {
namespace {

constexpr std::string_view kMetadata = "__metadata__";
constexpr std::size_t kShownCharacters = 40;

std::string header_byte(std::size_t at) {
  return fmt::format("header byte {}", kSafetensorsLengthBytes + at);
}

// Text of a file in quotes, cut before anything else is done with it.
std::string shown(std::string_view text) {
  return fmt::format("\"{}\"",
                     shorten_middle(visible(text.substr(0, 4 * kShownCharacters)), kShownCharacters));
}

Error error(ErrorCode code, std::string place, std::string expected, std::string found,
            std::string hint = {}) {
  return {code, {}, std::move(place), std::move(expected), std::move(found), std::move(hint)};
}

// Follows the parser's events through the three levels that a header has. The first thing out of place ends
// the parse with `refusal`.
class Handler : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<SafetensorsEntry> entries;
  std::optional<Error> refusal;

  bool null() override { return misplaced("null"); }
  bool boolean(bool truth) override { return misplaced(truth ? "true" : "false"); }
  bool number_integer(number_integer_t number) override { return misplaced(fmt::format("{}", number)); }
  bool number_float(number_float_t, const string_t& text) override { return misplaced(shown(text)); }
  bool binary(binary_t&) override { return misplaced("binary"); }

  bool number_unsigned(number_unsigned_t number) override {
    if (level_ != Level::list) return misplaced(fmt::format("{}", number));
    if (field_ == "shape") {
      if (entries.back().shape.size() < limits::kTensorRank + 1) entries.back().shape.push_back(number);
      return true;
    }
    if (offsets_ == 2) return misplaced("a third number");
    (offsets_++ == 0 ? entries.back().begin : entries.back().end) = number;
    return true;
  }

  bool string(string_t& text) override {
    if (level_ == Level::metadata) return true;
    if (level_ != Level::entry || field_ != "dtype" || text.size() > kShownCharacters) {
      return misplaced(shown(text));
    }
    entries.back().dtype = std::move(text);
    return true;
  }

  bool key(string_t& text) override {
    if (level_ == Level::metadata) return true;
    if (level_ == Level::root) {
      if (text.size() > limits::kTensorNameBytes) {
        return refuse(error(ErrorCode::limit, header_byte(0),
                            fmt::format("names of at most {} bytes", grouped(limits::kTensorNameBytes)),
                            fmt::format("one of {}", grouped(text.size()))));
      }
      if (!names_.insert(text).second) {
        return refuse(error(ErrorCode::duplicate, tensor_place(text), "each name once", "it twice"));
      }
      is_metadata_ = text == kMetadata;
      if (is_metadata_) return true;
      if (entries.size() == limits::kTensorsInFile) {
        return refuse(error(ErrorCode::limit, header_byte(0),
                            fmt::format("at most {} tensors", grouped(limits::kTensorsInFile)), "more"));
      }
      entries.emplace_back();
      entries.back().name = std::move(text);
      fields_.clear();
      return true;
    }
    const bool known = text == "dtype" || text == "shape" || text == "data_offsets";
    if (!known || !fields_.insert(text).second) {
      return misplaced(shown(text) + (known ? " twice" : ""));
    }
    field_ = std::move(text);
    return true;
  }

  bool start_object(std::size_t) override {
    if (level_ == Level::outside) {
      level_ = Level::root;
      return true;
    }
    if (level_ != Level::root) return misplaced("an object");
    level_ = is_metadata_ ? Level::metadata : Level::entry;
    return true;
  }

  bool end_object() override {
    if (level_ == Level::entry && fields_.size() != 3) return misplaced("an object without one of them");
    level_ = level_ == Level::root ? Level::outside : Level::root;
    return true;
  }

  bool start_array(std::size_t) override {
    if (level_ != Level::entry || field_ == "dtype") return misplaced("a list");
    offsets_ = 0;
    level_ = Level::list;
    return true;
  }

  bool end_array() override {
    if (field_ == "data_offsets" && offsets_ != 2) return misplaced(fmt::format("{} offsets", offsets_));
    level_ = Level::entry;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception&) override {
    const std::size_t at = position == 0 ? 0 : position - 1;
    return refuse(error(ErrorCode::syntax, header_byte(at), "JSON", token.empty() ? "its end" : shown(token),
                        "The header is broken."));
  }

 private:
  enum class Level { outside, root, metadata, entry, list };

  bool refuse(Error problem) {
    if (!refusal) refusal = std::move(problem);
    return false;
  }

  // Something of the wrong kind for the place at hand.
  bool misplaced(std::string found) {
    if (level_ == Level::outside || is_metadata_) {
      return refuse(error(ErrorCode::type, header_byte(0),
                          is_metadata_ ? "__metadata__ with texts alone" : "an object of tensors",
                          std::move(found)));
    }
    const std::string expected = level_ == Level::list    ? fmt::format("{} of whole numbers from 0", field_)
                                 : level_ == Level::entry ? "dtype (a text), shape and data_offsets (lists)"
                                                          : "an object of dtype, shape and data_offsets";
    return refuse(error(ErrorCode::type, tensor_place(entries.back().name), expected, std::move(found)));
  }

  Level level_ = Level::outside;
  bool is_metadata_ = false;
  std::string field_;
  std::size_t offsets_ = 0;
  std::unordered_set<std::string> names_;
  std::unordered_set<std::string> fields_;  // of the entry at hand
};

Result<void> check_length(const SafetensorsEntry& entry) {
  const Dtype* dtype = find_dtype(&Dtype::safetensors, entry.dtype);
  if (dtype == nullptr || entry.shape.size() > limits::kTensorRank) return {};
  std::vector<std::size_t> lengths = entry.shape;
  lengths.push_back(dtype->size);
  const auto wanted = checked_product(lengths);
  const std::uint64_t there = entry.end - entry.begin;
  if (wanted == there) return {};
  return tl::unexpected(
      error(ErrorCode::shape, tensor_place(entry.name),
            fmt::format("{} bytes, for {} of {}", wanted ? grouped(*wanted) : "at most 64 bits of",
                        shape_text(entry.shape), entry.dtype),
            grouped(there)));
}

// Each range begins where the one before it ends.
Result<void> check_ranges(const std::vector<SafetensorsEntry>& entries, std::uint64_t data_bytes) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(entries[a].begin, entries[a].end) < std::pair(entries[b].begin, entries[b].end);
  });
  std::uint64_t covered = 0;
  for (const std::size_t i : order) {
    const SafetensorsEntry& entry = entries[i];
    const std::string found = fmt::format("{} to {}", grouped(entry.begin), grouped(entry.end));
    if (entry.end < entry.begin || entry.end > data_bytes) {
      return tl::unexpected(error(ErrorCode::shape, tensor_place(entry.name),
                                  fmt::format("a range within the {} bytes of data", grouped(data_bytes)),
                                  found, entry.end > data_bytes ? "The file may be cut off." : ""));
    }
    if (entry.begin != covered) {
      return tl::unexpected(
          error(ErrorCode::shape, tensor_place(entry.name),
                fmt::format("data that begin at {}, where the tensor before ends", grouped(covered)), found,
                entry.begin < covered ? "Two tensors overlap." : "There is a hole."));
    }
    covered = entry.end;
  }
  if (covered == data_bytes) return {};
  return tl::unexpected(error(ErrorCode::shape, header_byte(0),
                              fmt::format("tensors that cover the {} bytes of data", grouped(data_bytes)),
                              grouped(covered), "There is something behind the last tensor."));
}

}  // namespace

std::string tensor_place(std::string_view name) {
  return fmt::format("tensor \"{}\"", shorten_middle(visible(name), kShownCharacters * 2));
}

Result<std::vector<SafetensorsEntry>> read_safetensors_header(std::string_view text,
                                                              std::uint64_t data_bytes) {
  if (!text.starts_with('{')) {
    return tl::unexpected(error(ErrorCode::syntax, header_byte(0), "'{', the start of the header",
                                text.empty() ? "an empty header" : "something else"));
  }
  // The parser would take a NUL byte for the end.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return tl::unexpected(error(ErrorCode::syntax, header_byte(nul), "JSON", "a NUL byte"));
  }
  if (const std::size_t bad = first_invalid_utf8(text); bad != std::string_view::npos) {
    return tl::unexpected(error(ErrorCode::encoding, header_byte(bad), "UTF-8", "a byte that is none"));
  }
  Handler handler;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &handler)) {
    return tl::unexpected(handler.refusal.value_or(error(ErrorCode::syntax, header_byte(0), "JSON", "none")));
  }
  if (auto ranges = check_ranges(handler.entries, data_bytes); !ranges)
    return tl::unexpected(std::move(ranges.error()));
  for (const SafetensorsEntry& entry : handler.entries) {
    if (auto length = check_length(entry); !length) return tl::unexpected(std::move(length.error()));
  }
  return std::move(handler.entries);
}

}  // namespace attn
