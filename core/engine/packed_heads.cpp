#include "core/engine/packed_heads.hpp"

#include <algorithm>

#include "core/base/parallel.hpp"
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

std::size_t PackedHeads::key_head(const Equation& equation, Index head) const {
  return keys_.size() == heads_.size() ? static_cast<std::size_t>(head) : equation.inputs().kv_head(head);
}

void PackedHeads::open(const Equation& equation, std::span<const Index> heads, std::size_t threads) {
  if (!key_) return;
  const LayerInputs& inputs = equation.inputs();
  const bool sum = equation.terms().score->kind->form == PairForm::sum;
  const std::vector<Matrix>& all_q = key_->q.empty() ? inputs.q : key_->q;
  const std::vector<Matrix>& all_k = key_->k.empty() ? inputs.k : key_->k;
  std::vector<std::size_t> missing;
  for (const Index head : heads) {
    const std::size_t key = key_head(equation, head);
    if (!keys_[key] && std::ranges::find(missing, key) == missing.end()) missing.push_back(key);
  }
  parallel_for(missing.size(), threads, [&](std::size_t item) {
    const Matrix& k = all_k[missing[item]];
    const Matrix wider = sum ? with_ones(k, true) : Matrix();
    keys_[missing[item]] = std::make_shared<const kernels::Packed<float>>(
        kernels::pack<float>(source_of(sum ? wider : k).transposed()));
  });
  parallel_for(heads.size(), threads, [&](std::size_t item) {
    const auto h = static_cast<std::size_t>(heads[item]);
    PackedHead& packed = heads_[h];
    if (packed.k) return;
    const Matrix& q = all_q[h];
    packed.pair = pair_of(equation.terms().score->kind->form);
    packed.step = static_cast<std::size_t>(q.cols()) + (sum ? 1 : 0);
    const Matrix wider = sum ? with_ones(q, false) : Matrix();
    packed.q = kernels::copy_rows<float>(source_of(sum ? wider : q));
    packed.k = keys_[key_head(equation, heads[item])];
  });
}

}  // namespace attn
