#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/attention/layer_facts.hpp"
#include "core/attention/parameter.hpp"
#include "core/attention/settings.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// Fills row i of head h: m(h, i, j) for every key j; true = the query may attend to the key. A mask that
/// overwrites finds the masks so far in the row, and changes them.
using MaskRow = std::function<void(Index head, Index i, std::span<bool> row)>;

/// One row of the table of masks: everything the settings reader, the panels, the help and the engine know of
/// it.
struct MaskKind : KindInfo {
  /// Why this layer cannot have the mask, or empty.
  std::string_view (*refusal)(const LayerFacts& facts) = nullptr;
  /// The mask for checked parameters; `facts` outlive the function. Errors: setting, at `place`.
  Result<MaskRow> (*make)(const nlohmann::json& parameters, const LayerFacts& facts,
                          const std::string& place) = nullptr;
  bool overwrites = false;  ///< acts on the masks so far: combine and negate do not apply
  bool by_head = false;     ///< may differ from head to head
};
[[nodiscard]] std::span<const MaskKind> mask_kinds();
[[nodiscard]] inline const MaskKind* mask_kind_named(std::string_view name) {
  return kind_named(mask_kinds(), name);
}

/// What every mask has beside its own parameters: combine, negate.
[[nodiscard]] std::span<const Parameter> mask_common_parameters();

/// Reads a list of masks. Errors: setting, with the place in the list.
[[nodiscard]] Result<std::vector<MaskTerm>> read_masks(const nlohmann::json& list, const std::string& place);

/// The masks in force where the settings name none: padding if an attention_mask holds a 0, then the
/// document's mask.
[[nodiscard]] std::vector<MaskTerm> default_masks(const LayerFacts& facts);

/// The list as settings write it, with parameters at their defaults left out.
[[nodiscard]] nlohmann::json masks_to_json(const std::vector<MaskTerm>& masks);

/// A list of masks made ready to be asked.
class CompiledMasks {
 public:
  /// `facts` outlive the masks. Errors: setting, where this layer cannot have one of them.
  [[nodiscard]] static Result<CompiledMasks> make(const std::vector<MaskTerm>& masks,
                                                  const LayerFacts& facts);

  /// Rows `rows` of head `head`: from left to right, starting at "all allowed", M = M and m, or M or m.
  /// Shape rows.size() × n_k.
  [[nodiscard]] MaskMatrix band(Index head, RowRange rows, Index n_k) const;

  [[nodiscard]] bool empty() const { return steps_.empty(); }
  /// Some mask may differ from head to head.
  [[nodiscard]] bool by_head() const { return by_head_; }

 private:
  struct Step {
    MaskRow fill;
    bool combine_or, negate, overwrites;
  };
  std::vector<Step> steps_;
  bool by_head_ = false;
};

/// The element of a tensor that broadcasts to H × n_q × n_k, aligned right.
[[nodiscard]] float broadcast_at(const Tensor& tensor, Index head, Index i, Index j);

}  // namespace attn
