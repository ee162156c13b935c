#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "core/document/json_path.hpp"
#include "core/document/json_tree.hpp"

namespace attn {

/// Collects the numbers of one nested array in C order and remembers the first defect of each kind. `path`
/// says where the number at hand stands; the array's text begins at `start`, the whole text ends at `end`.
class NumberBuilder {
 public:
  NumberBuilder(const JsonPath& path, const char* start, const char* end,
                std::unique_ptr<NumberArray> first_row = std::make_unique<NumberArray>())
      : path_(path), start_(start), end_(end), array_(std::move(first_row)) {}

  /// Lengths of the rows below the outermost axis, as the first element had them.
  [[nodiscard]] const std::vector<std::size_t>& row_shape() const { return array_->shape; }
  /// The array, with an outermost axis of this length.
  [[nodiscard]] std::unique_ptr<NumberArray> finish(std::size_t length) {
    array_->shape.insert(array_->shape.begin(), length);
    return std::move(array_);
  }

  /// `token` is the number's text, behind which white space may follow.
  void add(double number, std::string_view token) {
    const double magnitude = std::abs(number);
    const bool plain = magnitude >= kSmallestNormal && magnitude <= kLargest && !array_->whole;
    if (!plain || array_->values.size() == array_->values.capacity()) return add_carefully(number, token);
    array_->values.push_back(static_cast<float>(number));
  }
  void add_null() { add_masked(Defect::Kind::null, "null"); }
  void add_minus_infinity() { add_masked(Defect::Kind::minus_infinity, "-Infinity"); }
  void add_boolean(bool truth);
  void note(Defect::Kind kind, std::string expected, std::string found);

 private:
  static constexpr double kSmallestNormal = std::numeric_limits<float>::min();
  static constexpr double kLargest = std::numeric_limits<float>::max();

  void add_carefully(double number, std::string_view token);
  void add_masked(Defect::Kind kind, const char* word);
  void grow(const char* at);

  const JsonPath& path_;
  const char* start_;
  const char* end_;
  std::unique_ptr<NumberArray> array_;
};

}  // namespace attn
