#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/limits.hpp"
#include "core/document/tensors/safetensors_header.hpp"
#include "core/document/tensors/tensor_archive.hpp"

namespace attn {
namespace {

class Safetensors : public TensorArchive {
 public:
  Safetensors(std::shared_ptr<const RegularFile> file, std::vector<SafetensorsEntry> entries,
              std::uint64_t data_at)
      : file_(std::move(file)), entries_(std::move(entries)), data_at_(data_at) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      names_.push_back(entries_[i].name);
      index_.emplace(entries_[i].name, i);
    }
  }

  [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  [[nodiscard]] Result<StoredArray> find(const std::string& name) override {
    const SafetensorsEntry& entry = entries_[index_.at(name)];
    StoredArray array;
    array.place = array.shape_place = tensor_place(name);
    array.dtype = find_dtype(&Dtype::safetensors, entry.dtype);
    if (array.dtype == nullptr) {
      std::string known;
      for (const Dtype& dtype : dtypes())
        known += (known.empty() ? "" : ", ") + std::string(dtype.safetensors);
      return refuse(ErrorCode::type, array.place, "a dtype of " + known,
                    fmt::format("\"{}\"", shorten_middle(visible(entry.dtype), 40)));
    }
    if (entry.shape.size() > limits::kTensorRank) {
      return refuse(ErrorCode::limit, array.place, fmt::format("at most {} axes", limits::kTensorRank),
                    "more");
    }
    array.shape = entry.shape;
    array.begin = data_at_ + entry.begin;
    array.bytes = std::make_shared<FileBytes>(file_);
    return array;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> refuse(ErrorCode code, std::string place, std::string expected,
                                             std::string found) const {
    return tl::unexpected(
        Error{code, file_->name(), std::move(place), std::move(expected), std::move(found), {}});
  }

  std::shared_ptr<const RegularFile> file_;
  std::vector<SafetensorsEntry> entries_;
  std::uint64_t data_at_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> index_;
};

Error bad_length(ErrorCode code, const std::string& name, std::string expected, std::string found,
                 std::string hint = {}) {
  return {code, name, "header byte 0", std::move(expected), std::move(found), std::move(hint)};
}

}  // namespace

Result<std::unique_ptr<TensorArchive>> open_safetensors(std::shared_ptr<const RegularFile> file) {
  std::array<unsigned char, kSafetensorsLengthBytes> head{};
  if (file->size() < head.size()) {
    return tl::unexpected(bad_length(ErrorCode::syntax, file->name(), "8 bytes of the header's length",
                                     fmt::format("{}", file->size()), "The file is cut off."));
  }
  if (auto read = file->read(0, std::as_writable_bytes(std::span(head))); !read)
    return tl::unexpected(std::move(read.error()));
  std::uint64_t length = 0;
  for (std::size_t i = head.size(); i-- > 0;) length = length << 8 | head[i];
  if (length > file->size() - head.size()) {
    return tl::unexpected(bad_length(
        ErrorCode::syntax, file->name(),
        fmt::format("a header of at most the file's other {} bytes", grouped(file->size() - head.size())),
        grouped(length), "The file is cut off, or it is no safetensors file."));
  }
  if (length > limits::kSafetensorsHeaderBytes) {
    return tl::unexpected(
        bad_length(ErrorCode::limit, file->name(),
                   fmt::format("a header of at most {} bytes", grouped(limits::kSafetensorsHeaderBytes)),
                   grouped(length)));
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  if (auto read = file->read(head.size(), std::as_writable_bytes(std::span(text))); !read)
    return tl::unexpected(std::move(read.error()));
  const std::uint64_t data_at = head.size() + length;
  auto entries = read_safetensors_header(text, file->size() - data_at);
  if (!entries) return tl::unexpected(in_file(std::move(entries.error()), file->name()));
  return std::make_unique<Safetensors>(std::move(file), std::move(*entries), data_at);
}

}  // namespace attn
