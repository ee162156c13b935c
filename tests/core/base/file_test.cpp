#include "core/base/file.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temporary_folder.hpp"

namespace attn::test {
namespace {

namespace fs = std::filesystem;
using support::bytes_of;
using support::TemporaryFolder;

constexpr std::uint64_t kNoLimit = 1u << 30;

ErrorCode reading_code(const std::string& path, std::uint64_t limit = kNoLimit) {
  const auto bytes = read_file(path, limit);
  EXPECT_FALSE(bytes) << path;
  if (bytes) return ErrorCode::cancelled;
  EXPECT_EQ(bytes.error().file, path);
  EXPECT_FALSE(bytes.error().expected.empty() || bytes.error().found.empty());
  return bytes.error().code;
}

TEST(ReadFile, GivesAllBytes) {
  const TemporaryFolder folder;
  std::string content;
  for (const std::size_t size : {0, 1, 4095, 4096, 65537, 300000}) {
    while (content.size() < size) content += static_cast<char>(content.size() * 7);
    const std::string path = folder.write("f", content);
    for (const std::size_t padding : {std::size_t{0}, std::size_t{64}}) {
      const auto bytes = read_file(path, size, padding);
      ASSERT_TRUE(bytes) << size;
      EXPECT_EQ(*bytes, content);
      EXPECT_GE(bytes->capacity(), bytes->size() + padding);
    }
  }
}

TEST(ReadFile, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  fs::create_directory(folder.path() / "folder");
  fs::create_symlink("nowhere", folder.path() / "link");
  folder.write("file", "abc");
  EXPECT_EQ(reading_code(folder / "missing"), ErrorCode::not_found);
  EXPECT_EQ(reading_code(folder / "file/below"), ErrorCode::not_found);
  EXPECT_EQ(reading_code(folder / "link"), ErrorCode::not_found);
  EXPECT_EQ(reading_code(folder / "folder"), ErrorCode::not_a_file);
  EXPECT_EQ(reading_code(folder / "pipe"), ErrorCode::not_a_file) << "and does not wait for a writer";
  EXPECT_EQ(reading_code("/dev/null"), ErrorCode::not_a_file);
  EXPECT_EQ(reading_code(folder / "file", 2), ErrorCode::limit);
  EXPECT_TRUE(read_file(folder / "file", 3));
  EXPECT_EQ(reading_code(folder / std::string(300, 'x')), ErrorCode::io) << "a name that is too long";
}

TEST(ReadFile, FollowsALinkThatThePersonNamed) {
  const TemporaryFolder folder;
  folder.write("file", "abc");
  fs::create_symlink("file", folder.path() / "link");
  EXPECT_EQ(*read_file(folder / "link", kNoLimit), "abc");
}

TEST(WriteFile, ReplacesTheWholeAndLeavesNothingElse) {
  const TemporaryFolder folder;
  const std::string path = folder / "out";
  for (const std::string& content :
       {std::string("a long first content"), std::string("short"), std::string(), std::string(300000, 'x')}) {
    ASSERT_TRUE(write_file(path, content));
    EXPECT_EQ(bytes_of(path), content);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"out"});
  }
}

TEST(WriteFile, KeepsTheModeAndGivesANewFileTheUsualOne) {
  const TemporaryFolder folder;
  const std::string kept = folder.write("kept", "x");
  ASSERT_EQ(chmod(kept.c_str(), 0640), 0);
  ASSERT_TRUE(write_file(kept, "y"));
  const mode_t mask = umask(022);
  ASSERT_TRUE(write_file(folder / "fresh", "y"));
  umask(mask);
  const auto mode = [](const std::string& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  EXPECT_EQ(mode(kept), 0640u);
  EXPECT_EQ(mode(folder / "fresh"), 0644u);
}

TEST(WriteFile, ReadersSeeTheOldOrTheNew) {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", std::string(50000, 'a'));
  {
    const std::jthread writer([&] {
      for (int i = 0; i < 20; ++i) EXPECT_TRUE(write_file(path, std::string(50000, i % 2 == 0 ? 'b' : 'a')));
    });
    for (int i = 0; i < 200; ++i) {
      const std::string seen = bytes_of(path);
      ASSERT_EQ(seen.size(), 50000u);
      ASSERT_EQ(seen.find_first_not_of(seen[0]), std::string::npos);
    }
  }
}

TEST(WriteFile, RefusalsLeaveEverythingAsItWas) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "folder");
  fs::create_symlink("/dev/full", folder.path() / "full");
  const auto before = folder.names();
  for (const std::string& path :
       {folder / "folder", folder / "full", folder / "nowhere/x", std::string("/dev/full")}) {
    const auto written = write_file(path, "abc");
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(written.error().code, ErrorCode::io);
    EXPECT_EQ(written.error().file, path);
    EXPECT_FALSE(written.error().found.empty()) << "the system's reason";
  }
  EXPECT_EQ(folder.names(), before);
  EXPECT_TRUE(write_file("/dev/null", "abc")) << "a device that takes it";
}

