// The engine with kernels against the reference in double, on every instruction set of the machine.
#include "core/engine/fast_path.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/engine/stage_graph.hpp"
#include "tests/core/kernels/every_isa.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/random_settings.hpp"

namespace attn::test {
namespace {

using namespace support;
using Join = HeadChoice::Join;
using Json = nlohmann::json;
using Precision = StageGraph::Precision;

constexpr double kU = 0x1p-24;

class FastPaths : public kernels::test::EveryIsa {};
ATTN_ON_EVERY_ISA(FastPaths);

Settings settings_of(const Document& document, const Json& window) {
  SettingsStack stack;
  stack.window = window;
  return resolve_settings(document, 0, stack).value();
}

struct GraphOf : StageGraph {
  GraphOf(const std::shared_ptr<const Document>& document, const Json& settings,
          Precision precision = Precision::kernels, std::size_t threads = 1)
      : StageGraph(threads, precision) {
    if (const auto good = set(document, settings_of(*document, settings)); !good) {
      throw std::runtime_error(describe(good.error()));
    }
  }
};

std::shared_ptr<const Document> shared(Document document) {
  return std::make_shared<const Document>(std::move(document));
}

std::vector<double> numbers(StageGraph& graph, Stage stage,
                            const std::optional<HeadChoice>& head = std::nullopt) {
  return graph.array(stage, head).value().values;
}

// Equal bits, but for the sign of a NaN.
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double x, double y) {
    return (std::isnan(x) && std::isnan(y)) || (x == y && std::signbit(x) == std::signbit(y));
  });
}

// What float32 may make of the exact number p: `wobble` is how far it moves when the logits move by a few
// units in their last place.
void expect_close(const std::vector<double>& found, const std::vector<double>& exact, double wobble,
                  const std::string& what) {
  ASSERT_EQ(found.size(), exact.size()) << what;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double p = exact[i];
    if (!std::isfinite(p)) {
      EXPECT_TRUE(found[i] == p || (std::isnan(p) && std::isnan(found[i])))
          << what << " at " << i << ": " << found[i] << ", not " << p;
    } else if (!(std::abs(found[i] - p) <= wobble * (1 + std::abs(p)))) {
      ADD_FAILURE() << what << " at " << i << ": " << found[i] << ", not " << p;
      return;
    }
  }
}

// Documents and settings of every kind; low temperatures and high scales are kept out: they magnify the last
// place of a score without end. The next test has them, with its bound.
TEST_P(FastPaths, EveryStageOfEverySettingIsTheReferences) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    const auto document = shared(random_document(random));
    Json settings = random_settings(random, *document);
    for (const char* key : {"temperature", "scale", "embedding_scale"}) settings.erase(key);
    GraphOf fast(document, settings);
    GraphOf exact(document, settings, Precision::exact);
    for (const StageInfo& stage : kStages) {
      if (!exact.equation().shape(stage.stage)) continue;
      std::vector<std::optional<HeadChoice>> heads{std::nullopt, HeadChoice{Join::none, 0},
                                                   HeadChoice{Join::mean}};
      if (random.chance(0.3)) heads.emplace_back(HeadChoice{random.chance(0.5) ? Join::max : Join::min});
      for (const auto& head : heads) {
        expect_close(numbers(fast, stage.stage, head), numbers(exact, stage.stage, head), 2e-5,
                     std::string(stage.name) + " of seed " + std::to_string(seed) + " " + settings.dump());
      }
    }
    if (HasFailure()) return;
  }
}

// |p − p*| ≤ p* · (2e-6 + 8u · max_j |scale / τ| Σ_d |q_d k_jd|), and rows sum to 1 within 4u.
TEST_P(FastPaths, WeightsHoldTheirBound) {
  struct Case {
    std::size_t n, d;
    double spread, temperature;
    const char* masks;
  };
  for (const Case& c :
       {Case{1, 1, 1, 1, "[]"}, Case{65, 64, 1, 1, "[]"}, Case{200, 7, 3, 0.1, R"([{"kind":"causal"}])"},
        Case{130, 65, 2, 0.01, R"([{"kind":"window","left":9}])"}, Case{63, 512, 1, 10, "[]"},
        Case{257, 16, 30, 1, R"([{"kind":"causal"}])"}, Case{100, 3, 1e-20, 1, "[]"}}) {
    Random random(c.n);
    Document made = blank_document({2, 1, c.n, c.n, c.d, c.d}, false);
    made.layers[0].origin = GivenQkv{random_tensor(random, {2, c.n, c.d}, c.spread),
                                     random_tensor(random, {1, c.n, c.d}, c.spread),
                                     std::nullopt,
                                     {},
                                     {}};
    const auto document = shared(std::move(made));
    const Json settings{{"masks", Json::parse(c.masks)}, {"temperature", c.temperature}};
    GraphOf fast(document, settings);
    GraphOf exact(document, settings, Precision::exact);
    const std::vector<double> found = numbers(fast, Stage::weights);
    const std::vector<double> p = numbers(exact, Stage::weights);
    const LayerInputs& in = exact.equation().inputs();
    const double factor = exact.equation().terms().scale / c.temperature;
    for (std::size_t row = 0; row < 2 * c.n; ++row) {
      const auto q = in.q[row / c.n].row(static_cast<Index>(row % c.n)).cwiseAbs();
      const double largest = (in.k[0].cwiseAbs() * q.transpose()).maxCoeff() * factor;
      double sum = 0;
      for (std::size_t j = row * c.n; j < (row + 1) * c.n; ++j) {
        sum += found[j];
        if (p[j] == 0) {
          EXPECT_EQ(found[j], 0);
        } else {
          EXPECT_LE(std::abs(found[j] - p[j]), p[j] * (2e-6 + 8 * kU * largest) + 0x1p-125)
              << c.n << " " << row;
        }
      }
      EXPECT_NEAR(sum, 1, 4 * kU + static_cast<double>(c.n) * 0x1p-125);
    }
  }
}

