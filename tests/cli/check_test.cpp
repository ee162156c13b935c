// The import doctor.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/cli/cli.hpp"

namespace attn::cli {
namespace {

using Json = nlohmann::json;

class Check : public Cli {
 protected:
  Check() {
    folder.write("d.json", kDocument);
    folder.write("t.json", R"({"text": "The cat sat", "colour": "red"})");
  }
};

TEST_F(Check, SaysWhatWasReadAndInferred) {
  const std::string text = done({"check", "d.json", "t.json"});
  for (const char* word :
       {"d.json: small", "sequence a: 3 tokens", "sequence b: 4 tokens", "2 heads", "3 queries × 4 keys",
        "q, k, v", "scores", "t.json", "synthetic", "inferred: ", "warning: ", "colour"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word << " is missing in:\n" << text;
  }
}

TEST_F(Check, SummarisesInOneLineAFile) {
  EXPECT_EQ(support::lines(done({"check", "--summary", "d.json", "t.json"})).size(), 2u);
}

TEST_F(Check, JsonIsOneObjectALine) {
  const support::Outcome outcome = attnscope({"check", "--json", "d.json", "missing.json", "t.json"});
  EXPECT_EQ(outcome.exit_code, 1);
  const auto lines = support::lines(outcome.out);
  ASSERT_EQ(lines.size(), 3u) << outcome.out;
  const Json good = Json::parse(lines[0]), missing = Json::parse(lines[1]), shorthand = Json::parse(lines[2]);
  EXPECT_EQ(good.at("ok"), true);
  EXPECT_EQ(good.at("file"), "d.json");
  EXPECT_EQ(good.at("kind"), "document");
  EXPECT_EQ(good.at("layers").size(), 2u);
  EXPECT_EQ(good.at("layers")[0].at("heads"), 2);
  EXPECT_EQ(good.at("layers")[0].at("origin"), "q, k, v");
  EXPECT_EQ(good.at("sequences")[1].at("tokens"), 4);
  EXPECT_EQ(missing.at("ok"), false);
  EXPECT_EQ(missing.at("file"), "missing.json");
  EXPECT_FALSE(missing.at("expected").get<std::string>().empty());
  EXPECT_EQ(shorthand.at("sequences")[0].at("synthetic_embeddings"), true);
  EXPECT_FALSE(shorthand.at("notes").empty());
}

TEST_F(Check, ARefusalAsJsonHasEveryPart) {
  folder.write("bad.json", "{\"tokens\": [\"a\",]}");
  const support::Outcome outcome = attnscope({"check", "bad.json", "--json"});
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json, (Json{{"file", "bad.json"},
                        {"ok", false},
                        {"place", "1:17 (byte 16)"},
                        {"expected", "a value"},
                        {"found", "']'"},
                        {"hint", "Take the comma before it away."}}));
  EXPECT_EQ(
      outcome.err,
      "attnscope: bad.json: 1:17 (byte 16): expected a value, found ']'. Take the comma before it away.\n");
}

TEST_F(Check, NamesRowsThatDoNotSumToOne) {
  folder.write("w.json", R"({"tokens": ["a", "b"], "attention": [[1, 0], [0.5, 0.25]]})");
  const std::string words = "layer 0: 1 of 2 rows do not sum to 1; the first is head 0, row 1: 0.75.";
  EXPECT_NE(done({"check", "w.json"}).find("warning: /attention: " + words), std::string::npos);
  const Json notes = Json::parse(done({"check", "w.json", "--json"})).at("notes");
  const Json expected{{"kind", "warning"}, {"place", "/attention"}, {"text", words}};
  EXPECT_NE(std::find(notes.begin(), notes.end(), expected), notes.end()) << notes;
}

TEST_F(Check, SaysWhatASettingsFileIs) {
  folder.write("s.json", R"({"temperature": 0.5, "heads": 2})");
  const std::string text = done({"check", "s.json"});
  for (const char* word : {"s.json: settings", "heads, temperature", "--settings s.json"})
    EXPECT_NE(text.find(word), std::string::npos) << text;
  EXPECT_EQ(done({"check", "s.json", "--summary"}), "s.json: settings; heads, temperature\n");
  const Json json = Json::parse(done({"check", "s.json", "--json"}));
  EXPECT_EQ(json.at("kind"), "settings");
  EXPECT_EQ(json.at("settings").at("temperature"), 0.5);
  folder.write("s.json", R"({"temperature": -1})");
  const support::Outcome bad = attnscope({"check", "s.json"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_EQ(bad.err.find("attnscope: s.json: /temperature: expected a number above 0"), 0u) << bad.err;
}

TEST_F(Check, ADocumentThatSpeaksOfSessionsIsADocument) {
  folder.write("t.json", R"({"tokens": ["attnscope-session/1"], "title": "attnscope-session/1"})");
  EXPECT_EQ(Json::parse(done({"check", "t.json", "--json"})).at("kind"), "document");
  folder.write("t.json", R"({"temperature": 1, "temperature": 2})");
  const support::Outcome twice = attnscope({"check", "t.json"});
  EXPECT_NE(twice.err.find("twice"), std::string::npos) << twice.err;
}

TEST_F(Check, SaysWhatASessionIs) {
  const auto session = [](const std::string& rest) {
    return R"({"format": "attnscope-session/1", "title": "mine", "view": {}, "settings": {}, )" + rest + "}";
  };
  folder.write("s.json", session(R"("document": "d.json", "fingerprint": "0")"));
  const std::string text = done({"check", "s.json"});
  for (const char* word : {"s.json: session: mine", "document: d.json", "2 layers", "has changed since",
                           "Open it with: attnscope s.json"})
    EXPECT_NE(text.find(word), std::string::npos) << text;
  const Json json = Json::parse(done({"check", "s.json", "--json"}));
  EXPECT_EQ(json.at("kind"), "session");
  EXPECT_EQ(json.at("document"), "d.json");
  EXPECT_EQ(json.at("changed"), true);

  folder.write("s.json", session(R"("text": "The cat sat")"));
  EXPECT_NE(done({"check", "s.json", "--summary"}).find("its own text"), std::string::npos);

  folder.write("w.jsonl", "[\"a\"]\n{\"tokens\": [\"a\", \"b\"], \"attention\": [[1, 0], [0.5, 0.25]]}\n");
  folder.write("s.json", session(R"("document": "w.jsonl", "index": 1)"));
  EXPECT_NE(done({"check", "s.json"}).find("warning: /attention: layer 0: 1 of 2 rows do not sum to 1"),
            std::string::npos);

  folder.write("s.json", session(R"("document": "gone.json")"));
  EXPECT_EQ(attnscope({"check", "s.json"}).err.find("attnscope: gone.json: expected a file"), 0u);
  folder.write("s.json", session(R"("document": 1)"));
  EXPECT_EQ(attnscope({"check", "s.json"}).err.find("attnscope: s.json: /document: expected"), 0u);
  folder.write("s.json", session(R"("document": "d.json",)"));
  EXPECT_EQ(attnscope({"check", "s.json"}).err.find("attnscope: s.json: 1:"), 0u)
      << "broken JSON has its place";
}

TEST_F(Check, SeesTheSettingsOfEveryLayer) {
  const support::Outcome outcome = attnscope({"check", "d.json", "--set", "temprature=2"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("Did you mean \"temperature\"?"), std::string::npos) << outcome.err;
  EXPECT_EQ(attnscope({"check", "d.json", "--set", "layer=2"}).exit_code, 1);
}

TEST_F(Check, PicksADocumentOfAList) {
  folder.write("list.json", R"([{"tokens": ["a"], "title": "one"}, {"tokens": ["b", "c"], "title": "two"}])");
  EXPECT_NE(done({"check", "list.json", "--document", "1"}).find("2 tokens"), std::string::npos);
  const support::Outcome beyond = attnscope({"check", "list.json", "--document", "2"});
  EXPECT_EQ(beyond.exit_code, 2);
  EXPECT_NE(beyond.err.find("--document"), std::string::npos) << beyond.err;
}

TEST_F(Check, WarnsOfAFirstMaskCombinedByOr) {
  folder.write("or.json",
               R"({"tokens": ["a", "b"], "settings": {"masks": [{"kind": "causal", "combine": "or"}]}})");
  EXPECT_NE(done({"check", "or.json"}).find("warning: /layers/0: The first mask"), std::string::npos);
  EXPECT_EQ(done({"check", "t.json"}).find("The first mask"), std::string::npos);
}

TEST_F(Check, SaysWhatCouldNotBeComputed) {
  struct Row {
    const char* json;
    std::vector<std::string> words;
  };
  for (const Row& row : {
           Row{R"({"tokens": ["a"], "q": [[1]], "k": [[1]], "score": {"kind": "adative"}})",
               {"/layers/0/score/kind", "additive"}},
           Row{R"({"tokens": ["a"], "q": [[1]], "k": [[1]], "score": {"kind": "general", "W": [[1, 2]]}})",
               {"/layers/0/score/W", "1 × 1", "1 × 2"}},
           Row{R"({"tokens": ["a"], "q": [[1]], "k": [[1]], "score": {"kind": "general", "M": [[1]]}})",
               {"/layers/0/score/M", "W"}},
           Row{R"({"tokens": ["a"], "settings": {"masks": [{"kind": "tree"}]}})", {"masks/0", "parents"}},
           Row{R"({"tokens": ["a"], "attention": [[1]], "settings": {"normalizer": "relu"}})",
               {"normalizer", "constant"}},
       }) {
    folder.write("d.json", row.json);
    const support::Outcome outcome = attnscope({"check", "d.json"});
    EXPECT_EQ(outcome.exit_code, 1) << row.json;
    for (const std::string& word : row.words)
      EXPECT_NE(outcome.err.find(word), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace attn::cli
