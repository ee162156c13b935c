#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/attention/parameter.hpp"
#include "core/attention/settings.hpp"
#include "core/base/matrix.hpp"
#include "core/document/document.hpp"

namespace attn {

/// What a mask may look at: the shape of the map and the document's per-token facts.
struct MaskInputs {
  Index n_q = 0, n_k = 0;
  std::span<const std::uint8_t> key_attention_mask;  ///< n_k, or empty: all real
  const Tensor* document_mask = nullptr;             ///< broadcasts to H × n_q × n_k, aligned right
};

/// m(h, i, j): true = query i of head h may attend to key j.
using MaskFunction = std::function<bool(Index head, Index i, Index j)>;

/// One row of the table of masks: everything the settings reader, the panels, the help and the engine know of
/// it.
struct MaskKind {
  std::string_view name;
  std::string_view formula;  ///< of m(i, j), as FORMAT.md writes it
  std::string_view meaning;  ///< one line for people
  std::span<const Parameter> parameters;
  /// Why this document cannot have the mask, or empty.
  std::string_view (*refusal)(const MaskInputs& inputs);
  /// The mask for checked parameters; `inputs` outlives the function.
  MaskFunction (*make)(const nlohmann::json& parameters, const MaskInputs& inputs);
};
[[nodiscard]] std::span<const MaskKind> mask_kinds();
[[nodiscard]] const MaskKind* mask_kind_named(std::string_view name);

/// Reads a list of masks. Errors: setting, with the place in the list.
[[nodiscard]] Result<std::vector<MaskTerm>> read_masks(const nlohmann::json& list, const std::string& place);

/// The masks in force where the settings name none: padding if an attention_mask holds a 0, then the
/// document's mask.
[[nodiscard]] std::vector<MaskTerm> default_masks(const MaskInputs& inputs);

/// The list as settings write it, with parameters at their defaults left out.
[[nodiscard]] nlohmann::json masks_to_json(const std::vector<MaskTerm>& masks);

/// A list of masks made ready to be asked. Errors: setting, where this document cannot have one of them.
class CompiledMasks {
 public:
  [[nodiscard]] static Result<CompiledMasks> make(const std::vector<MaskTerm>& masks,
                                                  const MaskInputs& inputs);

  /// Rows `rows` of head `head`: from left to right, starting at "all allowed", M = M and m, or M or m.
  /// Shape rows.size() × n_k.
  [[nodiscard]] MaskMatrix band(Index head, RowRange rows, Index n_k) const;

 private:
  struct Step {
    MaskFunction allows;
    bool combine_or, negate;
  };
  std::vector<Step> steps_;
};

/// The element of a tensor that broadcasts to H × n_q × n_k, aligned right.
[[nodiscard]] float broadcast_at(const Tensor& tensor, Index head, Index i, Index j);

}  // namespace attn
