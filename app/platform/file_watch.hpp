#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

namespace attn::app {

/// Looks once a second whether a file is still the one it was, on a thread of its own.
class FileWatch {
 public:
  /// `changed` is called on the watch's thread, once a change; a file that is gone for a moment (saved by
  /// renaming) is waited for.
  explicit FileWatch(std::function<void()> changed);

  /// Watches this file from now on; an empty path watches nothing.
  void watch(const std::filesystem::path& path);

 private:
  struct Stamp {
    std::filesystem::file_time_type written{};
    std::uintmax_t size = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  static Stamp stamp_of(const std::filesystem::path& path);
  void run(const std::stop_token& stop);

  std::function<void()> changed_;
  std::mutex mutex_;
  std::filesystem::path path_;
  Stamp seen_;
  std::jthread thread_;  ///< last: it stops before what it uses is gone
};

}  // namespace attn::app
