#include "core/document/number_builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "core/base/large_pages.hpp"
#include "core/document/json_number.hpp"

namespace attn {
namespace {

constexpr double kLargestWhole = 16'777'216;       // 2²⁴
constexpr double kFloatOverflow = 0x1.ffffffp127;  // from here on, the nearest float32 is infinite
constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();
constexpr std::size_t kLargeArray = 1u << 16;  // numbers; from here on, a guess of the length is worth it

bool is_whole(double number) {
  return std::abs(number) <= kLargestWhole && static_cast<double>(static_cast<int>(number)) == number;
}

}  // namespace

void NumberBuilder::add_carefully(double number, std::string_view token) {
  if (array_->values.size() == array_->values.capacity()) grow(token.data());
  if (std::abs(number) >= kFloatOverflow) {
    note(Defect::Kind::overflow, "a number that float32 can hold (up to 3.4e38)", describe_token(token));
    array_->values.push_back(0);
    return;
  }
  array_->whole = array_->whole && is_whole(number);
  const auto stored = static_cast<float>(std::clamp(number, -kLargest, kLargest));
  if (stored == 0 && (number != 0 || has_nonzero_digit(token))) ++array_->vanished;
  array_->values.push_back(stored);
}

void NumberBuilder::add_boolean(bool truth) {
  note(Defect::Kind::boolean, "a number", truth ? "true" : "false");
  array_->values.push_back(truth ? 1.0f : 0.0f);
}

void NumberBuilder::add_masked(Defect::Kind kind, const char* word) {
  note(kind, "a number", word);
  array_->values.push_back(kMinusInfinity);
  array_->whole = false;
}

void NumberBuilder::note(Defect::Kind kind, std::string expected, std::string found) {
  if (array_->defect(kind)) return;
  array_->defects.push_back({kind, path_.pointer(), std::move(expected), std::move(found)});
}

// Growing by doubling would hold a large array one and a half times. Memory that is reserved but never
// touched costs nothing, so a generous guess from the bytes a number took so far is better.
void NumberBuilder::grow(const char* at) {
  std::vector<float>& values = array_->values;
  if (values.size() < kLargeArray) return;
  const auto held = static_cast<double>(values.size());
  const double bytes_each = std::max(2.0, static_cast<double>(at - start_) / held);
  const double more = static_cast<double>(end_ - at) / bytes_each;
  try {
    values.reserve(static_cast<std::size_t>(1.1 * (held + more)) + kLargeArray);
    prefer_large_pages(values.data(), values.capacity() * sizeof(float));
  } catch (const std::bad_alloc&) {
    return;  // too generous for this machine: the vector grows in its own way
  }
}

}  // namespace attn
