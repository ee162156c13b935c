#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/document/tensors/document_folder.hpp"
#include "core/document/tensors/stored_tensor.hpp"
#include "core/document/tensors/tensor_archive.hpp"

namespace attn {

/// A tensor file that is open.
struct TensorFile {
  TensorFileKind kind = TensorFileKind::npy;
  std::unique_ptr<TensorArchive> archive;
};

/// Which kind of tensor file this is, by its first bytes, or else by its name's ending; nothing where it is
/// none. Errors: io.
[[nodiscard]] Result<std::optional<TensorFileKind>> kind_of_file(const RegularFile& file);

/// Opens a tensor file of any kind. Errors: syntax where it is
/// none, and those of its head; the file is named.
[[nodiscard]] Result<TensorFile> open_tensor_file(std::shared_ptr<const RegularFile> file);

/// The tensor files that one document names, and the memory that its tensors may take together. Each file is
/// opened once.
class TensorFiles {
 public:
  /// Of a document without a folder (standard input, pasted text): it may name no files.
  TensorFiles() = default;
  /// Tensors longer than `read_at_once` bytes stay in their files; `cache`: bytes of their parts that are
  /// kept.
  TensorFiles(DocumentFolder folder, std::uint64_t read_at_once, std::uint64_t cache)
      : folder_(std::move(folder)),
        read_at_once_(read_at_once),
        cache_(std::make_shared<TensorCache>(cache)) {}
  /// Of a tensor file that a person opened, known as `name`. Nothing else is opened.
  TensorFiles(const std::string& name, TensorFile file, std::uint64_t read_at_once, std::uint64_t cache)
      : alone_(true), read_at_once_(read_at_once), cache_(std::make_shared<TensorCache>(cache)) {
    files_.emplace(name, std::move(file));
  }

  /// Whether this is a tensor file by itself: messages then speak of it, not of a document that names it.
  [[nodiscard]] bool alone() const { return alone_; }

  /// The file called `name`. Errors: value where there is no folder, limit, and those of opening it.
  [[nodiscard]] Result<TensorFile*> open(const std::string& name);

  /// Whether so many numbers of `array` stay where they are. What is read front to back alone never does.
  [[nodiscard]] bool stays(const StoredArray& array, std::uint64_t numbers) const;
  /// Of the parts of tensors that stay.
  [[nodiscard]] const std::shared_ptr<TensorCache>& cache() const { return cache_; }

  /// Takes memory for so many numbers off what is left. Errors: limit.
  [[nodiscard]] Result<void> reserve(std::uint64_t numbers);

  /// Folds numbers that came out of a file into `fingerprint()`.
  void note(std::span<const float> values);
  /// Folds a tensor that stays in its file into `fingerprint()`: the size of the file, the array's type,
  /// shape and part, and 16 blocks of 4,096 bytes at even distances from its first byte to its last. A change
  /// between them is not seen. Errors: those of reading.
  [[nodiscard]] Result<void> note(const StoredTensor& tensor);
  /// 0 while no number came out of a file.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  std::optional<DocumentFolder> folder_;
  bool alone_ = false;
  std::uint64_t read_at_once_ = 0;
  std::shared_ptr<TensorCache> cache_;
  std::map<std::string, TensorFile> files_;
  std::uint64_t reserved_ = 0;
  std::uint64_t fingerprint_ = 0;
};

}  // namespace attn
