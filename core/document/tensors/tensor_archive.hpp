#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/document/tensors/stored_array.hpp"

namespace attn {

/// A file that holds arrays by name, or one array without a name.
class TensorArchive {
 public:
  virtual ~TensorArchive() = default;
  /// The names in the file's order; none where it holds one array without a name.
  [[nodiscard]] virtual const std::vector<std::string>& names() const = 0;
  /// The array called `name`, one of `names()`; any name for a file without names. Errors: syntax, type
  /// (numbers that are none of ours), limit; those of its bytes. Other arrays in the file do no harm.
  [[nodiscard]] virtual Result<StoredArray> find(const std::string& name) = 0;
};

/// What a tensor file is.
enum class TensorFileKind { npy, npz, safetensors };

/// Reads the head of a file of that kind. Errors: syntax, limit, io; places are `header byte N` (from the
/// file's start) or `tensor "name"`, and the file is named.
[[nodiscard]] Result<std::unique_ptr<TensorArchive>> open_archive(std::shared_ptr<const RegularFile> file,
                                                                  TensorFileKind kind);

// One function a kind.
[[nodiscard]] Result<std::unique_ptr<TensorArchive>> open_npy(std::shared_ptr<const RegularFile> file);
[[nodiscard]] Result<std::unique_ptr<TensorArchive>> open_npz(std::shared_ptr<const RegularFile> file);
[[nodiscard]] Result<std::unique_ptr<TensorArchive>> open_safetensors(
    std::shared_ptr<const RegularFile> file);

/// `tensor "name"`, the name shortened.
[[nodiscard]] std::string tensor_place(std::string_view name);

}  // namespace attn
