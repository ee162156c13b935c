#include "core/document/tensors/npy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/limits.hpp"
#include "core/document/tensors/tensor_archive.hpp"

namespace attn {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x93NUMPY"sv;
constexpr std::size_t kVersionAt = 6;
constexpr std::size_t kLengthAt = 8;
constexpr std::size_t kShownCharacters = 40;
constexpr const char* kDict = "the keys descr, fortran_order and shape, once each";

// Types that numpy writes and that are no numbers of ours, by the letter behind the byte order.
struct Foreign {
  char letter;
  const char* what;
  const char* hint;
};
constexpr std::array kForeign = {
    Foreign{'O', "Python objects", "Objects are pickled, which is never run here. Save numbers."},
    Foreign{'c', "complex numbers", "Save their real part, or their magnitude."},
    Foreign{'U', "texts", ""},
    Foreign{'S', "texts", ""},
    Foreign{'a', "texts", ""},
    Foreign{'M', "dates", ""},
    Foreign{'m', "times", ""},
    Foreign{'V', "raw bytes", "numpy has no bfloat16: save it as float32."},
    Foreign{'f', "floats of another size", "Save them as float32 or float64."},
};

struct Header {
  std::optional<std::string> descr;
  std::size_t descr_at = 0;
  std::optional<bool> fortran;
  std::optional<std::vector<std::size_t>> shape;
  std::size_t shape_at = 0;
};

// Reads the dict, one token after another. `at` counts in the header's own text.
class DictReader {
 public:
  DictReader(std::string_view text, std::size_t base, const std::string& entry)
      : text_(text), base_(base), entry_(entry) {}

  Result<Header> read() {
    if (!take('{')) return fail("'{', the start of a dict");
    Header header;
    while (!take('}')) {
      auto pair = read_pair(header);
      if (!pair) return tl::unexpected(std::move(pair.error()));
      if (take(',')) continue;
      if (!take('}')) return fail("',' or '}'");
      break;
    }
    skip_spaces();
    if (at_ != text_.size()) return fail("nothing behind the dict");
    if (!header.descr || !header.fortran || !header.shape) {
      at_ = 0;
      return fail(kDict, "a dict without " + std::string(!header.descr     ? "descr"
                                                         : !header.fortran ? "fortran_order"
                                                                           : "shape"));
    }
    return header;
  }

 private:
  void skip_spaces() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  bool take(char c) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool take_word(std::string_view word) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  [[nodiscard]] tl::unexpected<Error> fail(std::string expected, std::string found = {},
                                           ErrorCode code = ErrorCode::syntax, std::string hint = {}) const {
    if (found.empty()) {
      const std::string_view rest = text_.substr(at_);
      found = rest.empty() ? "the end of the header"
                           : fmt::format("\"{}\"", shorten_middle(visible(rest.substr(0, kShownCharacters)),
                                                                  kShownCharacters));
    }
    return tl::unexpected(Error{code,
                                {},
                                fmt::format("{}header byte {}", entry_, base_ + at_),
                                std::move(expected),
                                std::move(found),
                                std::move(hint)});
  }

