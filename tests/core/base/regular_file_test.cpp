// A file that is read at any place, and what happens when it changes meanwhile.

#include "core/base/regular_file.hpp"

#include <chrono>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary_folder.hpp"

namespace attn {
namespace {

std::string read(const RegularFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  const auto done = file.read(offset, std::as_writable_bytes(std::span(bytes)));
  return done ? bytes : "refused: " + done.error().found;
}

class RegularFileTest : public testing::Test {
 protected:
  const support::TemporaryFolder folder;
  const std::string path = folder.write("a", "0123456789");
};

TEST_F(RegularFileTest, ReadsAnywhere) {
  const auto file = RegularFile::open(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 10u);
  EXPECT_EQ(file->name(), path);
  EXPECT_EQ(read(*file, 7, 3), "789");
  EXPECT_EQ(read(*file, 0, 2), "01");
  EXPECT_EQ(read(*file, 10, 0), "");
  EXPECT_TRUE(file->check_unchanged());
}

TEST_F(RegularFileTest, AShorterFileIsAnErrorAndNoSignal) {
  const auto file = RegularFile::open(path);
  ASSERT_TRUE(file);
  std::filesystem::resize_file(path, 5);
  EXPECT_EQ(read(*file, 0, 5), "01234");
  EXPECT_EQ(read(*file, 0, 10), "refused: one that changed since it was opened");
  EXPECT_FALSE(file->check_unchanged());
}

TEST_F(RegularFileTest, EveryChangeIsNoticed) {
  const auto file = RegularFile::open(path);
  ASSERT_TRUE(file);
  // Longer; then as long as before, but changed later.
  std::filesystem::resize_file(path, 11);
  EXPECT_FALSE(file->check_unchanged());
  std::filesystem::resize_file(path, 10);
  std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
  const auto unchanged = file->check_unchanged();
  ASSERT_FALSE(unchanged);
  EXPECT_EQ(unchanged.error().file, path);
}

TEST_F(RegularFileTest, AnotherFileOfTheNameDoesNoHarm) {
  const auto file = RegularFile::open(path);
  ASSERT_TRUE(file);
  std::filesystem::rename(folder.write("b", "abcdefghij"), path);
  EXPECT_EQ(read(*file, 0, 3), "012");
  EXPECT_TRUE(file->check_unchanged());
}

TEST_F(RegularFileTest, NothingElseIsOpened) {
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(RegularFile::open(folder / "pipe").error().code, ErrorCode::not_a_file);
  EXPECT_EQ(RegularFile::open(folder.path()).error().code, ErrorCode::not_a_file);
  EXPECT_EQ(RegularFile::open("/dev/zero").error().code, ErrorCode::not_a_file);
  EXPECT_EQ(RegularFile::open(folder / "none").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace attn
