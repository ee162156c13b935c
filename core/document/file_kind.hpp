#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/document/tensors/tensor_archive.hpp"

namespace attn {

/// What to do with a file that only Python can open.
inline constexpr std::string_view kPickleHint =
    "A pickle is a program and is never run here. In Python: import torch; from safetensors.torch import "
    "save_file; save_file(torch.load(\"FILE\"), \"FILE.safetensors\")";

/// The refusal of bytes that are plainly no JSON: a file of another kind (a pickle, a zip, a picture, UTF-16,
/// …), or text that starts with something that no JSON value starts with. It says what they look like and the
/// way out. Nothing where they may be JSON; broken JSON among it.
[[nodiscard]] std::optional<Error> foreign_file(std::string_view bytes);

/// Which tensor file starts with `head` (64 bytes, or all where there are fewer): by these bytes, and where
/// they say nothing by the ending of `name`. Nothing where it is none.
[[nodiscard]] std::optional<TensorFileKind> tensor_file_kind(std::string_view head, std::string_view name);

/// What a file that starts with `bytes` is for people, and what to do with it.
struct FileLooks {
  std::string what;
  std::string hint;
};
[[nodiscard]] FileLooks looks_of(std::string_view bytes);

}  // namespace attn
