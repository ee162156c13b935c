#include "core/engine/packed_heads.hpp"

#include "core/engine/products.hpp"

namespace attn {
namespace {

Matrix with_ones(const Matrix& x, bool in_front) {
  Matrix y(x.rows(), x.cols() + 1);
  const Matrix ones = Matrix::Ones(x.rows(), 1);
  if (in_front) {
    y << ones, x;
  } else {
    y << x, ones;
  }
  return y;
}

kernels::Pair pair_of(PairForm form) {
  switch (form) {
    case PairForm::squared_distance:
      return kernels::Pair::squared_distance;
    case PairForm::additive:
      return kernels::Pair::additive;
    case PairForm::dot:
    case PairForm::sum:  // [q, 1] · [1, k]
      break;
  }
  return kernels::Pair::dot;
}

}  // namespace

bool PackedHeads::use(const Equation& equation) {
  const auto& score = equation.terms().score;
  const auto key = score ? score->inputs : nullptr;
  if (key == key_) return false;
  key_ = key;
  heads_.assign(static_cast<std::size_t>(equation.inputs().heads), {});
  keys_.clear();
  if (score) keys_.resize(key->k.empty() ? equation.inputs().k.size() : key->k.size());
  return true;
}

void PackedHeads::open(const Equation& equation, Index head) {
  if (!key_) return;
  PackedHead& packed = heads_[static_cast<std::size_t>(head)];
  if (packed.k) return;
  const LayerInputs& inputs = equation.inputs();
  const auto h = static_cast<std::size_t>(head);
  const bool sum = equation.terms().score->kind->form == PairForm::sum;
  const Matrix& q = key_->q.empty() ? inputs.q[h] : key_->q[h];
  const std::vector<Matrix>& keys = key_->k.empty() ? inputs.k : key_->k;
  const std::size_t key_head = keys.size() == heads_.size() ? h : inputs.kv_head(head);
  packed.pair = pair_of(equation.terms().score->kind->form);
  packed.step = static_cast<std::size_t>(q.cols()) + (sum ? 1 : 0);
  packed.q = kernels::copy_rows<float>(source_of(sum ? with_ones(q, false) : q));
  auto& shared = keys_[key_head];
  if (!shared) {
    const Matrix& k = keys[key_head];
    shared = std::make_shared<const kernels::Packed<float>>(
        kernels::pack<float>(source_of(sum ? with_ones(k, true) : k).transposed()));
  }
  packed.k = shared;
}

}  // namespace attn
