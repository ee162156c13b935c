#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/progress.hpp"
#include "core/document/tensor.hpp"
#include "core/document/tensors/stored_array.hpp"

namespace attn {

/// Parts of one document's tensors that were read from their files, at most `budget` bytes of them: those
/// that were used last. For many threads, which read one after the other.
class TensorCache {
 public:
  explicit TensorCache(std::uint64_t budget) : budget_(budget) {}

  /// Numbers [from, from + count) of `tensor` in C order: indices of one axis, all of the axes behind it.
  /// Errors: those of `read_tensor`.
  [[nodiscard]] Result<Tensor::Numbers> get(const std::shared_ptr<const StoredTensor>& tensor,
                                            std::size_t from, std::size_t count, Progress* progress);

  /// Bytes that were read from files so far.
  [[nodiscard]] std::uint64_t bytes_read() const;
  /// Bytes of numbers that are kept.
  [[nodiscard]] std::uint64_t bytes_kept() const;

 private:
  struct Entry {
    std::weak_ptr<const StoredTensor> tensor;  ///< tensors keep their cache, not the other way round
    std::size_t from = 0;
    Tensor::Numbers numbers;
  };

  std::uint64_t budget_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  ///< the one that was used last in front
  std::uint64_t kept_ = 0;
  std::uint64_t read_ = 0;
};

/// A tensor that stays in its file.
struct StoredTensor {
  StoredArray array;
  std::vector<AxisRange> ranges;       ///< the part of `array` that it is, one an axis
  std::string file;                    ///< as messages call it
  std::optional<std::string> pointer;  ///< to the reference in a document; nothing where the file is opened
                                       ///< by itself
  bool zero_one = false;               ///< a mask: its numbers are 0 and 1
  std::shared_ptr<TensorCache> cache;  ///< of the document

  /// `error`, met while this was read, with its place: `/layers/0/q: q.npz: tensor "q"`, or in `file`.
  [[nodiscard]] Error placed(Error error) const;
  /// The same numbers with both of its axes exchanged.
  [[nodiscard]] std::shared_ptr<const StoredTensor> transposed() const;
};

/// `tensor` with its numbers at hand: as it is, or read from its file block by block, or from the cache of
/// its document. `progress` counts numbers. Errors: io (a file that is not as it was when it was opened),
/// syntax (a broken archive), value (numbers outside float32, a mask's that are not 0 or 1), limit (more than
/// `tensor_memory`), cancelled.
[[nodiscard]] Result<Tensor> read_tensor(const Tensor& tensor, Progress* progress = nullptr);

/// The numbers of a tensor that is not at hand, past the cache. Errors: those of `read_tensor`.
[[nodiscard]] Result<ReadNumbers> read_stored(const StoredTensor& tensor, std::size_t from, std::size_t count,
                                              Progress* progress);

/// The numbers of a mask, at `place`. Errors: value, where one is neither 0 nor 1.
[[nodiscard]] Result<void> check_zero_one(std::span<const float> values, const std::string& place);

/// Bytes that numbers out of files may take together: limits::kTensorMemoryBytes, or half of the machine's
/// memory where that is less.
[[nodiscard]] std::uint64_t tensor_memory();
/// The refusal of so many numbers where they are beyond it.
[[nodiscard]] Error beyond_memory(std::uint64_t numbers);

}  // namespace attn
