// The engine on a thread of its own: made for the thread sanitizer as much as for what it asserts.
#include "core/engine/worker.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;

MapRequest request_of(const std::shared_ptr<const Document>& document, std::uint64_t revision) {
  MapRequest request;
  request.document = document;
  request.settings = resolve_settings(*document, 0, {}).value();
  request.settings.temperature.all = 0.5 + static_cast<double>(revision % 7);
  request.revision = revision;
  return request;
}

std::shared_ptr<const Document> document_of(std::size_t tokens) {
  Random random(tokens);
  return std::make_shared<const Document>(qkv_document(random, {2, 1, tokens, tokens, 8, 4}));
}

// Wakes whoever waits for results.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    ++rings_;
    rung_.notify_all();
  }
  // The next result; fails the test after 20 s.
  MapResult next(Worker& worker) {
    std::unique_lock lock(mutex_);
    std::optional<MapResult> result;
    const bool came = rung_.wait_for(lock, std::chrono::seconds(20), [&] {
      result = worker.take();
      return result.has_value();
    });
    EXPECT_TRUE(came) << "no result";
    return result.value_or(MapResult{});
  }
  std::size_t rings() {
    const std::lock_guard lock(mutex_);
    return rings_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable rung_;
  std::size_t rings_ = 0;
};

TEST(Worker, AnswersOneRequest) {
  Bell bell;
  Worker worker(2, [&] { bell.ring(); });
  EXPECT_FALSE(worker.busy());
  EXPECT_FALSE(worker.take());
  const MapRequest request = request_of(document_of(20), 3);
  worker.post(request);
  const MapResult result = bell.next(worker);
  EXPECT_EQ(result.revision, 3u);
  EXPECT_EQ(result.map->tiles[0]->values, Engine(1).answer(request).map->tiles[0]->values);
  EXPECT_FALSE(worker.take()) << "taken once";
}

TEST(Worker, TheNewestOfManyIsAnsweredAndRevisionsRise) {
  Bell bell;
  Worker worker(2, [&] { bell.ring(); });
  const auto document = document_of(120);
  constexpr std::uint64_t kLast = 2000;
  for (std::uint64_t revision = 1; revision <= kLast; ++revision) worker.post(request_of(document, revision));
  std::uint64_t before = 0;
  while (before < kLast) {
    const MapResult result = bell.next(worker);
    ASSERT_GT(result.revision, before);
    before = result.revision;
  }
  EXPECT_EQ(before, kLast);
  EXPECT_LT(bell.rings(), kLast) << "requests that nobody waits for are not answered";
}

TEST(Worker, GoesAwayWhileItIsBusy) {
  const auto document = document_of(300);
  for (std::uint64_t i = 0; i < 20; ++i) {
    std::atomic<std::size_t> wakes{0};
    Worker worker(2, [&] { ++wakes; });
    for (std::uint64_t revision = 0; revision < i; ++revision) worker.post(request_of(document, revision));
    if (i % 3 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300 * i));
  }
}

TEST(Worker, TakesPostsFromSeveralThreads) {
  Bell bell;
  Worker worker(3, [&] { bell.ring(); });
  const auto document = document_of(60);
  std::atomic<std::uint64_t> revision{0};
  {
    std::vector<std::jthread> hands;
    for (int hand = 0; hand < 4; ++hand) {
      hands.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          worker.post(request_of(document, ++revision));
          static_cast<void>(worker.busy());
          static_cast<void>(worker.take());
        }
      });
    }
  }
  worker.post(request_of(document, 1000));
  while (bell.next(worker).revision != 1000) {
  }
}

}  // namespace
}  // namespace attn::test
