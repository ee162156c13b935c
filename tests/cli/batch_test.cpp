// Many figures by one call: their names, what one failure does to the rest, and that threads change nothing.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/cli.hpp"

namespace attn::cli {
namespace {

class Batch : public Cli {
 protected:
  Batch() { folder.write("d.json", kDocument); }

  // Every file below `name`, with its path in the folder, sorted.
  [[nodiscard]] std::vector<std::string> below(const std::string& name) const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / name)) {
      if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder.path()).string());
    }
    std::ranges::sort(files);
    return files;
  }
  void expect_pictures(const std::vector<std::string>& files) const {
    for (const std::string& file : files) {
      const std::string all = bytes(file);
      EXPECT_TRUE(all.starts_with("\x89PNG")) << file;
      EXPECT_TRUE(all.ends_with("IEND\xAE\x42\x60\x82")) << file;
    }
  }
};

TEST_F(Batch, EveryLayerAndHeadHasItsName) {
  done(
      {"export", "d.json", "-o", "out/{name}_L{layer:02}_H{head:02}.png", "--layer", "all", "--head", "all"});
  const std::vector<std::string> files{"out/d_L00_H00.png", "out/d_L00_H01.png", "out/d_L01_H00.png"};
  EXPECT_EQ(below("out"), files);
  expect_pictures(files);
  done({"export", "d.json", "-o", "one.png", "--layer", "0", "--head", "1"});
  EXPECT_EQ(bytes("out/d_L00_H01.png"), bytes("one.png"));
}

TEST_F(Batch, NamesTellWhatTheFigureShows) {
  done({"export", "d.json", "-o", "{title}/{stage}-{head}-{document:3}{{x}}.png", "--head", "max", "--stage",
        "scores"});
  EXPECT_EQ(below("small"), std::vector<std::string>{"small/scores-max-  0{x}.png"});
}

TEST_F(Batch, ATitleStaysInItsFolder) {
  folder.write("e.json", R"({"title": "../../up", "tokens": ["a", "b"]})");
  folder.write("f.json", R"({"title": "..", "tokens": ["a", "b"]})");
  done({"export", "e.json", "f.json", "-o", "out/in/{title}/x.png"});
  EXPECT_EQ(below("out"), (std::vector<std::string>{"out/in/.._.._up/x.png", "out/in/_/x.png"}));
}

TEST_F(Batch, EveryDocumentOfAFile) {
  folder.write("many.jsonl", "[\"a\"]\n[\"b\", 1]\n[\"c\", \"d\"]\n");
  const support::Outcome outcome =
      attnscope({"export", "many.jsonl", "-o", "out/{document}.png", "--document", "all"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(below("out"), (std::vector<std::string>{"out/0.png", "out/2.png"}));
  ASSERT_EQ(support::lines(outcome.err).size(), 2u) << outcome.err;
  EXPECT_NE(outcome.err.find("line 2"), std::string::npos) << outcome.err;
  done({"export", "many.jsonl", "-o", "last.png", "--document", "2"});
  EXPECT_EQ(bytes("out/2.png"), bytes("last.png"));
  folder.write("broken.json", "{");
  EXPECT_EQ(
      support::lines(attnscope({"export", "broken.json", "-o", "o/{document}.png", "--document", "all"}).err)
          .size(),
      1u);
}

TEST_F(Batch, AFailedOneIsSaidAndTheRestIsWritten) {
  folder.write("e.json", kDocument);
  std::filesystem::create_directories(folder.path() / "out/d_1.png");  // a folder where a figure should be
  const support::Outcome outcome =
      attnscope({"export", "d.json", "no.json", "e.json", "-o", "out/{name}_{head}.png", "--head", "all"});
  EXPECT_EQ(outcome.exit_code, 1);
  const auto said = support::lines(outcome.err);
  ASSERT_EQ(said.size(), 3u) << outcome.err;
  EXPECT_EQ(said[0].find("attnscope: no.json: "), 0u);
  EXPECT_EQ(said[1].find("attnscope: out/d_1.png: expected a file that can be written"), 0u);
  EXPECT_EQ(said[2], "attnscope: 3 written, 2 failed");
  EXPECT_EQ(below("out"), (std::vector<std::string>{"out/d_0.png", "out/e_0.png", "out/e_1.png"}));
}

TEST_F(Batch, TwoFiguresOfOneNameAreRefusedBeforeAnythingIsWritten) {
  std::filesystem::create_directory(folder.path() / "other");
  folder.write("other/d.json", kDocument);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"export", "d.json", "-o", "x.png", "--head", "all"},
        {"export", "d.json", "-o", "x{layer}.png", "--head", "all"},
        {"export", "d.json", "-o", "out/{name}.png", "--layer", "all"},
        {"export", "d.json", "other/d.json", "-o", "{name}.png"},
        {"export", "d.json", "d.json", "-o", "./x.png"}}) {
    const support::Outcome outcome = attnscope(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_NE(outcome.err.find("one name for two"), std::string::npos) << outcome.err;
    EXPECT_EQ(support::lines(outcome.err).size(), 1u);
  }
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"d.json", "other"}));
}

