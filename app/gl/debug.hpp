#pragma once

#include <string>
#include <vector>

namespace attn::gl {

/// Collects what the driver complains about (KHR_debug): errors, undefined behaviour. Silent on a context
/// that was not made for debugging. Must outlive the context's use, stays where it is.
class DebugLog {
 public:
  /// Listens on the current context.
  DebugLog();
  ~DebugLog();
  DebugLog(const DebugLog&) = delete;
  DebugLog& operator=(const DebugLog&) = delete;

  /// Does the context report at all?
  [[nodiscard]] bool active() const { return active_; }
  [[nodiscard]] const std::vector<std::string>& messages() const { return messages_; }
  /// Called by the driver. At most 100 messages are kept.
  void add(std::string message);
  void clear() { messages_.clear(); }

 private:
  bool active_ = false;
  std::vector<std::string> messages_;
};

}  // namespace attn::gl
