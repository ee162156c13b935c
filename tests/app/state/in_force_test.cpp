// What panels ask in every frame is worked out once a change, and is that of the layer on show.
#include "app/state/in_force.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/attention/mask.hpp"
#include "tests/app/state/states.hpp"

namespace attn::app::test {
namespace {

using Json = nlohmann::json;

TEST(InForce, IsWorkedOutAnewOnlyWhereDocumentSettingsOrLayerChange) {
  const AppState start = state_of(rich_document());
  const AppState moved = after(start, Hover{Cell{1, 1}}, Pin{Cell{0, 0}}, MoveCamera{{false, 1, 1, 30}},
                               ShowHead{{HeadChoice::Join::none, 1}}, ShowGrid{true}, Say{"hello"});
  EXPECT_EQ(moved.in_force, start.in_force);
  EXPECT_EQ(with_map(start).in_force, start.in_force);

  const AppState turned = after(start, set("temperature", 0.5));
  EXPECT_NE(turned.in_force, start.in_force);
  EXPECT_EQ(turned.in_force->wide_labels, start.in_force->wide_labels) << "the tokens are the same";
  EXPECT_EQ(after(turned, set("temperature", 0.5)).in_force, turned.in_force) << "nothing has changed";
  EXPECT_EQ(after(turned, set("temperature", -1)).in_force, turned.in_force) << "a refusal changes nothing";
  EXPECT_EQ(after(turned, set("temperature", -1)).settings.temperature.all, 0.5);

  const AppState deeper = after(start, ShowLayer{1});
  EXPECT_EQ(deeper.in_force->facts.layer, &deeper.document().layers[1]);
  const auto other = rich_document(2);
  const AppState opened = after(start, DocumentRead{other, {}, false});
  EXPECT_EQ(opened.in_force->facts.document, other.get());
  EXPECT_EQ(after(opened, Undo{}).in_force->facts.document, &start.document());
}

TEST(InForce, FollowsTheSettings) {
  const AppState start = state_of(rich_document());
  EXPECT_EQ(start.in_force->masks, default_masks(start.in_force->facts));
  EXPECT_FALSE(start.in_force->masks.empty());
  EXPECT_TRUE(after(start, set("masks", Json::array())).in_force->masks.empty());
  EXPECT_TRUE(after(start, set("bias", Json::array())).in_force->biases.empty());
  EXPECT_EQ(after(start, set("score", "cosine")).in_force->score.kind, "cosine");
  EXPECT_EQ(after(start, set("heads", 4)).in_force->facts.heads, 4);
  EXPECT_EQ(start.in_force->facts.heads, 2);
  EXPECT_EQ(start.in_force->head_counts, possible_heads(start.document(), 0));
}

TEST(InForce, AgreesWithItselfAfterAnyActions) {
  // A state that is put together from two would show one layer's terms under another's name.
  AppState state = state_of(rich_document());
  const auto second = rich_document(3, 1);
  for (const Action& action :
       {Action(ShowLayer{1}), Action(set("temperature", 2)), Action(DocumentRead{second, {}, false}),
        Action(Undo{}), Action(Undo{}), Action(Redo{}), Action(Redo{}),
        Action(SettingsRead{Json{{"temperature", 3}}}), Action(Undo{}), Action(ShowLayer{7})}) {
    state = reduce(std::move(state), action).state;
    ASSERT_TRUE(state.in_force);
    EXPECT_EQ(state.in_force->document, state.project.document) << action.index();
    EXPECT_EQ(state.in_force->layers, state.layers) << action.index();
    EXPECT_EQ(state.in_force->layer, state.view.layer) << action.index();
    EXPECT_EQ(state.settings, (*state.layers)[state.view.layer]) << action.index();
  }
}

TEST(InForce, KnowsTheWideLabels) {
  Document document = *rich_document();
  auto& tokens = document.sequences[0].tokens;
  std::ranges::fill(tokens, "a");
  tokens[1] = "immeasurable";
  const AppState state = state_of(std::make_shared<const Document>(std::move(document)));
  const WideLabels& wide = *state.in_force->wide_labels;
  EXPECT_TRUE(std::ranges::count(wide.queries, 1) > 0);
}

}  // namespace
}  // namespace attn::app::test