  // A text in quotes of either kind; numpy writes none with a backslash in it.
  Result<std::string> read_text(const char* what) {
    skip_spaces();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') return fail(what);
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return fail(fmt::format("{} that ends", what));
    std::string text(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return text;
  }

  Result<void> read_pair(Header& header) {
    skip_spaces();
    const std::size_t start = at_;
    auto key = read_text("a key in quotes");
    if (!key) return tl::unexpected(std::move(key.error()));
    if (!take(':')) return fail("':'");
    if (*key == "descr" && !header.descr) return read_descr(header);
    if (*key == "fortran_order" && !header.fortran) {
      header.fortran = take_word("True");
      if (!*header.fortran && !take_word("False")) return fail("True or False");
      return {};
    }
    if (*key == "shape" && !header.shape) return read_shape(header);
    at_ = start;
    return fail(kDict);
  }

  Result<void> read_descr(Header& header) {
    skip_spaces();
    header.descr_at = at_;
    if (at_ < text_.size() && text_[at_] == '[') {
      return fail("one kind of number", "a structure of several", ErrorCode::type,
                  "Save one field of it as an array of its own.");
    }
    auto descr = read_text("a type in quotes");
    if (!descr) return tl::unexpected(std::move(descr.error()));
    header.descr = std::move(*descr);
    return {};
  }

  Result<void> read_shape(Header& header) {
    if (!take('(')) return fail("'(', the start of a shape");
    header.shape_at = at_ - 1;
    header.shape.emplace();
    while (!take(')')) {
      skip_spaces();
      if (at_ < text_.size() && text_[at_] == '-') {
        return fail("lengths from 0", {}, ErrorCode::shape);
      }
      if (header.shape->size() == limits::kTensorRank) {
        return fail(fmt::format("at most {} axes", limits::kTensorRank), "more", ErrorCode::limit);
      }
      std::size_t length = 0;
      const char* const from = text_.data() + at_;
      const auto [end, problem] = std::from_chars(from, text_.data() + text_.size(), length);
      if (problem == std::errc::result_out_of_range) {
        return fail("a length of at most 64 bits", {}, ErrorCode::limit);
      }
      if (problem != std::errc()) return fail("a whole number or ')'");
      at_ += static_cast<std::size_t>(end - from);
      if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2
      header.shape->push_back(length);
      if (take(',')) continue;
      if (!take(')')) return fail("',' or ')'");
      break;
    }
    return {};
  }

  std::string_view text_;
  std::size_t base_;
  const std::string& entry_;
  std::size_t at_ = 0;
};

class Reader {
 public:
  Reader(std::shared_ptr<ByteSource> bytes, const std::string& entry)
      : bytes_(std::move(bytes)), entry_(entry.empty() ? "" : entry + ", ") {}

  Result<StoredArray> read() {
    if (auto length = read_length(); !length) return tl::unexpected(std::move(length.error()));
    std::string text(length_, '\0');
    if (auto read = bytes_->read(start_, std::as_writable_bytes(std::span(text))); !read)
      return tl::unexpected(std::move(read.error()));
    auto header = DictReader(text, start_, entry_).read();
    if (!header) return tl::unexpected(std::move(header.error()));
    StoredArray array;
    if (auto typed = read_type(*header, array); !typed) return tl::unexpected(std::move(typed.error()));
    array.fortran = *header->fortran;
    array.shape = std::move(*header->shape);
    array.begin = start_ + length_;
    array.place =
        entry_.empty() ? fmt::format("data byte {}", array.begin) : entry_.substr(0, entry_.size() - 2);
    array.shape_place = at(start_ + header->shape_at);
    if (auto filled = check_size(array); !filled) return tl::unexpected(std::move(filled.error()));
    array.bytes = std::move(bytes_);
    return array;
  }

 private:
  [[nodiscard]] std::string at(std::size_t byte) const {
    return fmt::format("{}header byte {}", entry_, byte);
  }

  [[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, std::string place, std::string expected,
                                           std::string found, std::string hint = {}) const {
    return tl::unexpected(
        Error{code, {}, std::move(place), std::move(expected), std::move(found), std::move(hint)});
  }

  // Magic, version and the header's length: leaves `start_` and `length_`.
  Result<void> read_length() {
    std::array<unsigned char, 12> head{};
    const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(bytes_->size(), kLengthAt + 2));
    if (auto read = bytes_->read(0, std::as_writable_bytes(std::span(head)).first(there)); !read) return read;
    const std::string_view magic(reinterpret_cast<const char*>(head.data()), kMagic.size());
    if (there < kLengthAt + 2 || magic != kMagic) {
      return fail(ErrorCode::syntax, at(0), "a NumPy array, which starts with \\x93NUMPY",
                  there < kLengthAt + 2 ? fmt::format("{} bytes", there) : "other bytes");
    }
    const int version = head[kVersionAt];
    if (version < 1 || version > 3 || head[kVersionAt + 1] != 0) {
      return fail(ErrorCode::unsupported, at(kVersionAt), "version 1.0, 2.0 or 3.0",
                  fmt::format("{}.{}", version, head[kVersionAt + 1]));
    }
    start_ = kLengthAt + (version == 1 ? 2 : 4);
    if (version > 1 && bytes_->size() >= start_) {
      if (auto read = bytes_->read(10, std::as_writable_bytes(std::span(head)).subspan(10, 2)); !read)
        return read;
    }
    length_ = head[8] | static_cast<std::size_t>(head[9]) << 8 | static_cast<std::size_t>(head[10]) << 16 |
              static_cast<std::size_t>(head[11]) << 24;
    if (length_ > limits::kNpyHeaderBytes) {
      return fail(ErrorCode::limit, at(kLengthAt),
                  fmt::format("a header of at most {} bytes", grouped(limits::kNpyHeaderBytes)),
                  grouped(length_));
    }
    if (bytes_->size() < start_ + length_) {
      return fail(ErrorCode::syntax, at(kLengthAt), fmt::format("{} bytes of header", length_),
                  fmt::format("{}", bytes_->size() < start_ ? 0 : bytes_->size() - start_),
                  "The file is cut off.");
    }
    return {};
  }

