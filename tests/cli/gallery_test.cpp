// README's gallery: each command as it is printed there, typed into a shell.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/cli.hpp"

namespace attn::cli {
namespace {

namespace fs = std::filesystem;

class Gallery : public Cli {
 protected:
  Gallery() {
    fs::create_directories(folder.path() / kFolder);
    fs::create_directory_symlink(source / "assets/samples", folder.path() / "assets/samples");
  }

  // The lines of README.md that make a picture of the gallery.
  [[nodiscard]] std::vector<std::string> commands() const {
    std::vector<std::string> found = support::lines(support::bytes_of(source / "README.md"));
    std::erase_if(found, [](const std::string& line) {
      return !line.starts_with("attnscope ") || line.find(kFolder) == std::string::npos;
    });
    return found;
  }

  // Width and height, as a PNG's header has them.
  static std::string size_of(const std::string& png) { return png.substr(16, 8); }

  static constexpr const char* kFolder = "assets/gallery";
  const fs::path source = ATTNSCOPE_SOURCE;
};

TEST_F(Gallery, TheCommandsBesideThePicturesMakeThem) {
  const std::string path = fs::path(ATTNSCOPE_PROGRAM).parent_path().string() + ":/usr/bin:/bin";
  for (const std::string& command : commands()) {
    const support::Outcome outcome =
        support::run("/bin/sh", {"-c", command}, {folder.path(), {}, {{"PATH", path}}});
    EXPECT_EQ(outcome.exit_code, 0) << command << "\n" << outcome.err;
  }
  std::size_t pictures = 0;
  for (const auto& entry : fs::directory_iterator(source / kFolder)) {
    const fs::path name = fs::path(kFolder) / entry.path().filename();
    ASSERT_TRUE(fs::exists(folder.path() / name)) << "README has no command for " << name;
    // Letters differ a little from one version of the fonts to the next; the figure does not.
    EXPECT_EQ(size_of(bytes(name.string())), size_of(support::bytes_of(entry.path()))) << name;
    ++pictures;
  }
  EXPECT_EQ(pictures, commands().size());
  EXPECT_GE(pictures, 5u);
}

}  // namespace
}  // namespace attn::cli
