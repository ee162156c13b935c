#include "core/document/transpose.hpp"

#include "core/document/tensors/stored_tensor.hpp"

namespace attn {

Tensor transposed(const Tensor& matrix) {
  const std::size_t rows = matrix.shape()[0];
  const std::size_t columns = matrix.shape()[1];
  if (!matrix.at_hand()) return Tensor::in_file({columns, rows}, matrix.stored()->transposed());
  const auto from = matrix.values();
  std::vector<float> values(from.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) values[j * rows + i] = from[i * columns + j];
  }
  return Tensor({columns, rows}, std::move(values));
}

}  // namespace attn
