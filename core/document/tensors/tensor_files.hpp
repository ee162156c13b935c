#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/document/tensors/document_folder.hpp"
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
  explicit TensorFiles(DocumentFolder folder) : folder_(std::move(folder)) {}
  /// Of a tensor file that a person opened, known as `name`. Nothing else is opened.
  TensorFiles(const std::string& name, TensorFile file) : alone_(true) {
    files_.emplace(name, std::move(file));
  }

  /// Whether this is a tensor file by itself: messages then speak of it, not of a document that names it.
  [[nodiscard]] bool alone() const { return alone_; }

  /// The file called `name`. Errors: value where there is no folder, limit, and those of opening it.
  [[nodiscard]] Result<TensorFile*> open(const std::string& name);

  /// Takes memory for so many numbers off what is left. Errors: limit.
  [[nodiscard]] Result<void> reserve(std::uint64_t numbers);

  /// Folds numbers that came out of a file into `fingerprint()`.
  void note(std::span<const float> values);
  /// 0 while no number came out of a file.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  std::optional<DocumentFolder> folder_;
  bool alone_ = false;
  std::map<std::string, TensorFile> files_;
  std::uint64_t reserved_ = 0;
  std::uint64_t fingerprint_ = 0;
};

}  // namespace attn
