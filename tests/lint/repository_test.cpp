// This repository, held to the rules of lint.hpp.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lint/lint.hpp"

namespace attn::lint {
namespace {

namespace fs = std::filesystem;

class Repository : public testing::Test {
 protected:
  const fs::path root = ATTNSCOPE_SOURCE_FOLDER;
  const std::vector<File> files = read_text_files(root);
  const Rooms rooms = parse_rooms(text_of("rooms.txt"));

  std::string text_of(const std::string& path) const {
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const File& candidate) { return candidate.path == path; });
    return file == files.end() ? "" : file->text;
  }

  void expect_clean(const auto& check) const {
    for (const File& file : files) {
      for (const Finding& finding : check(file)) {
        ADD_FAILURE() << finding.path << ":" << finding.line << ": " << finding.words;
      }
    }
  }
};

TEST_F(Repository, IsRead) {
  EXPECT_FALSE(text_of("CMakeLists.txt").empty());
  EXPECT_FALSE(text_of("tests/lint/lint.cpp").empty());
  EXPECT_FALSE(rooms.empty());
}

TEST_F(Repository, IncludesFollowTheTable) {
  expect_clean([&](const File& file) { return check_includes(rooms, file); });
}

TEST_F(Repository, OpenGlIsCalledInItsRoomsOnly) {
  expect_clean([&](const File& file) { return check_gl_calls(rooms, file); });
}

TEST_F(Repository, TextIsClean) {
  expect_clean(check_text);
}

TEST_F(Repository, FilesAreShort) {
  expect_clean(check_length);
}

TEST_F(Repository, NoPathOfOneMachine) {
  expect_clean(check_machine_paths);
}

TEST_F(Repository, TableNamesOnlyItsOwnRows) {
  for (const auto& [room, used] : rooms) {
    for (const std::string& name : used) EXPECT_TRUE(rooms.contains(name)) << room << " uses " << name;
  }
}

TEST_F(Repository, EveryFolderOfCodeIsARoom) {
  for (const char* house : {"core", "app"}) {
    if (!fs::exists(root / house)) continue;
    for (const auto& entry : fs::directory_iterator(root / house)) {
      if (!entry.is_directory() || fs::is_empty(entry)) continue;
      const std::string folder = entry.path().lexically_relative(root).generic_string();
      EXPECT_TRUE(rooms.contains(folder)) << folder << " has no row in rooms.txt";
    }
  }
}

TEST_F(Repository, EveryRoomIsExplained) {
  for (const auto& [room, used] : rooms) {
    if (!fs::exists(root / room) || fs::is_empty(root / room)) continue;
    EXPECT_TRUE(fs::exists(root / room / "README.md")) << room << " has no README.md";
  }
}

}  // namespace
}  // namespace attn::lint
