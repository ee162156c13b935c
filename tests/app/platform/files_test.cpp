#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/platform/paths.hpp"
#include "app/platform/recent_files.hpp"

namespace attn::app {
namespace {

namespace fs = std::filesystem;

class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "attnscope_files_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { fs::remove_all(folder); }

  void write(const std::string& text) const { std::ofstream(store(), std::ios::binary) << text; }
  fs::path store() const { return folder / "recent.json"; }

  fs::path folder;
};

// An environment variable, as it was again at the end.
class Setting {
 public:
  Setting(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    value == nullptr ? unsetenv(name) : setenv(name, value, 1);
  }
  ~Setting() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(Paths, FollowXdg) {
  const Setting config("XDG_CONFIG_HOME", "/c"), state("XDG_STATE_HOME", "/s");
  EXPECT_EQ(*config_folder(), "/c/attnscope");
  EXPECT_EQ(*state_folder(), "/s/attnscope");
}

// The build folder has bin/ and share/ side by side, like an installed program.
TEST(Paths, SamplesLieBesideTheProgram) {
  EXPECT_TRUE(samples_folder().is_absolute());
  EXPECT_TRUE(fs::is_regular_file(samples_folder() / "said_twice.json"));
  EXPECT_TRUE(fs::is_regular_file(data_folder() / "FORMAT.md"));
}

TEST(Paths, FallBackToTheHomeFolder) {
  const Setting config("XDG_CONFIG_HOME", "relative/is/invalid"), state("XDG_STATE_HOME", nullptr),
      home("HOME", "/h");
  EXPECT_EQ(*config_folder(), "/h/.config/attnscope");
  EXPECT_EQ(*state_folder(), "/h/.local/state/attnscope");
}

TEST_F(FilesTest, FoldersAreMadeForThisUserAlone) {
  const fs::path deep = folder / "a" / "b";
  ASSERT_TRUE(ensure_folder(deep));
  ASSERT_TRUE(ensure_folder(deep));
  struct stat status {};
  ASSERT_EQ(stat(deep.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  write("a file");
  EXPECT_FALSE(ensure_folder(store() / "below"));
}

TEST_F(FilesTest, RecentFilesComeBack) {
  RecentFiles list;
  for (const char* name : {"/a/one.json", "/a/注意 \"two\".npz", "/a/three\n.json"})
    list = with_recent(list, name);
  ASSERT_TRUE(save_recent_files(folder / "new" / "recent.json", list));
  EXPECT_EQ(load_recent_files(folder / "new" / "recent.json"), list);
  EXPECT_EQ(list.front(), "/a/three\n.json");
}

TEST_F(FilesTest, NamesThatAreNotUtf8AreLeftOut) {
  const RecentFiles list = {"/a/\xff.json", "/a/one.json"};
  ASSERT_TRUE(save_recent_files(store(), list));
  EXPECT_EQ(load_recent_files(store()), RecentFiles{"/a/one.json"});
}

TEST_F(FilesTest, DamagedListsAreEmpty) {
  EXPECT_TRUE(load_recent_files(store()).empty());
  EXPECT_TRUE(load_recent_files(folder).empty());
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("null"),
        std::string("{\"files\": 3}"), std::string("{\"files\": {\"a\": 1}}"),
        std::string("{\"files\": [1, null, [], \"relative.json\"]}"), std::string(100000, '['),
        std::string("\xff\xfe\0", 3), std::string("{\"files\":[\"/a\xff\"]}")}) {
    write(text);
    EXPECT_TRUE(load_recent_files(store()).empty()) << text.substr(0, 40);
  }
}

TEST_F(FilesTest, OneBadEntryDoesNotCostTheOthers) {
  write("{\"files\": [\"/a/one.json\", 7, \"/a/one.json\", \"/a/two.json\"]}");
  EXPECT_EQ(load_recent_files(store()), (RecentFiles{"/a/one.json", "/a/two.json"}));
}

TEST(RecentFilesList, IsShortAndWithoutDoubles) {
  RecentFiles list;
  for (int i = 0; i < 40; ++i) list = with_recent(list, "/a/" + std::to_string(i));
  EXPECT_EQ(list.size(), kRecentFiles);
  list = with_recent(list, "/a/./b/../35");
  EXPECT_EQ(list.size(), kRecentFiles);
  EXPECT_EQ(list.front(), "/a/35");
  EXPECT_TRUE(with_recent({}, "relative.json").front().is_absolute());
}

}  // namespace
}  // namespace attn::app
