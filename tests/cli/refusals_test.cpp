// What is refused: exit 1, one line on standard error that names file, place, expected and found, and no
// output.
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/cli/cli.hpp"

namespace attn::cli {
namespace {

class Refusals : public Cli {
 protected:
  Refusals() { folder.write("d.json", kDocument); }

  // The one line of a refusal.
  std::string refusal(const std::vector<std::string>& arguments, const std::string& input = {}) const {
    const support::Outcome outcome = attnscope(arguments, input);
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    const std::vector<std::string> lines = support::lines(outcome.err);
    EXPECT_EQ(lines.size(), 1u) << outcome.err;
    return lines.empty() ? "" : lines[0];
  }
};

struct BadFile {
  const char* content;
  const char* place;
  const char* word;  // of what was expected or found
};

TEST_F(Refusals, OfADocumentNameFilePlaceExpectedAndFound) {
  const std::vector<BadFile> table{
      {"not json", "1:1 (byte 0)", "not"},
      {"", "1:1 (byte 0)", "nothing"},
      {"{\"tokens\": [\"a\",\n ]}", "2:2 (byte 18)", "]"},
      {"{\"tokens\": [\"a\"]} x", "1:19 (byte 18)", "'x'"},
      {"{\"tokens\": [\"a\"], \"tokens\": [\"b\"]}", "/tokens", "twice"},
      {"{\"tokens\": [\"\xff\"]}", "1:14 (byte 13)", "UTF-8"},
      {"{\"tokens\": []}", "/tokens", "at least one"},
      {"{\"tokens\": 3}", "/tokens", "3"},
      {"{\"tokens\": [\"a\"], \"heads\": 3}", "/heads", "64"},
      {"{\"tokens\": [\"a\"], \"attention\": [[1, 2], [3, 4]]}", "/attention", "1 token, a matrix 2 × 2"},
      {"{\"tokens\": [\"a\", \"b\"], \"attention\": [[1, 2], [3]]}", "/attention/1", "1"},
      {"{\"tokens\": [\"a\"], \"attention\": [[1e300]]}", "/attention/0/0", "1e300"},
      {"{\"tokens\": [\"a\"], \"attention\": [[\"x\"]]}", "/attention/0/0", "x"},
      {"{\"tokens\": [\"a\"], \"settings\": {\"temperature\": 0}}", "/settings/temperature", "above 0"},
      {"{\"tokens\": [\"a\"], \"settings\": {\"temprature\": 1}}", "/settings/temprature",
       "Did you mean \"temperature\"?"},
  };
  const std::regex form("attnscope: bad\\.json: ([^ ].*): expected .+, found .+\\..*");
  for (const BadFile& row : table) {
    folder.write("bad.json", row.content);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"check", "bad.json"}, {"compute", "bad.json", "-o", "out.npy"}}) {
      const std::string line = refusal(arguments);
      EXPECT_TRUE(std::regex_match(line, form)) << line;
      EXPECT_NE(line.find(std::string(": ") + row.place + ": "), std::string::npos) << line;
      EXPECT_NE(line.find(row.word), std::string::npos) << line;
    }
  }
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"bad.json", "d.json"}));
}

TEST_F(Refusals, OfWhatIsNoFile) {
  std::filesystem::create_directory(folder.path() / "folder");
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("nowhere", folder.path() / "link");
  for (const auto& [name, word] : {std::pair{"missing.json", "nothing by that name"},
                                   {"folder", "a folder"},
                                   {"pipe", "a named pipe"},
                                   {"/dev/null", "a device"},
                                   {"link", "nothing"},
                                   {"d.json/x", "nothing"}}) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"check", name},
                                                      {"compute", name, "-o", "out.npy"},
                                                      {"export", name, "-o", "out.png"},
                                                      {"check", "d.json", "--settings", name}}) {
      const std::string line = refusal(arguments);
      EXPECT_EQ(line.find(std::string("attnscope: ") + name + ": expected a"), 0u) << line;
      EXPECT_NE(line.find(word), std::string::npos) << line;
    }
  }
}

