#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace attn {

/// An immutable array of float32 in C order. Copies and slices share the numbers.
class Tensor {
 public:
  Tensor() = default;
  /// `values.size()` equals the product of `shape` (checked by whoever reads the numbers).
  Tensor(std::vector<std::size_t> shape, std::vector<float> values)
      : shape_(std::move(shape)), values_(std::make_shared<const std::vector<float>>(std::move(values))) {}

  [[nodiscard]] const std::vector<std::size_t>& shape() const { return shape_; }
  [[nodiscard]] std::size_t rank() const { return shape_.size(); }
  /// Length of axis `axis` counted from the last one: `from_last(0)` is the last axis.
  [[nodiscard]] std::size_t from_last(std::size_t axis) const { return shape_[shape_.size() - 1 - axis]; }
  [[nodiscard]] std::size_t size() const {
    std::size_t product = 1;
    for (const std::size_t length : shape_) product *= length;
    return product;
  }
  [[nodiscard]] std::span<const float> values() const {
    return values_ ? std::span<const float>(*values_).subspan(offset_, size()) : std::span<const float>();
  }
  /// The sub-array at `index` of the first axis; rank ≥ 1.
  [[nodiscard]] Tensor slice(std::size_t index) const {
    Tensor part = *this;
    part.shape_.erase(part.shape_.begin());
    part.offset_ += index * part.size();
    return part;
  }
  /// The same numbers under another shape of the same size.
  [[nodiscard]] Tensor reshaped(std::vector<std::size_t> shape) const {
    Tensor other = *this;
    other.shape_ = std::move(shape);
    return other;
  }

 private:
  std::vector<std::size_t> shape_;
  std::shared_ptr<const std::vector<float>> values_;
  std::size_t offset_ = 0;
};

}  // namespace attn
