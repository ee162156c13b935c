#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace attn {

struct StoredTensor;  // core/document/tensors/stored_tensor.hpp

/// An immutable array of float32 in C order. Copies and slices share the numbers, which are at hand, or stay
/// in a file until `read_tensor` brings them.
class Tensor {
 public:
  using Numbers = std::shared_ptr<const std::vector<float>>;

  Tensor() = default;
  /// The count of numbers equals the product of `shape` (checked by whoever reads them).
  Tensor(std::vector<std::size_t> shape, std::vector<float> values)
      : shape_(std::move(shape)), values_(std::make_shared<const std::vector<float>>(std::move(values))) {}

  [[nodiscard]] static Tensor sharing(std::vector<std::size_t> shape, Numbers values) {
    Tensor tensor;
    tensor.shape_ = std::move(shape);
    tensor.values_ = std::move(values);
    return tensor;
  }
  [[nodiscard]] static Tensor in_file(std::vector<std::size_t> shape,
                                      std::shared_ptr<const StoredTensor> stored) {
    Tensor tensor;
    tensor.shape_ = std::move(shape);
    tensor.stored_ = std::move(stored);
    return tensor;
  }

  [[nodiscard]] const std::vector<std::size_t>& shape() const { return shape_; }
  [[nodiscard]] std::size_t rank() const { return shape_.size(); }
  /// Length of axis `axis` counted from the last one: `from_last(0)` is the last axis.
  [[nodiscard]] std::size_t from_last(std::size_t axis) const { return shape_[shape_.size() - 1 - axis]; }
  [[nodiscard]] std::size_t size() const {
    std::size_t product = 1;
    for (const std::size_t length : shape_) product *= length;
    return product;
  }
  [[nodiscard]] bool at_hand() const { return stored_ == nullptr; }
  /// The numbers, which are at hand.
  [[nodiscard]] std::span<const float> values() const {
    assert(at_hand());
    return values_ ? std::span<const float>(*values_).subspan(offset_, size()) : std::span<const float>();
  }
  /// Where they are if not at hand, and where this part begins there.
  [[nodiscard]] const std::shared_ptr<const StoredTensor>& stored() const { return stored_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  /// The sub-array at `index` of the first axis; rank ≥ 1.
  [[nodiscard]] Tensor slice(std::size_t index) const {
    Tensor part = *this;
    part.shape_.erase(part.shape_.begin());
    part.offset_ += index * part.size();
    return part;
  }
  /// Indices [from, to) of the first axis; rank ≥ 1.
  [[nodiscard]] Tensor part(std::size_t from, std::size_t to) const {
    Tensor some = *this;
    some.offset_ += from * (size() / shape_.front());
    some.shape_.front() = to - from;
    return some;
  }
  /// The same numbers under another shape of the same size.
  [[nodiscard]] Tensor reshaped(std::vector<std::size_t> shape) const {
    Tensor other = *this;
    other.shape_ = std::move(shape);
    return other;
  }

 private:
  std::vector<std::size_t> shape_;
  Numbers values_;
  std::shared_ptr<const StoredTensor> stored_;
  std::size_t offset_ = 0;
};

}  // namespace attn