TEST_P(FastPaths, RowsThatFloatsCannotHoldComeFromTheReference) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const float odd : {kInfinity, kNan, 1e30F, -1e30F, 3e38F, 1e-40F}) {
    Random random(3);
    std::vector<float> q(70 * 4);
    for (float& x : q) x = static_cast<float>(random.normal());
    q[20] = odd;
    const Tensor k = random_tensor(random, {1, 70, 4});
    const auto document = shared(document_of_qkv(Tensor({1, 70, 4}, q), k, std::nullopt));
    for (const Json& settings : {Json::object(), Json{{"bias", {{{"kind", "alibi"}}}}}, Json{{"softcap", 5}},
                                 Json{{"normalizer", {{"kind", "entmax"}}}}}) {
      GraphOf fast(document, settings);
      GraphOf exact(document, settings, Precision::exact);
      for (const Stage stage : {Stage::scores, Stage::logits, Stage::weights}) {
        const auto found = numbers(fast, stage);
        auto expected = numbers(exact, stage);
        // Written as float32.
        for (double& x : expected) x = static_cast<double>(static_cast<float>(x));
        expect_close(found, expected, std::abs(odd) > 1e20F ? 1e-6 : 2e-6, std::string(info(stage).name));
      }
    }
  }
}

// A walk over settings: whatever was kept from the steps before, the bits are those of a fresh start.
TEST_P(FastPaths, WhatIsKeptIsWhatWouldBeComputed) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const auto document = shared(random_document(random));
    StageGraph walking(2);
    for (int step = 0; step < 12; ++step) {
      const Settings settings = settings_of(*document, random_settings(random, *document));
      ASSERT_TRUE(walking.set(document, settings));
      StageGraph fresh(1);
      ASSERT_TRUE(fresh.set(document, settings));
      for (const Stage stage : {Stage::scores, Stage::weights, Stage::dropped, Stage::context}) {
        if (!fresh.equation().shape(stage)) continue;
        EXPECT_TRUE(same(numbers(walking, stage), numbers(fresh, stage))) << seed << " " << info(stage).name;
      }
    }
  }
}

TEST_P(FastPaths, BitsDependOnNeitherThreadsNorTilesNorNeighbours) {
  Random random(5);
  const Json settings{{"masks", {{{"kind", "causal"}}}}, {"bias", {{{"kind", "alibi"}}}}};
  const auto document = shared(qkv_document(random, {4, 2, 333, 333, 24, 8}));
  GraphOf one(document, settings);
  const auto all = numbers(one, Stage::weights);
  for (const std::size_t threads : {2, 3, 4, 8}) {
    GraphOf many(document, settings, Precision::kernels, threads);
    EXPECT_TRUE(same(numbers(many, Stage::weights), all)) << threads;
    EXPECT_TRUE(same(numbers(many, Stage::context), numbers(one, Stage::context))) << threads;
    const auto map = many.map(Stage::weights, {Join::none, 3}).value();
    for (Index i = 0; i < 333; i += 11) {
      for (Index j = 0; j < 333; ++j) {
        ASSERT_EQ(static_cast<double>(map->value(i, j)),
                  all[static_cast<std::size_t>((3 * 333 + i) * 333 + j)]);
      }
    }
  }
}

// Causal rows do not change when tokens follow.
TEST_P(FastPaths, ALongerRunBeginsWithTheShorterOne) {
  Random random(6);
  const Tensor q = random_tensor(random, {1, 150, 16});
  const Tensor k = random_tensor(random, {1, 150, 16});
  const auto first = [](const Tensor& x, std::size_t n) {
    const auto values = x.values().first(n * 16);
    return Tensor({1, n, 16}, {values.begin(), values.end()});
  };
  const Json causal{{"masks", {{{"kind", "causal"}}}}};
  GraphOf longer(shared(document_of_qkv(q, k, std::nullopt)), causal);
  const auto all = numbers(longer, Stage::weights);
  for (const std::size_t n : {1, 63, 64, 65, 127}) {
    GraphOf shorter(shared(document_of_qkv(first(q, n), first(k, n), std::nullopt)), causal);
    const auto part = numbers(shorter, Stage::weights);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) ASSERT_EQ(part[i * n + j], all[i * 150 + j]) << n << " " << i;
    }
  }
}

