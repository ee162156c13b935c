#include "core/attention/normalizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace attn {
namespace {

constexpr std::array kNormalizers{
    NormalizerKind{"softmax", "e^x over the row's sum of e^x", {}, softmax_row},
};

}  // namespace

std::span<const NormalizerKind> normalizer_kinds() {
  return kNormalizers;
}

const NormalizerKind* normalizer_named(std::string_view name) {
  const auto row = std::ranges::find(kNormalizers, name, &NormalizerKind::name);
  return row == kNormalizers.end() ? nullptr : &*row;
}

void softmax_row(const nlohmann::json&, Eigen::Ref<Eigen::RowVectorXd> row) {
  const double largest = row.maxCoeff();
  const bool infinite = largest == std::numeric_limits<double>::infinity();
  double sum = 0;
  for (Index j = 0; j < row.size(); ++j) {
    row[j] = infinite ? (row[j] == largest ? 1.0 : 0.0) : std::exp(row[j] - largest);
    sum += row[j];
  }
  for (Index j = 0; j < row.size(); ++j) row[j] /= sum;
}

}  // namespace attn
