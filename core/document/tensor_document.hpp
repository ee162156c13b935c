#pragma once

#include <string>
#include <vector>

#include "core/document/document.hpp"
#include "core/document/json_tree.hpp"
#include "core/document/tensors/tensor_files.hpp"

namespace attn {

/// The document that a tensor file by itself stands for, as if somebody had written it: {"attention":
/// {"file"}} for a .npy, and {"q": {"file", "name": "q"}, …} with every name that a document knows for an
/// archive. `name` is the file's. Notes the tensors that are not read. Errors: value where no name is known.
[[nodiscard]] Result<JsonNode::Object> tensor_document(const TensorFile& file, const std::string& name,
                                                       std::vector<Note>& notes);

/// A place in that document as one in the file: `/q` is `tensor "q"`, the array of a .npy `header byte N`.
[[nodiscard]] std::string place_in_tensor_file(const TensorFile& file, const std::string& pointer);

}  // namespace attn
