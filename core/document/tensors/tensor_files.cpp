#include "core/document/tensors/tensor_files.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/random.hpp"
#include "core/base/text.hpp"
#include "core/document/file_kind.hpp"
#include "core/document/limits.hpp"

namespace attn {
namespace {

constexpr std::size_t kHeadBytes = 64;

std::uint64_t tensor_budget() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return limits::kTensorMemoryBytes;
  return std::min(limits::kTensorMemoryBytes,
                  static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page) / 2);
}

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

Result<void> TensorFiles::reserve(std::uint64_t numbers) {
  const std::uint64_t left = tensor_budget() - std::min(tensor_budget(), reserved_);
  if (numbers <= left / sizeof(float)) {
    reserved_ += numbers * sizeof(float);
    return {};
  }
  return tl::unexpected(Error{ErrorCode::limit,
                              {},
                              {},
                              fmt::format("tensors of at most {} bytes together, as float32",
                                          grouped(static_cast<std::size_t>(tensor_budget()))),
                              fmt::format("{} numbers more", grouped(static_cast<std::size_t>(numbers))),
                              "\"slice\" reads a part of a tensor."});
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

}  // namespace attn
