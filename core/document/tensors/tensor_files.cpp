#include "core/document/tensors/tensor_files.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "core/base/random.hpp"
#include "core/base/text.hpp"
#include "core/document/file_kind.hpp"
#include "core/document/limits.hpp"

namespace attn {
namespace {

constexpr std::size_t kHeadBytes = 64;
constexpr std::uint64_t kNotedBlocks = 16;
constexpr std::uint64_t kNotedBytes = 4096;

Result<std::string> head_of(const RegularFile& file) {
  std::string head(static_cast<std::size_t>(std::min<std::uint64_t>(kHeadBytes, file.size())), '\0');
  if (auto read = file.read(0, std::as_writable_bytes(std::span(head))); !read)
    return tl::unexpected(std::move(read.error()));
  return head;
}

}  // namespace

Result<std::optional<TensorFileKind>> kind_of_file(const RegularFile& file) {
  auto head = head_of(file);
  if (!head) return tl::unexpected(std::move(head.error()));
  return tensor_file_kind(*head, file.name());
}

Result<TensorFile> open_tensor_file(std::shared_ptr<const RegularFile> file) {
  auto bytes = head_of(*file);
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  const auto kind = tensor_file_kind(*bytes, file->name());
  if (!kind) {
    FileLooks looks = looks_of(*bytes);
    return tl::unexpected(Error{ErrorCode::syntax,
                                file->name(),
                                {},
                                "a .npy, .npz or .safetensors file",
                                std::move(looks.what),
                                std::move(looks.hint)});
  }
  auto archive = open_archive(std::move(file), *kind);
  if (!archive) return tl::unexpected(std::move(archive.error()));
  return TensorFile{*kind, std::move(*archive)};
}

Result<TensorFile*> TensorFiles::open(const std::string& name) {
  if (const auto known = files_.find(name); known != files_.end()) return &known->second;
  if (!folder_) {
    return tl::unexpected(Error{ErrorCode::value,
                                name,
                                {},
                                "tensors in the text itself",
                                "a file beside a text that has no folder",
                                "Save the document beside its files, and open it by its name."});
  }
  if (files_.size() == limits::kReferencedFiles) {
    return tl::unexpected(Error{ErrorCode::limit,
                                name,
                                {},
                                fmt::format("at most {} files", limits::kReferencedFiles),
                                "one more",
                                "A .safetensors or .npz file holds many tensors."});
  }
  auto file = folder_->open(name);
  if (!file) return tl::unexpected(std::move(file.error()));
  auto opened = open_tensor_file(std::make_shared<const RegularFile>(std::move(*file)));
  if (!opened) return tl::unexpected(std::move(opened.error()));
  return &files_.emplace(name, std::move(*opened)).first->second;
}

bool TensorFiles::stays(const StoredArray& array, std::uint64_t numbers) const {
  if (!array.bytes->seekable()) return false;
  const std::uint64_t most =
      std::min(read_at_once_, limits::kReadAtOnceTogether - std::min(limits::kReadAtOnceTogether, reserved_));
  return numbers > most / sizeof(float);
}

Result<void> TensorFiles::reserve(std::uint64_t numbers) {
  const std::uint64_t left = tensor_memory() - std::min(tensor_memory(), reserved_);
  if (numbers > left / sizeof(float)) return tl::unexpected(beyond_memory(numbers));
  reserved_ += numbers * sizeof(float);
  return {};
}

void TensorFiles::note(std::span<const float> values) {
  std::uint64_t hash = mix(fingerprint_ ^ values.size());
  for (std::size_t i = 0; i < values.size(); i += 2) {
    std::uint64_t pair = 0;
    std::memcpy(&pair, values.data() + i, std::min<std::size_t>(2, values.size() - i) * sizeof(float));
    hash = mix(hash ^ pair);
  }
  fingerprint_ = hash;
}

Result<void> TensorFiles::note(const StoredTensor& tensor) {
  const StoredArray& array = tensor.array;
  std::uint64_t hash = mix(fingerprint_ ^ array.bytes->size());
  hash = mix(hash ^ fnv1a(array.dtype->name) ^ static_cast<std::uint64_t>(array.swapped ? 2 : 0) ^
             static_cast<std::uint64_t>(array.fortran ? 1 : 0));
  std::uint64_t bytes = array.dtype->size;
  for (std::size_t axis = 0; axis < array.shape.size(); ++axis) {
    bytes *= array.shape[axis];
    for (const std::size_t number : {array.shape[axis], tensor.ranges[axis].from, tensor.ranges[axis].to})
      hash = mix(hash ^ number);
  }
  std::string block(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kNotedBytes)), '\0');
  for (std::uint64_t i = 0; i < kNotedBlocks; ++i) {
    const std::uint64_t at = (bytes - block.size()) / (kNotedBlocks - 1) * i;
    auto read = array.bytes->read(array.begin + at, std::as_writable_bytes(std::span(block)));
    if (!read) return read;
    hash = mix(hash ^ digest(block));
  }
  fingerprint_ = hash;
  return {};
}

}  // namespace attn