TEST_F(Refusals, OfAFileThatMayNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  ASSERT_EQ(chmod((folder / "d.json").c_str(), 0), 0);
  EXPECT_NE(refusal({"check", "d.json"}).find("Permission denied"), std::string::npos);
}

TEST_F(Refusals, OfStandardInputNameIt) {
  EXPECT_EQ(refusal({"check", "-"}, "[1,").find("attnscope: -: 1:4 (byte 3): "), 0u);
}

TEST_F(Refusals, OfASettingsFileNameItsLineAndColumn) {
  struct Row {
    const char* content;
    const char* start;
  };
  for (const Row& row :
       {Row{"{\"temperature\": 1,\n \"masks\": [}", "attnscope: s.json: 2:12 (byte 30): "},
        Row{"{\"temprature\": 1}", "attnscope: s.json: /temprature: expected a setting, found"},
        Row{"{\"temperature\": -1}", "attnscope: s.json: /temperature: expected a number above 0"},
        Row{"[]", "attnscope: s.json: "}, Row{"", "attnscope: s.json: 1:1 (byte 0): "}}) {
    folder.write("s.json", row.content);
    const std::string line = refusal({"compute", "d.json", "-o", "out.npy", "--settings", "s.json"});
    EXPECT_EQ(line.find(row.start), 0u) << line;
  }
  EXPECT_EQ(bytes("out.npy"), "");
}

TEST_F(Refusals, OfASessionOrSettingsInPlaceOfADocumentSayWhatToDo) {
  folder.write("session.json", R"({"format": "attnscope-session/1", "document": "d.json"})");
  folder.write("settings.json", R"({"temperature": 2})");
  for (const auto& [name, words] :
       {std::pair{"session.json",
                  "found a session, as the window saves it. Open it with: attnscope session.json"},
        {"settings.json", "found settings alone. Give them with: --settings settings.json"}}) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"compute", name, "-o", "out.npy"}, {"export", name, "-o", "out.png"}}) {
      const std::string line = refusal(arguments);
      EXPECT_EQ(line.find(std::string("attnscope: ") + name + ": /: expected a document, "), 0u) << line;
      EXPECT_NE(line.find(words), std::string::npos) << line;
    }
  }
}

TEST_F(Refusals, OfASelectionLeaveNoOutput) {
  const std::vector<std::vector<std::string>> changes{
      {"--head", "2"},
      {"--layer", "2"},
      {"--set", "layer=2"},
      {"--set", "temperature=0"},
      {"--set", "temprature=1"},
      {"--set", "heads=3"},
      {"--set", "bias=[{\"kind\": \"document\"}]"},
      {"--set", "masks=[{\"kind\": \"casual\"}]"},
      {"--layer", "1", "--stage", "context"},
      {"--layer", "1", "--set", "scale=inv_dk"},
  };
  for (const auto& change : changes) {
    std::vector<std::string> arguments{"compute", "d.json", "-o", "out.npy"};
    arguments.insert(arguments.end(), change.begin(), change.end());
    const std::string line = refusal(arguments);
    EXPECT_EQ(line.find("attnscope: d.json: "), 0u) << line;
    EXPECT_NE(line.find("expected "), std::string::npos) << line;
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"d.json"});
}

TEST_F(Refusals, OfAWriteLeaveNoPartialFile) {
  std::filesystem::create_symlink("/dev/full", folder.path() / "full.npy");
  std::filesystem::create_symlink("/dev/full", folder.path() / "full.png");
  std::filesystem::create_directory(folder.path() / "folder.npy");
  const auto before = folder.names();
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"compute", "d.json", "-o", "full.npy"},
        {"export", "d.json", "-o", "full.png"},
        {"compute", "d.json", "-o", "folder.npy"},
        {"compute", "d.json", "-o", "nowhere/x.npy"},
        {"export", "d.json", "-o", "nowhere/x.png"}}) {
    const std::string line = refusal(arguments);
    EXPECT_EQ(line.find("attnscope: " + arguments.back() + ": expected "), 0u) << line;
  }
  EXPECT_NE(refusal({"compute", "d.json", "-o", "full.npy"}).find("No space left"), std::string::npos);
  EXPECT_EQ(folder.names(), before);
}