  Result<void> read_type(const Header& header, StoredArray& array) const {
    const std::string& descr = *header.descr;
    const std::string place = at(start_ + header.descr_at);
    const bool ordered = !descr.empty() && "<>=|"sv.find(descr.front()) != std::string_view::npos;
    const std::string_view type = std::string_view(descr).substr(ordered ? 1 : 0);
    array.dtype = find_dtype(&Dtype::npy, type == "?" ? "b1"sv : type);
    if (array.dtype != nullptr) {
      array.swapped = descr.front() == '>' && array.dtype->size > 1;
      return {};
    }
    const auto* foreign = std::find_if(kForeign.begin(), kForeign.end(), [&](const Foreign& each) {
      return !type.empty() && each.letter == type.front();
    });
    const std::string shown = fmt::format("\"{}\"", shorten_middle(visible(descr), kShownCharacters));
    if (foreign == kForeign.end()) return fail(ErrorCode::type, place, "a type of numbers", shown);
    return fail(ErrorCode::type, place, "a type of numbers", fmt::format("{} ({})", shown, foreign->what),
                foreign->hint);
  }

  Result<void> check_size(const StoredArray& array) const {
    std::vector<std::size_t> lengths = array.shape;
    lengths.push_back(array.dtype->size);
    // A 0 among the lengths would hide a product that wraps.
    std::replace(lengths.begin(), lengths.end(), std::size_t{0}, std::size_t{1});
    const auto bound = checked_product(lengths);
    if (!bound) {
      return fail(ErrorCode::limit, array.shape_place, "a shape whose size fits 64 bits",
                  shape_text(array.shape));
    }
    const bool empty = std::find(array.shape.begin(), array.shape.end(), 0u) != array.shape.end();
    const std::uint64_t wanted = empty ? 0 : *bound;
    const std::uint64_t there = bytes_->size() - array.begin;
    if (wanted == there) return {};
    return fail(ErrorCode::shape, array.shape_place,
                fmt::format("{} bytes of numbers for the shape {}", grouped(wanted), shape_text(array.shape)),
                grouped(there),
                wanted > there ? "The file is cut off." : "There is something behind the array.");
  }

  std::shared_ptr<ByteSource> bytes_;
  std::string entry_;
  std::size_t start_ = 0;   // of the dict
  std::size_t length_ = 0;  // of the dict
};

// A .npy file: one array.
class Npy : public TensorArchive {
 public:
  explicit Npy(StoredArray array) : array_(std::move(array)) {}
  [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }
  [[nodiscard]] Result<StoredArray> find(const std::string&) override { return array_; }

 private:
  StoredArray array_;
  std::vector<std::string> names_;
};

}  // namespace

Result<StoredArray> read_npy_header(std::shared_ptr<ByteSource> bytes, const std::string& entry) {
  return Reader(std::move(bytes), entry).read();
}

Result<std::unique_ptr<TensorArchive>> open_npy(std::shared_ptr<const RegularFile> file) {
  auto array = read_npy_header(std::make_shared<FileBytes>(file));
  if (!array) return tl::unexpected(in_file(std::move(array.error()), file->name()));
  return std::make_unique<Npy>(std::move(*array));
}

}  // namespace attn
