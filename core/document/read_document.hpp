#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.hpp"
#include "core/base/progress.hpp"
#include "core/document/document.hpp"
#include "core/document/limits.hpp"

namespace attn {

struct ReadOptions {
  std::size_t document = 0;      ///< which one of a file that holds several
  Progress* progress = nullptr;  ///< of reading JSON, in bytes; cancelled, it ends with that error
  std::uint64_t read_at_once = limits::kReadAtOnceBytes;  ///< longer tensors stay in their files
  std::uint64_t cache = limits::kTensorCacheBytes;        ///< for parts of those that stay
};

/// Reads what a person has: a full document or one of the shorthands, as assets/FORMAT.md says, or a tensor
/// file
/// (.npy, .npz, .safetensors). `-` is standard input. Files that the document names are opened in its folder
/// alone. Tensors longer than `read_at_once` stay in their files, open until the document is gone: their
/// shapes are checked here, their numbers when `read_tensor` brings them. A refusal names the file, the
/// place, what was expected and what was found; nothing half-read is returned.
[[nodiscard]] Result<Document> read_document(const std::filesystem::path& path,
                                             const ReadOptions& options = {});

/// The same for text at hand; `source` names it in messages. It has no folder, so it may name no files.
[[nodiscard]] Result<Document> parse_document(std::string text, const std::string& source,
                                              const ReadOptions& options = {});

/// A document of one sequence: `text` split into tokens, with synthetic embeddings.
[[nodiscard]] Result<Document> document_from_text(const std::string& text);

}  // namespace attn
