#include "app/platform/file_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <system_error>

namespace attn::app {

FileWatch::FileWatch(std::function<void()> changed)
    : changed_(std::move(changed)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

FileWatch::Stamp FileWatch::stamp_of(const std::filesystem::path& path) {
  std::error_code gone;
  Stamp stamp;
  stamp.written = std::filesystem::last_write_time(path, gone);
  stamp.size = std::filesystem::file_size(path, gone);
  return gone ? Stamp{} : stamp;
}

void FileWatch::watch(const std::filesystem::path& path) {
  const Stamp stamp = path.empty() ? Stamp{} : stamp_of(path);
  const std::lock_guard lock(mutex_);
  path_ = path;
  seen_ = stamp;
}

void FileWatch::run(const std::stop_token& stop) {
  std::condition_variable_any never;
  while (!stop.stop_requested()) {
    bool changed = false;
    {
      std::unique_lock lock(mutex_);
      never.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
      if (stop.stop_requested() || path_.empty()) continue;
      const Stamp now = stamp_of(path_);
      changed = !(now == Stamp{}) && !(now == seen_);
      if (changed) seen_ = now;
    }
    if (changed) changed_();
  }
}

}  // namespace attn::app
