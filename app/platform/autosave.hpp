#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace attn::app {

/// A file that outlives the process only if the process dies: written now and then, removed at a clean end.
class Autosave {
 public:
  /// In `folder`, under the name of this process. An empty folder saves nothing.
  explicit Autosave(const std::filesystem::path& folder);
  Autosave(const Autosave&) = delete;
  Autosave& operator=(const Autosave&) = delete;
  ~Autosave();

  /// Keeps `text` instead of what was kept; all or nothing. A failure is not reported: the next one may
  /// succeed.
  void keep(const std::string& text);
  /// Has `text` been kept already?
  [[nodiscard]] bool has(const std::string& text) const { return text == kept_; }

 private:
  std::filesystem::path path_;
  std::string kept_;
};

/// What a process that died left in `folder`, newest first: its text is returned, all such files are removed.
[[nodiscard]] std::optional<std::string> take_orphan(const std::filesystem::path& folder);

}  // namespace attn::app
