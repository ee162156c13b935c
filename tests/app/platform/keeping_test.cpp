// What outlives a process, and what is noticed of files that change.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/platform/autosave.hpp"
#include "app/platform/file_watch.hpp"

namespace attn::app {
namespace {

namespace fs = std::filesystem;

class Keeping : public testing::Test {
 protected:
  Keeping() {
    std::string name = (fs::temp_directory_path() / "attnscope_keeping_XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~Keeping() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }
  fs::path folder;
};

TEST_F(Keeping, ACleanEndLeavesNothing) {
  {
    Autosave autosave(folder);
    autosave.keep("session");
    EXPECT_TRUE(autosave.has("session"));
    EXPECT_FALSE(autosave.has("another"));
    EXPECT_EQ(files(), 1u);
    EXPECT_FALSE(take_orphan(folder)) << "its process is alive";
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(Keeping, AKilledProcessLeavesItsLastSession) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Autosave autosave(folder);
    autosave.keep("first");
    autosave.keep("last");
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(take_orphan(folder), "last");
  EXPECT_FALSE(take_orphan(folder)) << "taken once";
  EXPECT_EQ(files(), 0u);
}

TEST_F(Keeping, OtherFilesAreLeftAlone) {
  std::ofstream(folder / "recent.json") << "[]";
  std::ofstream(folder / "autosave-x.json") << "{}";
  EXPECT_FALSE(take_orphan(folder));
  EXPECT_EQ(files(), 2u);
}

TEST_F(Keeping, AFolderThatIsMissingIsNoMatter) {
  EXPECT_FALSE(take_orphan(folder / "not there"));
  EXPECT_FALSE(take_orphan(""));
  Autosave nowhere("");
  nowhere.keep("session");
}

TEST_F(Keeping, AChangedFileIsNoticedOnce) {
  const fs::path file = folder / "document.json";
  std::ofstream(file) << "[\"a\"]";
  std::atomic<int> changes{0};
  FileWatch watch([&] { ++changes; });
  watch.watch(file);
  std::ofstream(file) << "[\"a\", \"b\"]";
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (changes == 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(changes, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  EXPECT_EQ(changes, 1) << "once a change";
}

}  // namespace
}  // namespace attn::app
