// Whatever a person does: undoing all of it gives the start, redoing all of it the end.
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/app/state/states.hpp"

namespace attn::app::test {
namespace {

using namespace support;
using Json = nlohmann::json;

std::shared_ptr<const Document> numbered(Document document, std::uint64_t seed) {
  document.fingerprint = mix(seed + 1);
  return std::make_shared<const Document>(std::move(document));
}

SetSetting random_setting(Random& random, const AppState& state) {
  constexpr std::array<const char*, 8> kKeys{"scale",      "temperature", "masks", "bias",
                                             "empty_rows", "heads",       "batch", "head_gates"};
  static const std::vector<Json> kWrong{-1, "no such", Json::array({1}), {{"kind", "no such"}}, {{"all", 0}}};
  const std::string key = random.chance(0.05) ? "no_such_key" : random.one_of(kKeys);
  const Gesture gesture = random.chance(0.5) ? Gesture::live : Gesture::committed;
  const Json& window = state.project.settings.window;
  if (window.contains(key) && random.chance(0.2))
    return set(key, window.at(key), gesture);  // where it stands
  const Json value =
      random.chance(0.15) ? random.one_of(kWrong) : random_value(random, state.document(), key);
  return set(key, value, gesture);
}

Action random_read(Random& random, std::uint64_t seed) {
  Document document = random_document(random);
  if (random.chance(0.3)) document.settings = {{"temperature", -1}};  // to be refused
  return DocumentRead{numbered(std::move(document), seed), {}};
}

Action random_action(Random& random, const AppState& state, std::uint64_t seed) {
  const auto cell = [&] {
    return random.chance(0.3) ? std::nullopt : std::optional(Cell{static_cast<Index>(random.below(4)), 0});
  };
  switch (random.below(14)) {
    case 0:
      return Undo{};
    case 1:
      return Redo{};
    case 2:
      return GoToStep{random.below(state.history.steps.size() + 2)};
    case 3:
      return random_read(random, seed);
    case 4:
      return ShowHead{HeadChoice{random.chance(0.5) ? HeadChoice::Join::mean : HeadChoice::Join::none,
                                 static_cast<Index>(random.below(8))}};
    case 5:
      return ShowLayer{random.below(state.document().layers.size() + 2)};
    case 6:
      return Hover{cell()};
    case 7:
      return Pin{cell()};
    case 8:
      return Refuse{Error{ErrorCode::io, "f", "", "x", "y", ""}};
    default:
      return random_setting(random, state);
  }
}

// What holds in every state that reduce makes.
void expect_sound(const AppState& state) {
  ASSERT_LT(state.history.at, state.history.steps.size());
  EXPECT_TRUE(state.history.steps[state.history.at].project == state.project);
  ASSERT_LT(state.view.layer, state.document().layers.size());
  const auto settings = resolve_settings(state.document(), state.view.layer, state.project.settings);
  ASSERT_TRUE(settings) << describe(settings.error());
  EXPECT_EQ(state.settings, *settings);
  EXPECT_LT(state.view.head.head, static_cast<Index>(state.heads()));
  ASSERT_TRUE(state.requested);
  EXPECT_EQ(state.requested->document, state.project.document);
  EXPECT_EQ(state.requested->head, state.view.head);
}

template <class Step>
AppState repeat(AppState state, Step step) {
  for (std::size_t i = 0; i < 200; ++i) state = after(std::move(state), step);
  return state;
}

TEST(ReduceRandom, UndoingAllGivesTheStartAndRedoingAllTheEnd) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    SettingsStack start_settings;
    const auto document = numbered(random_document(random), seed);
    if (random.chance(0.5)) start_settings.window = {{"temperature", 2}};
    AppState state = state_of(document, start_settings);
    const std::uint64_t start = project_hash(state.project);
    for (std::uint64_t i = 0; i < 40; ++i) {
      state = after(std::move(state), random_action(random, state, 1000 * seed + i));
      expect_sound(state);
    }
    state = repeat(std::move(state), Redo{});
    const std::uint64_t end = project_hash(state.project);
    state = repeat(std::move(state), Undo{});
    ASSERT_EQ(project_hash(state.project), start) << "seed " << seed;
    expect_sound(state);
    state = repeat(std::move(state), Redo{});
    ASSERT_EQ(project_hash(state.project), end) << "seed " << seed;
    expect_sound(state);
  }
}

TEST(ReduceRandom, EachUndoIsTakenBackByARedo) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    AppState state = state_of(numbered(random_document(random), seed));
    for (std::uint64_t i = 0; i < 20; ++i)
      state = after(std::move(state), random_action(random, state, seed + i));
    const std::uint64_t here = project_hash(state.project);
    if (state.history.at == 0) continue;
    EXPECT_EQ(project_hash(after(state, Undo{}, Redo{}).project), here);
  }
}

TEST(ReduceRandom, ARefusedActionChangesNothingButTheErrors) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    AppState state = state_of(numbered(random_document(random), seed));
    for (std::uint64_t i = 0; i < 20; ++i) {
      const Action action = random_action(random, state, seed + i);
      const AppState next = after(state, action);
      if (next.ui.errors.size() > state.ui.errors.size()) {
        EXPECT_EQ(project_hash(next.project), project_hash(state.project));
        EXPECT_TRUE(next.project == state.project);
        EXPECT_EQ(next.settings, state.settings);
        EXPECT_EQ(next.view.layer, state.view.layer);
        EXPECT_EQ(next.history.steps.size(), state.history.steps.size());
        EXPECT_EQ(next.history.at, state.history.at);
        EXPECT_EQ(next.requested->revision, state.requested ? state.requested->revision : 1);
      }
      state = next;
    }
  }
}

TEST(ReduceRandom, IsPure) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    AppState state = state_of(numbered(random_document(random), seed));
    for (std::uint64_t i = 0; i < 20; ++i) {
      const Action action = random_action(random, state, seed + i);
      const Reduced once = reduce(state, action), twice = reduce(state, action);
      EXPECT_EQ(project_hash(once.state.project), project_hash(twice.state.project));
      EXPECT_EQ(once.effects.size(), twice.effects.size());
      EXPECT_EQ(once.state.requested->revision, twice.state.requested->revision);
      state = once.state;
    }
  }
}

}  // namespace
}  // namespace attn::app::test
