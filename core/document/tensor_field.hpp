#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/document/fields.hpp"
#include "core/document/tensor.hpp"

namespace attn {

/// What a tensor may hold besides numbers that float32 can hold.
struct TensorRule {
  bool null = false;            ///< null, read as −∞
  bool minus_infinity = false;  ///< the word -Infinity
  bool boolean = false;         ///< true and false; numbers are 0 and 1 then
  bool may_stay = false;        ///< in its file, where it is a long one: its numbers are checked when read
};

/// Takes the tensor out of `node`: nested arrays, {"shape", "data"}, or a reference (tensor_reference.hpp),
/// for which `files` are the document's. No axis has length 0. Errors: type (not numbers), shape (ragged
/// rows, data that do not fill the shape, nothing in it), value (a number outside float32, or not 0 or 1
/// where `rule` wants these), and those of files. Notes numbers that vanish in float32.
[[nodiscard]] Result<Tensor> take_tensor(JsonNode& node, const std::string& place, TensorFiles* files,
                                         const TensorRule& rule, std::vector<Note>& notes);

/// The tensor under `key` of a rank in [least, most]; nothing where the key is absent.
[[nodiscard]] Result<std::optional<Tensor>> take_tensor(const Fields& fields, std::string_view key,
                                                        std::size_t least, std::size_t most,
                                                        const TensorRule& rule, std::vector<Note>& notes);

/// The list of whole numbers under `key`; nothing where the key is absent. Errors: type, value, shape as
/// above.
[[nodiscard]] Result<std::optional<std::vector<std::int64_t>>> take_integers(const Fields& fields,
                                                                             std::string_view key,
                                                                             const TensorRule& rule,
                                                                             std::vector<Note>& notes);

}  // namespace attn
