#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "core/engine/mask_blocks.hpp"
#include "core/engine/packed_heads.hpp"
#include "core/engine/score_store.hpp"
#include "core/engine/trace.hpp"
#include "core/kernels/normalizers.hpp"

namespace attn {

/// One row that the fast path made.
struct FastRow {
  Index row = 0;
  const float* values = nullptr;  ///< whole blocks; anything where `computed` skips a block
  float factor = 1;               ///< the row is factor · values
  kernels::RowMask computed;      ///< a block that it skips is 0
  kernels::RowMask shown;         ///< the cells that a person sees as allowed
  RowFlag flag = RowFlag::normal;
};

/// The stages of one equation in float32, by core/kernels: scores to weights in passes over rows that stay in
/// the cache. A row that float32 cannot hold (NaN, infinities, logits beyond 2²⁰) is taken from the
/// reference, one that it can holds |p − p*| ≤ p* · (2e-6 + 8u · max_j |scale / τ| Σ_d |q_d k_jd|) + 2⁻¹²⁵, u
/// = 2⁻²⁴, for softmax of dot products; biases count like products, other normalisers have their own bounds
/// (kernels/normalizers.hpp). Bits depend on the row's own numbers and on the instruction set. Which
/// equations and stages are served depends on settings and origin alone.
class FastPath {
 public:
  static constexpr std::size_t kScoreBudget = std::size_t{256} << 20;

  /// `budget`: bytes of scores that are kept from one setting to the next; 0: none.
  explicit FastPath(std::size_t budget = kScoreBudget);
  ~FastPath();
  FastPath(const FastPath&) = delete;
  FastPath& operator=(const FastPath&) = delete;

  /// What follows is about `equation`, which stays until the next call; what was computed for the one before
  /// is kept where it is still right.
  void use(const Equation& equation);
  [[nodiscard]] bool serves(Stage stage) const;
  /// No NaN and no infinity stands in the head's values; else stages that add them up are the reference's.
  [[nodiscard]] bool has_finite_values(Index head) const;

  /// Packs, and makes masks and room, for these heads; then `rows` may be called for them on many threads.
  void open(Stage stage, std::span<const Index> heads, std::size_t threads);
  using Write = std::function<void(const FastRow&)>;
  /// `rows` lie in one chunk of kChunkRows.
  void rows(Stage stage, Index head, RowRange rows, const Write& write);

  /// The context of rows that lie in one chunk: dropped weights times values, in double.
  [[nodiscard]] Band context(Index head, RowRange rows);

  /// One mask holds for all heads.
  [[nodiscard]] bool masks_alike() const;
  [[nodiscard]] const Equation& equation() const { return *equation_; }
  /// What was done since `use`.
  [[nodiscard]] Trace trace() const;

 private:
  struct Scratch;
  struct Work;
  /// Time and amount of one step, over all threads.
  struct Meter {
    std::atomic<std::uint64_t> nanoseconds{0}, done{0}, reused{0};
  };
  class Timer;

  [[nodiscard]] std::unique_ptr<Scratch> borrow();
  void give_back(std::unique_ptr<Scratch> scratch);
  const float* scores_of(Index head, RowRange rows, const MaskBlocks& needed, Scratch& scratch);
  void compute_blocks(Index head, RowRange rows, std::size_t first, std::size_t last, float* out,
                      std::size_t step) const;
  void row(const Work& work, Index i, const float* scores, Scratch& scratch, const Write& write);
  void reference_row(const Work& work, Index i, Scratch& scratch, const Write& write) const;
  bool normalise(const Work& work, FastRow& row, const float* x, double factor, Scratch& scratch) const;
  void finish_weights(const Work& work, FastRow& row, Scratch& scratch) const;
  [[nodiscard]] kernels::RowMask bias_row(Index head, Index i, kernels::RowMask mask, Scratch& scratch) const;

  const Equation* equation_ = nullptr;
  PackedHeads packed_;
  ScoreStore scores_;
  std::map<Index, ScoreStore::Head*> open_scores_;
  MaskBlocks every_;
  std::map<Index, MaskBlocks> masks_;
  std::shared_ptr<const LayerInputs> masked_inputs_;
  std::vector<MaskTerm> masked_by_;
  std::vector<std::vector<float>> lengths_;      ///< ‖v_j‖ of each key head
  std::vector<kernels::Packed<double>> values_;  ///< v of each key head
  std::vector<kernels::NormalizerJob> jobs_;     ///< of each head
  std::vector<bool> finite_values_;              ///< by key head: no NaN, no infinity among them
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> idle_;
  Meter masking_, scoring_, weighing_, joining_;
};

}  // namespace attn
