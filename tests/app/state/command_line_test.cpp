// "Copy as command line" means what it says, to a real shell too.
#include "app/state/command_line.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/app/state/states.hpp"
#include "tests/support/program.hpp"

namespace attn::app::test {
namespace {

using namespace support;

// The words that /bin/sh makes of `text` for a command called attnscope.
std::vector<std::string> words_of(const std::string& text) {
  const Outcome outcome = run("/bin/sh", {"-c", "attnscope() { printf '%s\\0' \"$@\"; }\n" + text});
  EXPECT_EQ(outcome.exit_code, 0) << text << outcome.err;
  std::vector<std::string> words;
  for (std::size_t at = 0; at < outcome.out.size(); at += words.back().size() + 1) {
    words.emplace_back(outcome.out.c_str() + at);
  }
  return words;
}

TEST(ShellWord, ComesThroughAShellUnchanged) {
  std::vector<std::string> words{"",     " ",   "'",    "''", "\"",  "\\", "$HOME", "`id`", "a b",
                                 "*",    "~",   "-n",   "#",  "\n",  "!x", "{a,b}", "猫 😀", "\x01\x7f",
                                 "\xff", "a;b", "a&&b", "=x", "a=b", "%s", "\\0"};
  Random random(1);
  for (int i = 0; i < 500; ++i) {
    std::string word;
    for (std::size_t n = random.below(8); n > 0; --n) word += static_cast<char>(1 + random.below(255));
    words.push_back(word);
  }
  std::string line = "attnscope";
  for (const std::string& word : words) line += " " + shell_word(word);
  EXPECT_EQ(words_of(line), words);
}

TEST(ShellWord, IsPlainWhereItCanBe) {
  for (const char* plain : {"a.json", "--set", "temperature=0.5", "/a/b-c_d.png"})
    EXPECT_EQ(shell_word(plain), plain);
}

AppState random_state(std::uint64_t seed) {
  Random random(seed);
  Document document = random_document(random);
  document.source = random.chance(0.3) ? "-odd name's.json" : "folder/document.json";
  document.settings = random.chance(0.5) ? random_settings(random, document) : nlohmann::json::object();
  document.layers.resize(2, document.layers.front());
  for (Layer& layer : document.layers) {
    if (random.chance(0.5)) layer.settings = random_settings(random, document);
  }
  const auto shared = std::make_shared<const Document>(document);
  SettingsStack start;
  if (random.chance(0.5)) start.files.push_back({"f.json", random_settings(random, document)});
  if (random.chance(0.5)) start.sets.push_back({"temperature.heads.0", 0.5});
  AppState state = state_of(shared, start);
  const nlohmann::json changes = random_settings(random, document);
  for (const auto& [key, value] : changes.items()) state = after(std::move(state), set(key, value));
  View view;
  view.stage = Stage::logits;
  view.colormap = "magma";
  if (random.chance(0.5)) view.range = {-random.unit(), random.unit()};
  if (random.chance(0.5)) view.transfer = Transfer::log;
  if (random.chance(0.5)) view.region = Region{0, 1, 0, 1};
  if (random.chance(0.5)) state = after(std::move(state), ShowView{view});
  return after(std::move(state), ShowHead{HeadChoice{HeadChoice::Join::mean}});
}

TEST(CommandLine, GivesTheSameSettingsOnTheDocumentAlone) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const AppState state = random_state(seed);
    SettingsStack stack;
    for (const std::string& change : changed_settings(state))
      stack.sets.push_back(parse_setting_change(change).value());
    for (std::size_t layer = 0; layer < state.layers->size(); ++layer) {
      const auto settings = resolve_settings(state.document(), layer, stack);
      ASSERT_TRUE(settings) << "seed " << seed << ": " << describe(settings.error());
      Settings expected = (*state.layers)[layer];
      expected.view = state.view.view;
      ASSERT_EQ(*settings, expected) << "seed " << seed << ", layer " << layer;
    }
  }
}

TEST(CommandLine, NamesFileLayerHeadAndChanges) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const AppState state = random_state(seed);
    const std::string& source = state.document().source;
    std::vector<std::string> expected{"export", source[0] == '-' ? "./" + source : source};
    for (const std::string& word :
         {std::string("-o"), default_figure_name(state), std::string("--layer"),
          std::to_string(state.view.layer), std::string("--head"), std::string("mean")}) {
      expected.push_back(word);
    }
    for (const std::string& change : changed_settings(state)) {
      expected.insert(expected.end(), {"--set", change});
    }
    EXPECT_EQ(words_of(command_line(state)), expected);
  }
}

TEST(CommandLine, SaysNothingOfWhatNobodyChanged) {
  const AppState state = state_of(rich_document());
  EXPECT_TRUE(changed_settings(state).empty());
  EXPECT_TRUE(changed_settings(after(state, set("temperature", 2), Undo{})).empty());
}

}  // namespace
}  // namespace attn::app::test
