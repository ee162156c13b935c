// Figures without a display.
#include <filesystem>
#include <string>

#include "tests/cli/cli.hpp"

namespace attn::cli {
namespace {

class Export : public Cli {
 protected:
  Export() { folder.write("d.json", kDocument); }
};

// Width and height of a PNG file, 0 × 0 where it is none.
std::pair<unsigned, unsigned> png_size(const std::string& bytes) {
  if (bytes.size() < 24 || bytes.compare(0, 8, "\x89PNG\r\n\x1a\n") != 0) return {0, 0};
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  };
  return {number(16), number(20)};
}

TEST_F(Export, WritesTheSamePngEachTimeOnAnyThreads) {
  done({"export", "d.json", "-o", "a.png"});
  const auto [width, height] = png_size(bytes("a.png"));
  EXPECT_GT(width, 100u);
  EXPECT_GT(height, 100u);
  for (const char* threads : {"1", "3"}) {
    done({"export", "d.json", "-o", "b.png", "--threads", threads});
    EXPECT_EQ(bytes("b.png"), bytes("a.png")) << threads;
  }
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"a.png", "b.png", "d.json"}));
}

TEST_F(Export, WhatIsAskedForShows) {
  done({"export", "d.json", "-o", "plain.png"});
  const std::vector<std::vector<std::string>> changes{
      {"--head", "1"},
      {"--head", "mean"},
      {"--layer", "1"},
      {"--stage", "scores"},
      {"--dark"},
      {"--set", "temperature=3"},
      {"--set", "view.colormap=magma"},
      {"--set", "view.range=[0,5]"},
      {"--set", "view.labels=false"},
      {"--set", "masks=[]"},
  };
  for (const auto& change : changes) {
    std::vector<std::string> arguments{"export", "d.json", "-o", "other.png"};
    arguments.insert(arguments.end(), change.begin(), change.end());
    done(arguments);
    EXPECT_NE(bytes("other.png"), bytes("plain.png")) << change.front() << " " << change.back();
  }
}

TEST_F(Export, SeveralFilesGoIntoAFolder) {
  folder.write("e.json", R"(["one", "two"])");
  std::filesystem::create_directory(folder.path() / "figures");
  done({"export", "d.json", "e.json", "-o", "figures"});
  EXPECT_GT(png_size(bytes("figures/d.png")).first, 0u);
  EXPECT_GT(png_size(bytes("figures/e.png")).first, 0u);
}

TEST_F(Export, OneRefusedFileDoesNotStopTheOthers) {
  std::filesystem::create_directory(folder.path() / "figures");
  const support::Outcome outcome = attnscope({"export", "missing.json", "d.json", "-o", "figures"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(support::lines(outcome.err).size(), 2u) << outcome.err;
  EXPECT_GT(png_size(bytes("figures/d.png")).first, 0u);
}

TEST_F(Export, ReadsStandardInputAndWritesStandardOutput) {
  done({"export", "d.json", "-o", "a.png"});
  EXPECT_GT(png_size(done({"export", "-", "-o", "-"}, kDocument)).first, 0u);
}

TEST_F(Export, NoFolderOfTheMachineStandsInAFigure) {
  folder.write("settings.json", R"({"temperature": 2})");
  const std::string machine = folder.path().filename().string();
  for (const char* name : {"a.png", "a.svg", "a.pdf"}) {
    done({"export", folder / "d.json", "--settings", folder / "settings.json", "-o", folder / name});
    EXPECT_EQ(bytes(name).find(machine), std::string::npos) << name;
    EXPECT_EQ(bytes(name).find("/tmp"), std::string::npos) << name;
  }
  // The settings themselves are in it, as text.
  EXPECT_NE(bytes("a.svg").find("temperature"), std::string::npos);
  done({"export", "d.json", "--set", "temperature=2", "-o", "b.svg", "--figure", "metadata=false"});
  EXPECT_EQ(bytes("b.svg").find("temperature"), std::string::npos);
}

TEST_F(Export, OptionsAndPresetsShow) {
  done({"export", "d.json", "-o", "plain.png"});
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--figure", "title=words"},
                                               {"--preset", "square"},
                                               {"--dark"},
                                               {"--figure", "width=12cm", "--figure", "dpi=150"}}) {
    std::vector<std::string> arguments{"export", "d.json", "-o", "other.png"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    done(arguments);
    EXPECT_NE(bytes("other.png"), bytes("plain.png")) << more.back();
  }
  done({"export", "d.json", "-o", "a.png", "--dark"});
  done({"export", "d.json", "-o", "b.png", "--figure", "theme=dark"});
  EXPECT_EQ(bytes("a.png"), bytes("b.png"));
  for (const auto& [option, words] :
       {std::pair{"titel=x", "Did you mean"}, {"dpi", "option=value"}, {"dpi=x", "--figure"}}) {
    const support::Outcome outcome = attnscope({"export", "d.json", "-o", "c.png", "--figure", option});
    EXPECT_NE(outcome.exit_code, 0);
    EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(bytes("c.png"), "");
}

TEST_F(Export, UnknownColormapsNameTheNearest) {
  const support::Outcome outcome =
      attnscope({"export", "d.json", "-o", "a.png", "--set", "view.colormap=virids"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("Did you mean \"viridis\"?"), std::string::npos) << outcome.err;
  EXPECT_EQ(bytes("a.png"), "");
}

}  // namespace
}  // namespace attn::cli