TEST_F(Batch, NamesThatCannotBeAreExplained) {
  for (const auto& [name, words] : {std::pair{"{layr}.png", "Did you mean {layer}?"},
                                    {"{layer:x}.png", "a width such as {layer:02}"},
                                    {"{layer:999}.png", "a width such as {layer:02}"},
                                    {"{layer:}.png", "a width such as {layer:02}"},
                                    {"{layer.png", "a { alone"},
                                    {"layer}.png", "a } alone"},
                                    {"{}.png", "name, title, document, layer, head or stage"}}) {
    const support::Outcome outcome = attnscope({"export", "d.json", "-o", name});
    EXPECT_EQ(outcome.exit_code, 2) << name;
    EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"d.json"});
}

TEST_F(Batch, ThreadsChangeNoByte) {
  folder.write("e.jsonl", "[\"one\", \"two\", \"three\"]\n[\"four\", \"five\"]\n");
  std::vector<std::string> names;
  for (const char* threads : {"1", "2", "5"}) {
    const std::string out = std::string("t") + threads;
    done({"export", "d.json", "e.jsonl", "-o", out + "/{name}{document}_{layer}_{head}.png", "--document",
          "all", "--layer", "all", "--head", "all", "--threads", threads});
    const auto files = below(out);
    EXPECT_EQ(files.size(), 11u);
    for (const std::string& file : files)
      EXPECT_EQ(bytes(file), bytes("t1" + file.substr(out.size()))) << file;
  }
}

TEST_F(Batch, EveryDocumentOfStandardInput) {
  const std::string text = R"([{"tokens": ["a"]}, {"tokens": ["b", "c"]}, {"tokens": ["d", "e", "f"]}])";
  folder.write("many.json", text);
  const support::Outcome outcome =
      attnscope({"export", "-", "-o", "in/{document}.png", "--document", "all"}, text);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(below("in"), (std::vector<std::string>{"in/0.png", "in/1.png", "in/2.png"}));
  expect_pictures(below("in"));
}

TEST_F(Batch, LongTitlesAreShortenedToWhatAFileSystemTakes) {
  std::string title;
  for (int i = 0; i < 100; ++i) title += "\xF0\x9F\x90\x88";
  folder.write(std::string(240, 'n') + ".json", R"({"title": ")" + title + R"(", "tokens": ["a", "b"]})");
  done({"export", std::string(240, 'n') + ".json", "-o", "out/{title}/{name}_{title}_L{layer}.png"});
  const auto files = below("out");
  ASSERT_EQ(files.size(), 1u);
  const std::filesystem::path path = files.front();
  EXPECT_TRUE(path.filename().string().ends_with("_L0.png")) << path;
  EXPECT_TRUE(path.filename().string().starts_with("nnn")) << path;
  EXPECT_TRUE(path.parent_path().filename().string().starts_with("\xF0\x9F\x90\x88")) << path;
  for (const auto& part : path) EXPECT_LE(part.string().size(), 200u) << part;
}

// The shell holds standard input open until well after the signal: the reading does not end before it.
TEST_F(Batch, WhileDocumentsAreReadTheFirstSignalEndsIt) {
  const std::string command =
      "mkfifo pipe; \"$0\" export - -o x.png < pipe & child=$!\n"
      "exec 3> pipe; sleep 0.3; kill -TERM $child; sleep 0.3; exec 3>&-; wait $child";
  const support::Outcome outcome = support::run("/bin/sh", {"-c", command, ATTNSCOPE_PROGRAM},
                                                {folder.path(), {}, {{"DISPLAY", std::nullopt}}});
  EXPECT_EQ(outcome.exit_code, 128 + 15) << outcome.err;
  EXPECT_EQ(outcome.err.find("written"), std::string::npos) << outcome.err;
}

// By SIGTERM, which takes the way of Ctrl+C: what a shell starts in the background ignores SIGINT.
TEST_F(Batch, WhatIsStoppedLeavesWholeFilesAlone) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "[\"a\", \"b\", \"c\"]\n";
  folder.write("many.jsonl", lines);
  const std::string command =
      "\"$0\" export many.jsonl -o 'out/{document:04}.png' --document all & child=$!\n"
      "until [ -n \"$(ls out 2> nothing)\" ]; do :; done\n"
      "kill -TERM $child; wait $child";
  const support::Outcome outcome = support::run("/bin/sh", {"-c", command, ATTNSCOPE_PROGRAM},
                                                {folder.path(), {}, {{"DISPLAY", std::nullopt}}});
  EXPECT_EQ(outcome.exit_code, 128 + 15) << outcome.err;
  EXPECT_NE(outcome.err.find("not begun"), std::string::npos) << outcome.err;
  const auto files = below("out");
  EXPECT_GT(files.size(), 0u);
  EXPECT_LT(files.size(), 2000u);
  expect_pictures(files);
}

}  // namespace
}  // namespace attn::cli