// Runs `work` in a process of its own; whether it said that all was well.
template <class Work>
bool in_child(const Work& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(WriteFile, RefusesAReadOnlyFolder) {
  const TemporaryFolder folder;
  const std::string kept = folder.write("kept", "old");
  ASSERT_EQ(chmod(folder.path().c_str(), 0555), 0);
  EXPECT_TRUE(in_child([&] {
    constexpr uid_t kNobody = 65534;
    if (geteuid() == 0 && seteuid(kNobody) != 0) return false;  // root may write everywhere
    const auto fresh = write_file(folder / "fresh", "abc"), again = write_file(kept, "abc");
    return !fresh && fresh.error().code == ErrorCode::io && !again && again.error().code == ErrorCode::io;
  }));
  ASSERT_EQ(chmod(folder.path().c_str(), 0700), 0);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"kept"});
  EXPECT_EQ(bytes_of(kept), "old");
}

TEST(WriteFile, ADiskThatIsFullLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  const std::string kept = folder.write("kept", "old");
  // The system refuses the bytes behind the limit, as it does where no space is left.
  EXPECT_TRUE(in_child([&] {
    const rlimit limit{100'000, 100'000};
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
    const std::string large(300'000, 'x');
    const auto fresh = write_file(folder / "fresh", large), again = write_file(kept, large);
    return !fresh && fresh.error().code == ErrorCode::io && !again && !again.error().found.empty() &&
           write_file(folder / "small", "fits").has_value();
  }));
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"kept", "small"}));
  EXPECT_EQ(bytes_of(kept), "old");
}

TEST(WriteFile, KilledAtAnyTimeItLeavesTheOldOrTheNew) {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", std::string(2'000'000, 'a'));
  for (int times = 0; times < 8; ++times) {
    const pid_t child = fork();
    if (child == 0) {
      for (char letter = 'b';; letter = letter == 'b' ? 'c' : 'b')
        static_cast<void>(write_file(path, std::string(2'000'000, letter)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + 3 * times));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    const std::string left = bytes_of(path);
    ASSERT_EQ(left.size(), 2'000'000u);
    ASSERT_EQ(left.find_first_not_of(left[0]), std::string::npos);
  }
}

TEST(WriteFile, WritesTheTargetOfALink) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "far");
  folder.write("far/file", "old");
  fs::create_symlink("far/file", folder.path() / "link");
  fs::create_symlink(folder.path() / "link", folder.path() / "link to link");
  fs::create_symlink("far/fresh", folder.path() / "link to come");
  ASSERT_TRUE(write_file(folder / "link to link", "new"));
  ASSERT_TRUE(write_file(folder / "link to come", "fresh"));
  EXPECT_EQ(bytes_of(folder / "far/file"), "new");
  EXPECT_EQ(bytes_of(folder / "far/fresh"), "fresh");
  for (const char* link : {"link", "link to link", "link to come"})
    EXPECT_TRUE(fs::is_symlink(folder.path() / link)) << link;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path() / "far"), {}), 2) << "no temporary file stays";
}

TEST(WriteFile, RefusesLinksInACircle) {
  const TemporaryFolder folder;
  fs::create_symlink("b", folder.path() / "a");
  fs::create_symlink("a", folder.path() / "b");
  const auto written = write_file(folder / "a", "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().file, folder / "a");
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(fs::is_symlink(folder.path() / "a"));
}

}  // namespace
}  // namespace attn::test