// A shell around the program, for what only a shell can do to its streams.
TEST_F(Refusals, OfAStreamThatTakesNoMore) {
  const auto shell = [&](const std::string& command) {
    return support::run("/bin/sh", {"-c", command, ATTNSCOPE_PROGRAM},
                        {folder.path(), {}, {{"DISPLAY", std::nullopt}}});
  };
  for (const char* call :
       {"check d.json", "check d.json --json", "compute d.json -o -", "export d.json -o -", "--help"}) {
    const support::Outcome outcome = shell(std::string("\"$0\" ") + call + " > /dev/full");
    EXPECT_EQ(outcome.exit_code, 1) << call;
    EXPECT_NE(outcome.err.find("attnscope: -: expected a file that can be written, found No space left"),
              std::string::npos)
        << outcome.err;
  }
  std::string files;
  for (int i = 0; i < 500; ++i) files += " d.json";
  EXPECT_EQ(shell("{ \"$0\" check" + files + "; echo $? >&2; } | head -n 1").err.find("attnscope: -: "), 0u)
      << "a pipe that is closed";
  for (const char* call : {"check missing.json", "--no-such-option"})
    EXPECT_LE(shell(std::string("\"$0\" ") + call + " 2> /dev/full").exit_code, 2) << call;
  EXPECT_EQ(shell("ulimit -f 0; \"$0\" compute d.json -o out.npy").exit_code, 1);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"d.json"});
}

TEST_F(Refusals, OfAWriteIntoAReadOnlyFolder) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  std::filesystem::create_directory(folder.path() / "locked");
  ASSERT_EQ(chmod((folder / "locked").c_str(), 0500), 0);
  EXPECT_NE(refusal({"compute", "d.json", "-o", "locked/x.npy"}).find("Permission denied"),
            std::string::npos);
}

TEST_F(Refusals, ShowWhatAFileHidesFromTheEye) {
  folder.write("bad.json", "{\"tokens\": [\"a\"], \"key\\u001b[31m\\u202e\": 1, \"heads\": 0}");
  const std::string line = refusal({"check", "bad.json"});
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_EQ(line.find("\xe2\x80\xae"), std::string::npos);
}

TEST_F(Refusals, OfATermSayWhereItWasSet) {
  folder.write("st.json", R"({"masks": ["tree"]})");
  folder.write("own.json", R"({"tokens": ["a"], "settings": {"masks": ["tree"]}})");
  folder.write("layer.json",
               R"({"sequences": {"s": {"tokens": ["a"]}}, "layers": [{"settings": {"masks": ["tree"]}}]})");
  struct Row {
    std::vector<std::string> arguments;
    const char* start;
  };
  for (const Row& row : {Row{{"d.json", "--set", R"(masks=["tree"])"}, "attnscope: d.json: --set masks.0: "},
                         {{"d.json", "--settings", "st.json"}, "attnscope: st.json: /masks/0: "},
                         {{"own.json"}, "attnscope: own.json: /settings/masks/0: "},
                         {{"layer.json"}, "attnscope: layer.json: /layers/0/settings/masks/0: "}}) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"compute", "-o", "o.npy"}, {"export", "-o", "o.png"}, {"check"}}) {
      std::vector<std::string> arguments = command;
      arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
      const std::string text = refusal(arguments);
      EXPECT_TRUE(text.starts_with(row.start)) << text;
    }
  }
}

TEST_F(Refusals, OfASetPathThatIsTooDeepOrAKeyThatStandsTwice) {
  std::string path = "view";
  for (int step = 0; step < 60000; ++step) path += ".a";
  EXPECT_EQ(attnscope({"check", "d.json", "--set", path + "=1"}).exit_code, 1);
  EXPECT_NE(refusal({"check", "d.json", "--set", R"(head_gates={"mute": [0], "mute": []})"}).find("mute"),
            std::string::npos);
}

}  // namespace
}  // namespace attn::cli