const TraceStep& step_of(const Trace& trace, const std::string& name) {
  return *std::ranges::find(trace, name, &TraceStep::name);
}

TEST_P(FastPaths, ComputesAgainOnlyWhatChanged) {
  Random random(7);
  const auto document = shared(qkv_document(random, {2, 2, 300, 300, 8, 8}));
  StageGraph graph(1);
  const auto turn = [&](const Json& settings) {
    EXPECT_TRUE(graph.set(document, settings_of(*document, settings)));
    EXPECT_TRUE(graph.map(Stage::weights, {Join::none, 0}));
    return graph.trace();
  };
  const Json causal{{"masks", {{{"kind", "causal"}}}}};
  Json warm = causal;
  warm["temperature"] = 2;
  EXPECT_FALSE(step_of(turn(causal), "scores").reused);
  const Trace temperature = turn(warm);
  for (const char* kept : {"inputs", "terms", "masks", "scores"})
    EXPECT_TRUE(step_of(temperature, kept).reused) << kept;
  // The other half of the blocks, and those alone: 5 chunks of rows by 5 blocks, of which causal needed 15.
  EXPECT_EQ(step_of(turn(Json::object()), "scores").detail, "10 blocks, 15 at hand");
  EXPECT_TRUE(step_of(turn(causal), "scores").reused);
  EXPECT_FALSE(step_of(turn({{"score", {{"kind", "cosine"}}}}), "scores").reused);
}

TEST_P(FastPaths, KeepsNoMoreThanItsBudget) {
  Random random(8);
  const auto document = shared(qkv_document(random, {4, 4, 128, 128, 8, 8}));
  const std::size_t head = 128 * 128 * sizeof(float);
  for (const std::size_t budget : {std::size_t{0}, head, 2 * head}) {
    StageGraph graph(1, Precision::kernels, budget);
    StageGraph exact(1, Precision::exact);
    for (const Index h : {0, 1, 2, 3, 0}) {
      const Settings settings = settings_of(*document, {{"temperature", 1 + static_cast<double>(h)}});
      ASSERT_TRUE(graph.set(document, settings));
      ASSERT_TRUE(exact.set(document, settings));
      expect_close(numbers(graph, Stage::weights, HeadChoice{Join::none, h}),
                   numbers(exact, Stage::weights, HeadChoice{Join::none, h}), 1e-6, "weights");
    }
  }
}

// A bias of −∞ masks in one head what another one sees: the joined map shows a value.
TEST_P(FastPaths, JoinedHeadsShowWhatAnyOfThemSees) {
  Random random(12);
  Document made = qkv_document(random, {2, 2, 3, 3, 4, 4});
  const float minus = -std::numeric_limits<float>::infinity();
  made.layers[0].bias = Tensor({2, 1, 3}, {minus, 0, minus, 0, 0, minus});
  GraphOf graph(shared(std::move(made)), Json::object());
  const auto map = graph.map(Stage::weights, {Join::mean}).value();
  for (Index i = 0; i < 3; ++i) {
    EXPECT_EQ(map->cell_class(i, 0), CellClass::value);
    EXPECT_EQ(map->cell_class(i, 1), CellClass::value);
    EXPECT_EQ(map->cell_class(i, 2), CellClass::masked);
  }
}

// Whoever is outdated computes no chunk of rows more than those that threads are at.
TEST_P(FastPaths, AnOutdatedMapStopsAtTheNextChunk) {
  Random random(11);
  const auto document = shared(qkv_document(random, {2, 2, 640, 640, 8, 8}));
  for (const HeadChoice& head : {HeadChoice{Join::none, 1}, HeadChoice{Join::mean}}) {
    for (const std::size_t threads : {1, 3}) {
      GraphOf graph(document, Json::object(), Precision::kernels, threads);
      Progress progress;
      progress.outdated = [&] { return progress.done >= 2; };
      const auto map = graph.map(Stage::weights, head, &progress);
      ASSERT_FALSE(map);
      EXPECT_EQ(map.error().code, ErrorCode::cancelled);
      EXPECT_GE(progress.done, 2U);
      EXPECT_LT(progress.done, 2 + threads);
      EXPECT_EQ(progress.total, 10U);
      // What was kept of it is right.
      progress.outdated = nullptr;
      GraphOf fresh(document, Json::object());
      EXPECT_TRUE(graph.map(Stage::weights, head, &progress));
      EXPECT_TRUE(same(numbers(graph, Stage::weights), numbers(fresh, Stage::weights)));
    }
  }
}

TEST(FastPath, AtBaselineTheReferenceServes) {
  const kernels::Isa before = kernels::selected();
  kernels::select(kernels::Isa::baseline);
  Random random(9);
  const auto document = shared(qkv_document(random, {1, 1, 9, 9, 4, 4}));
  GraphOf fast(document, Json::object());
  GraphOf exact(document, Json::object(), Precision::exact);
  EXPECT_TRUE(same(numbers(fast, Stage::weights), numbers(exact, Stage::weights)));
  kernels::select(before);
}

}  // namespace
}  // namespace attn::test
