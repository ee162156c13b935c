#include "core/document/synthetic.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "core/base/random.hpp"

namespace attn {
namespace {

constexpr std::uint64_t kTerms = 12;  // the sum of 12 uniform numbers has variance 1

void append_row(std::string_view token, std::vector<float>& values) {
  const std::uint64_t hash = fnv1a(token);
  for (std::uint64_t c = 0; c < kSyntheticWidth; ++c) {
    double sum = 0;
    for (std::uint64_t t = 0; t < kTerms; ++t) sum += uniform(0, hash, c, t);
    values.push_back(static_cast<float>(sum - 6));
  }
}

}  // namespace

Tensor synthetic_embeddings(const std::vector<std::string>& tokens) {
  std::vector<float> values;
  values.reserve(tokens.size() * kSyntheticWidth);
  std::unordered_map<std::string_view, std::size_t> rows;  // token → its first row's offset
  for (const std::string& token : tokens) {
    const auto [row, is_new] = rows.try_emplace(token, values.size());
    if (is_new) {
      append_row(token, values);
    } else {
      const std::size_t from = row->second;
      for (std::size_t c = 0; c < kSyntheticWidth; ++c) values.push_back(values[from + c]);
    }
  }
  return Tensor({tokens.size(), kSyntheticWidth}, std::move(values));
}

}  // namespace attn
