#pragma once

#include <filesystem>
#include <string>

#include "core/base/regular_file.hpp"

namespace attn {

/// The folder that a document stands in: the only place where files that the document names are opened. A
/// path is relative to it and never leaves it, whatever links and `..` are on its way (a file that a person
/// names may be a link to anywhere; this is for names that come out of a file).
class DocumentFolder {
 public:
  /// Who keeps a path inside: the kernel (openat2 with RESOLVE_BENEATH), which follows links that stay
  /// inside; or a walk from folder to folder for kernels without it, which follows no link at all.
  enum class Keeper { kernel, walk };

  explicit DocumentFolder(std::filesystem::path path, Keeper keeper = Keeper::kernel)
      : path_(std::move(path)), keeper_(keeper) {}

  /// A regular file. Errors: value (an absolute path, one that leaves the folder, one with a NUL byte),
  /// not_found, not_a_file, io; they name the file as `name` does.
  [[nodiscard]] Result<RegularFile> open(const std::string& name) const;

 private:
  std::filesystem::path path_;
  Keeper keeper_;
};

}  // namespace attn
