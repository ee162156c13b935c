// Requests and answers; what is computed again, and what is not.
#include "core/engine/engine.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/documents.hpp"
#include "tests/support/random_settings.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

MapRequest request_of(const Document& document, const Json& settings = Json::object()) {
  MapRequest request;
  request.document = std::make_shared<const Document>(document);
  SettingsStack stack;
  stack.window = settings;
  request.settings = resolve_settings(*request.document, 0, stack).value();
  return request;
}

Document small() {
  Random random(1);
  return qkv_document(random, {2, 1, 5, 6, 4, 2});
}

struct Change {
  const char* what;
  void (*make)(MapRequest&);
  bool same_map;
};

TEST(Engine, ComputesAgainOnlyWhatChanged) {
  const std::vector<Change> changes{
      {"nothing", [](MapRequest&) {}, true},
      {"revision", [](MapRequest& r) { r.revision = 7; }, true},
      {"colormap", [](MapRequest& r) { r.settings.view.colormap = "magma"; }, true},
      {"range",
       [](MapRequest& r) {
         r.settings.view.range = {0, 1};
       },
       true},
      {"labels", [](MapRequest& r) { r.settings.view.labels = false; }, true},
      {"probe", [](MapRequest& r) { r.probe_row = 2; }, true},
      {"temperature", [](MapRequest& r) { r.settings.temperature.all = 2; }, false},
      {"scale", [](MapRequest& r) { r.settings.scale = Scale{ScaleKind::none}; }, false},
      {"masks",
       [](MapRequest& r) {
         r.settings.masks = *read_masks({{{"kind", "causal"}}}, "");
       },
       false},
      {"heads", [](MapRequest& r) { r.settings.heads = 4; }, false},
      {"head", [](MapRequest& r) { r.head.head = 1; }, false},
      {"mean", [](MapRequest& r) { r.head.join = HeadChoice::Join::mean; }, false},
      {"stage", [](MapRequest& r) { r.settings.view.stage = Stage::logits; }, false},
      {"document", [](MapRequest& r) { r.document = std::make_shared<const Document>(*r.document); }, false},
  };
  for (const Change& change : changes) {
    Engine engine(1);
    MapRequest request = request_of(small());
    const MapResult before = engine.answer(request);
    change.make(request);
    const MapResult after = engine.answer(request);
    ASSERT_TRUE(after.map) << change.what;
    EXPECT_EQ(after.map == before.map, change.same_map) << change.what;
    EXPECT_EQ(after.revision, request.revision);
    const MapResult fresh = Engine(1).answer(request);
    EXPECT_EQ(after.map->tiles[0]->values, fresh.map->tiles[0]->values)
        << change.what << ": an engine with a past differs";
  }
}

TEST(Engine, AnswersLikeAFreshOneAfterAnyPast) {
  Random random(2);
  Engine engine(2);
  for (int i = 0; i < 200; ++i) {
    const Document document = random_document(random);
    MapRequest request = request_of(document, random_settings(random, document));
    for (int repeat = 0; repeat < 3; ++repeat) {
      request.settings.view.stage = random.one_of(kStages).stage;
      const MapResult result = engine.answer(request), fresh = Engine(1).answer(request);
      ASSERT_EQ(result.error.has_value(), fresh.error.has_value());
      ASSERT_EQ(result.map == nullptr, result.error.has_value());
      if (!result.map) continue;
      const Matrix a =
          Eigen::Map<const Eigen::RowVectorXf>(result.map->tiles[0]->values.data(),
                                               static_cast<Index>(result.map->tiles[0]->values.size()))
              .cast<double>();
      const Matrix b =
          Eigen::Map<const Eigen::RowVectorXf>(fresh.map->tiles[0]->values.data(),
                                               static_cast<Index>(fresh.map->tiles[0]->values.size()))
              .cast<double>();
      EXPECT_TRUE(same_bits(a, b));
      EXPECT_EQ(result.renormalised, fresh.renormalised);
    }
  }
}

TEST(Engine, ARefusedRequestHasAnErrorAndNoMap) {
  MapRequest request = request_of(small());
  request.revision = 5;
  request.settings.heads = 3;
  Engine engine(1);
  const MapResult refused = engine.answer(request);
  EXPECT_EQ(refused.revision, 5u);
  EXPECT_EQ(refused.map, nullptr);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->place, "/settings/heads");
  request.settings.heads.reset();
  EXPECT_FALSE(engine.answer(request).error);
}

TEST(Engine, SaysWhichMasksHoldAndWhatWasRenormalised) {
  Random random(3);
  Document document = weights_document(random, {1, 1, 3, 3, 1, 1});
  EXPECT_FALSE(Engine(1).answer(request_of(document)).renormalised);
  EXPECT_TRUE(Engine(1).answer(request_of(document, {{"temperature", 2}})).renormalised);
  document.layers[0].mask = Tensor({3}, {1, 0, 1});
  const MapResult masked = Engine(1).answer(request_of(document));
  ASSERT_EQ(masked.masks.size(), 1u);
  EXPECT_EQ(masked.masks[0].term.kind, "document");
}

// The map is float32's, the probe is in double.
void expect_near(float shown, double exact) {
  if (std::isfinite(exact)) {
    EXPECT_NEAR(static_cast<double>(shown), exact, 1e-5 * (1 + std::abs(exact)));
  } else if (std::isnan(exact)) {
    EXPECT_TRUE(std::isnan(shown));
  } else {
    EXPECT_EQ(shown, static_cast<float>(exact));
  }
}

TEST(Probe, IsTheRowBehindTheMap) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    const Document document = random_document(random);
    MapRequest request = request_of(document, random_settings(random, document));
    request.head.join = random.chance(0.3) ? HeadChoice::Join::mean : HeadChoice::Join::none;
    const std::size_t n_q = document.query_of(document.layers[0]).tokens.size();
    request.probe_row = static_cast<Index>(random.below(n_q));
    for (const Stage stage : {Stage::logits, Stage::weights}) {
      request.settings.view.stage = stage;
      const MapResult result = Engine(1).answer(request);
      ASSERT_TRUE(result.probe);
      const auto& numbers = stage == Stage::logits ? result.probe->logits : result.probe->weights;
      ASSERT_EQ(numbers.size(), static_cast<std::size_t>(result.map->columns));
      for (std::size_t j = 0; j < numbers.size(); ++j) {
        expect_near(result.map->value(*request.probe_row, static_cast<Index>(j)), numbers[j]);
      }
      EXPECT_EQ(result.probe->scores.empty(), origin_of(document.layers[0]) == Origin::weights);
      EXPECT_EQ(result.probe->allowed.size(), numbers.size());
    }
    request.probe_row = static_cast<Index>(n_q);
    EXPECT_EQ(Engine(1).answer(request).probe, nullptr) << "a row that is not there";
  }
}

}  // namespace
}  // namespace attn::test
