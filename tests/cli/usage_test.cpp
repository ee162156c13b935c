// Help, version, and calls that are wrong in themselves.
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/cli/cli.hpp"

namespace attn::cli {
namespace {

class Usage : public Cli {};

TEST_F(Usage, HelpAndVersionEndWell) {
  EXPECT_EQ(done({"--version"}).find("attnscope "), 0u);
  const std::string help = done({"--help"});
  for (const char* word : {"export", "compute", "check", "--set", "temperature", "masks", "Exit codes"}) {
    EXPECT_NE(help.find(word), std::string::npos) << word;
  }
  for (const char* command : {"export", "compute", "check"}) {
    EXPECT_NE(done({command, "--help"}).find("--set"), std::string::npos) << command;
    EXPECT_EQ(done({"help", command}), done({command, "--help"}));
  }
  EXPECT_EQ(done({"help"}), help);
  EXPECT_NE(help.find("attnscope help TOPIC"), std::string::npos);
}

TEST_F(Usage, HelpExplainsEachTopic) {
  for (const auto& [topic, word] : {std::pair{"settings", "head_gates"},
                                    {"masks", "self_and_ancestors"},
                                    {"bias", "max_distance"},
                                    {"score", "activation"},
                                    {"position", "theta"},
                                    {"scale", "inv_sqrt_dk"},
                                    {"normalizer", "entmax"},
                                    {"stages", "contributions"},
                                    {"expressions", "seg_q"},
                                    {"schema", "json-schema.org"},
                                    {"format", "| `causal` |"}})
    EXPECT_NE(done({"help", topic}).find(word), std::string::npos) << topic;
  for (const auto& [word, hint] : {std::pair{"mask", "Did you mean masks?"},
                                   {"normaliser", "Did you mean normalizer?"},
                                   {"causal", "causal is a mask: attnscope help masks."},
                                   {"temperature", "temperature is a setting: attnscope help settings."}}) {
    const support::Outcome outcome = attnscope({"help", word});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_NE(outcome.err.find(hint), std::string::npos) << outcome.err;
    EXPECT_EQ(support::lines(outcome.err).size(), 1u) << outcome.err;
  }
  EXPECT_EQ(attnscope({"help", "masks", "bias"}).exit_code, 2);
}

// The long names of options in a text.
std::set<std::string> options_in(const std::string& text) {
  static const std::regex option("--[a-z][a-z-]*");
  return {std::sregex_token_iterator(text.begin(), text.end(), option), std::sregex_token_iterator()};
}

TEST_F(Usage, TheManPageHasEveryOption) {
  // Without roff's fonts and escapes.
  const std::string plain = std::regex_replace(done({"help", "man"}), std::regex(R"(\\f[BIR]|\\)"), "");
  const std::set<std::string> there = options_in(plain);
  for (const std::vector<std::string>& call : {std::vector<std::string>{"--help"},
                                               {"export", "--help"},
                                               {"compute", "--help"},
                                               {"check", "--help"}}) {
    const auto wanted = options_in(done(call));
    EXPECT_GT(wanted.size(), 3u);
    for (const std::string& option : wanted) EXPECT_TRUE(there.contains(option)) << option;
  }
  EXPECT_NE(plain.find("{layer}"), std::string::npos);
  EXPECT_NE(plain.find("temperature"), std::string::npos);
}

TEST_F(Usage, TheManPageIsWithoutErrors) {
  const auto shell = [&](const std::string& line) {
    return support::run("/bin/sh", {"-c", line, ATTNSCOPE_PROGRAM}, {folder.path(), {}, {}});
  };
  if (shell("command -v groff").exit_code != 0) GTEST_SKIP() << "groff is not installed";
  const auto set = shell("\"$0\" help man | groff -k -man -Tutf8 -ww -P-cbou");
  EXPECT_EQ(set.exit_code, 0);
  EXPECT_EQ(set.err, "");
  EXPECT_NE(set.out.find("EXIT STATUS"), std::string::npos);
}

TEST_F(Usage, HelpBringsAPageUpToDate) {
  folder.write("FORMAT.md", support::bytes_of(ATTNSCOPE_FORMAT_PAGE));
  EXPECT_EQ(done({"help", "format", "FORMAT.md"}), bytes("FORMAT.md"));
  folder.write("other.md", "# A page\n");
  const support::Outcome outcome = attnscope({"help", "format", "other.md"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err.find("attnscope: other.md: "), 0u) << outcome.err;
  EXPECT_EQ(attnscope({"help", "format", "missing.md"}).exit_code, 1);
}

TEST_F(Usage, WrongCallsEndWithTwo) {
  folder.write("d.json", kDocument);
  struct Row {
    std::vector<std::string> arguments;
    const char* word;
  };
  const std::vector<Row> rows{
      {{"--no-such-option"}, "--no-such-option"},
      {{"compute"}, "required"},
      {{"compute", "d.json"}, "--output"},
      {{"compute", "d.json", "d.json", "-o", "x.npy"}, "files"},
      {{"compute", "d.json", "-o", "x.txt"}, ".npy, .npz, .safetensors, .json or .csv"},
      {{"compute", "d.json", "-o", "x"}, ".npy, .npz, .safetensors, .json or .csv"},
      {{"compute", "d.json", "-o", "x.npy", "--stage", "weight"}, "Did you mean weights?"},
      {{"compute", "d.json", "-o", "x.npy", "--stage", "q,k"}, "one stage in such a file"},
      {{"compute", "d.json", "-o", "x.csv", "--stage", "all"}, ".npz or .safetensors"},
      {{"compute", "d.json", "-o", "x.npz", "--stage", "q,weight"}, "Did you mean weights?"},
      {{"compute", "d.json", "-o", "x.npy", "--head", "nose"}, "nose"},
      {{"compute", "d.json", "-o", "x.npy", "--head", "-1"}, "-1"},
      {{"compute", "d.json", "-o", "x.npy", "--layer", "x"}, "an index or all"},
      {{"compute", "d.json", "-o", "x.npy", "--threads", "0"}, "--threads"},
      {{"compute", "d.json", "-o", "x.npy", "--threads", "two"}, "--threads"},
      {{"compute", "d.json", "-o", "x.npy", "--precision", "double"}, "--precision"},
      {{"compute", "d.json", "-o", "x.npy", "--set", "temperature"}, "path=value"},
      {{"compute", "d.json", "-o", "x.npy", "--set"}, "--set"},
      {{"export", "d.json"}, "--output"},
      {{"export", "d.json", "-o", "x.jpg"}, ".png"},
      {{"export", "d.json", "-o", "x.png", "--head", "nose"}, "nose"},
      {{"export", "d.json", "-o", "x.png", "--layer", "x"}, "an index or all"},
      {{"export", "d.json", "-o", "x.png", "--document", "x"}, "an index or all"},
      {{"export", "d.json", "-o", "x.png", "--stage", "logit"}, "Did you mean logits?"},
      {{"export", "d.json", "-o", "x.png", "--preset", "slid"}, "Did you mean slide?"},
      {{"export", "d.json", "d.json", "-o", "x.png"}, "a folder"},
      {{"check"}, "required"},
  };
  for (const Row& row : rows) {
    const support::Outcome outcome = attnscope(row.arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(outcome.err.find("attnscope: "), 0u) << outcome.err;
    EXPECT_NE(outcome.err.find(row.word), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"d.json"}) << "nothing was written";
}

TEST_F(Usage, AMistypedCommandIsToldFromAFile) {
  folder.write("d.json", kDocument);
  for (const auto& [word, meant] : {std::pair{"chek", "check"}, {"exprt", "export"}, {"hlep", "help"}}) {
    const support::Outcome outcome = attnscope({word, "d.json"});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_NE(outcome.err.find(std::string("Did you mean ") + meant + "?"), std::string::npos) << outcome.err;
    EXPECT_EQ(support::lines(outcome.err).size(), 1u) << outcome.err;
  }
  for (const char* file : {"d.json", "chek.json"})
    EXPECT_EQ(attnscope({file}).err.find("Did you mean"), std::string::npos) << file;
  folder.write("chek", kDocument);
  EXPECT_EQ(attnscope({"chek"}).exit_code, 3) << "a file of that name is opened";
}

TEST_F(Usage, AnErrorOfTheCallIsSaidOnce) {
  folder.write("d.json", kDocument);
  folder.write("e.json", kDocument);
  std::filesystem::create_directory(folder.path() / "out");
  std::filesystem::create_directory(folder.path() / "other");
  folder.write("other/d.json", kDocument);
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"export", "d.json", "e.json", "-o", "x.png"},
        {"export", "d.json", "e.json", "-o", "out", "--stage", "logit"},
        {"export", "d.json", "other/d.json", "-o", "out"}}) {
    const support::Outcome outcome = attnscope(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(support::lines(outcome.err).size(), 1u) << outcome.err;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "out"));
}

TEST_F(Usage, TheWindowNeedsADisplay) {
  folder.write("d.json", kDocument);
  const support::Outcome outcome = attnscope({"d.json"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_EQ(outcome.err.find("attnscope: "), 0u) << outcome.err;
}

}  // namespace
}  // namespace attn::cli
