// Layers whose tensors stay in their files: the same bits as from memory, and no more read than is shown.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/document/tensors/stored_tensor.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/stage_graph.hpp"
#include "tests/core/document/tensors/files.hpp"
#include "tests/support/random.hpp"

namespace attn::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Join = HeadChoice::Join;
using Precision = StageGraph::Precision;

// A safetensors file, tensor by tensor.
class Archive {
 public:
  explicit Archive(std::uint64_t seed) : random_(seed) {}
  // Numbers between `low` and `high`, as bfloat16 or float32.
  void add(const std::string& name, const std::vector<std::size_t>& shape, double low, double high,
           bool half) {
    std::size_t size = 1;
    for (const std::size_t length : shape) size *= length;
    const std::size_t begin = data_.size();
    for (std::size_t i = 0; i < size; ++i) {
      const std::string number = raw(std::vector{static_cast<float>(low + (high - low) * random_.unit())});
      data_ += half ? number.substr(2) : number;
    }
    header_[name] = {
        {"dtype", half ? "BF16" : "F32"}, {"shape", shape}, {"data_offsets", {begin, data_.size()}}};
  }
  [[nodiscard]] std::string bytes() const { return safetensors(header_.dump(), data_); }

 private:
  support::Random random_;
  Json header_;
  std::string data_;
};

std::shared_ptr<const Document> opened(const std::string& path, const ReadOptions& options) {
  auto document = read_document(path, options);
  if (!document) throw std::runtime_error(describe(document.error()));
  return std::make_shared<const Document>(std::move(*document));
}

ReadOptions staying() {
  ReadOptions options;
  options.read_at_once = 0;
  return options;
}

Settings settings_of(const Document& document, const Json& window) {
  SettingsStack stack;
  stack.window = window;
  return resolve_settings(document, 0, stack).value();
}

bool same(const Result<StageArray>& a, const Result<StageArray>& b) {
  if (!a || !b) return !a && !b && a.error().found == b.error().found;
  return a->shape == b->shape && std::ranges::equal(a->values, b->values, [](double x, double y) {
           return (std::isnan(x) && std::isnan(y)) || (x == y && std::signbit(x) == std::signbit(y));
         });
}

struct Case {
  const char* name;
  const char* document;
  std::vector<Json> settings;
};

class StoredHeads : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(
    Origins, StoredHeads,
    testing::Values(
        Case{"qkv",
             R"({"q": {"file": "t.safetensors", "name": "q"}, "k": {"file": "t.safetensors", "name": "k"},
                 "v": {"file": "t.safetensors", "name": "v"}, "W_o": {"file": "t.safetensors", "name": "W_o"},
                 "bias": {"file": "t.safetensors", "name": "bias"}})",
             {Json::object(),
              {{"temperature", 0.5}},
              {{"position", "rope"}},
              {{"heads", 2}, {"bias", Json::array()}},
              {{"score", "cosine"}}}},
        Case{"projections",
             R"({"embeddings": {"file": "t.safetensors", "name": "x"}, "heads": 4, "weight_layout": "out_in",
                 "W_q": {"file": "t.safetensors", "name": "W"}, "W_k": {"file": "t.safetensors", "name": "W"},
                 "W_v": {"file": "t.safetensors", "name": "W"}, "W_o": {"file": "t.safetensors", "name": "W"}})",
             {Json::object(), {{"embedding_scale", 2}}}},
        Case{"scores",
             R"({"scores": {"file": "t.safetensors", "name": "maps"}})",
             {Json::object(), {{"softcap", 2}}}},
        Case{"weights",
             R"({"attention": {"file": "t.safetensors", "name": "maps"}})",
             {Json::object(), {{"temperature", 2}}}}),
    [](const auto& stored) { return stored.param.name; });

TEST_P(StoredHeads, TheSameBitsAsFromMemory) {
  const support::TemporaryFolder folder;
  for (const bool half : {false, true}) {
    Archive archive(11);
    archive.add("q", {4, 70, 8}, -2, 2, half);
    archive.add("k", {2, 70, 8}, -2, 2, half);
    archive.add("v", {2, 70, 6}, -2, 2, half);
    archive.add("W_o", {24, 5}, -1, 1, half);
    archive.add("bias", {70, 70}, -1, 1, half);
    archive.add("x", {70, 16}, -1, 1, half);
    archive.add("W", {16, 16}, -1, 1, half);
    archive.add("maps", {4, 70, 70}, 0, 1, half);
    folder.write("t.safetensors", archive.bytes());
    const std::string path = folder.write("d.json", GetParam().document);
    const auto memory = opened(path, {});
    const auto files = opened(path, staying());
    EXPECT_EQ(memory->stored_numbers, 0u);
    EXPECT_GT(files->stored_numbers, 0u);
    for (const Precision precision : {Precision::kernels, Precision::exact}) {
      // One graph for all settings, heads and stages, as the window has it.
      StageGraph whole(2, precision), stored(2, precision);
      for (const Json& given : GetParam().settings) {
        const Settings settings = settings_of(*memory, given);
        ASSERT_TRUE(whole.set(memory, settings)) << given;
        ASSERT_TRUE(stored.set(files, settings)) << given;
        for (const StageInfo& stage : kStages) {
          for (const std::optional<HeadChoice>& head :
               {std::optional(HeadChoice{Join::none, 1}), std::optional(HeadChoice{Join::none, 0}),
                std::optional(HeadChoice{Join::mean}), std::optional(HeadChoice{Join::none, 1}),
                std::optional<HeadChoice>()}) {
            EXPECT_TRUE(same(whole.array(stage.stage, head), stored.array(stage.stage, head)))
                << given << " " << stage.name << " " << (head ? to_text(*head) : "all");
          }
        }
      }
    }
  }
}

TEST(StoredHead, EachTensorMayStayByItself) {
  const std::string inline_tensors[] = {R"("q": [[[1, 0], [0, 1]], [[1, 1], [2, 0]]])",
                                        R"("k": [[[1, 2], [2, 1]], [[0, 1], [1, 0]]])",
                                        R"("v": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]])"};
  const support::TemporaryFolder folder;
  Archive archive(3);
  for (const char* name : {"q", "k", "v"}) archive.add(name, {2, 2, 2}, -1, 1, false);
  folder.write("t.safetensors", archive.bytes());
  for (std::size_t stays = 0; stays < 3; ++stays) {
    std::string members;
    for (std::size_t i = 0; i < 3; ++i) {
      const char name = "qkv"[i];
      members += (i == 0 ? "" : ", ") +
                 (i == stays ? fmt::format(R"("{0}": {{"file": "t.safetensors", "name": "{0}"}})", name)
                             : inline_tensors[i]);
    }
    const std::string path = folder.write("d.json", "{" + members + "}");
    const auto memory = opened(path, {});
    const auto files = opened(path, staying());
    EXPECT_EQ(files->stored_numbers, 8u);
    StageGraph whole(1), stored(1);
    ASSERT_TRUE(whole.set(memory, settings_of(*memory, Json::object())));
    ASSERT_TRUE(stored.set(files, settings_of(*files, Json::object())));
    for (const Stage stage : {Stage::scores, Stage::weights, Stage::context}) {
      const HeadChoice head{Join::none, 1};
      EXPECT_TRUE(same(whole.array(stage, head), stored.array(stage, head))) << members;
    }
  }
}

TEST(StoredHead, AKnobReadsNothingAgain) {
  const support::TemporaryFolder folder;
  Archive archive(5);
  archive.add("scores", {4, 70, 70}, -2, 2, true);
  const auto document = opened(folder.write("t.safetensors", archive.bytes()), staying());
  const auto& cache = std::get<GivenScores>(document->layers[0].origin).scores.stored()->cache;
  StageGraph graph(1);
  for (const double temperature : {1.0, 0.7, 0.5}) {
    ASSERT_TRUE(graph.set(document, settings_of(*document, {{"temperature", temperature}})));
    ASSERT_TRUE(graph.map(Stage::weights, HeadChoice{Join::none, 2}));
    EXPECT_EQ(cache->bytes_read(), 70u * 70 * 2) << temperature;
  }
}

TEST(StoredHead, ShowingOneReadsOne) {
  // 5 GB of zeros that take no room.
  const support::TemporaryFolder folder;
  constexpr std::uint64_t kHead = std::uint64_t{1024} * 1024 * sizeof(float);
  constexpr std::uint64_t kSize = 1280 * kHead;
  const std::string path = folder.write(
      "t.safetensors",
      safetensors(
          fmt::format(R"({{"attention":{{"dtype":"F32","shape":[20,64,1024,1024],"data_offsets":[0,{}]}}}})",
                      kSize),
          ""));
  std::error_code problem;
  fs::resize_file(path, fs::file_size(path) + kSize, problem);
  if (problem) GTEST_SKIP() << "no sparse files here: " << problem.message();
  MapRequest request;
  request.document = opened(path, {});
  ASSERT_EQ(request.document->layers.size(), 20u);
  request.settings = settings_of(*request.document, Json::object());
  request.settings.layer = 7;
  request.head = {Join::none, 3};
  request.probe_row = 5;
  Engine engine(2);
  const MapResult result = engine.answer(request);
  ASSERT_FALSE(result.error) << describe(*result.error);
  EXPECT_EQ(result.map->rows, 1024);
  ASSERT_TRUE(result.probe);
  const auto& weights = std::get<GivenWeights>(request.document->layers[7].origin).weights;
  EXPECT_EQ(weights.stored()->cache->bytes_read(), kHead);
  EXPECT_LT(weights.stored()->cache->bytes_read(), kSize / 100);
}

TEST(StoredHead, AFileThatIsGoneIsSaidAndThePictureBeforeStays) {
  const support::TemporaryFolder folder;
  Archive archive(5);
  archive.add("attention", {4, 9, 9}, 0, 1, false);
  const std::string path = folder.write("t.safetensors", archive.bytes());
  MapRequest request;
  request.document = opened(path, staying());
  request.settings = settings_of(*request.document, Json::object());
  Engine engine(1);
  ASSERT_FALSE(engine.answer(request).error);
  fs::resize_file(path, 100);
  request.head.head = 1;
  const MapResult refused = engine.answer(request);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->file, path);
  EXPECT_TRUE(contains(refused.error->found, "changed")) << describe(*refused.error);
  request.head.head = 0;
  EXPECT_FALSE(engine.answer(request).error);
}

TEST(StoredHead, AReadingEndsWhenNobodyWantsIt) {
  const support::TemporaryFolder folder;
  Archive archive(5);
  archive.add("attention", {4, 9, 9}, 0, 1, false);
  MapRequest request;
  request.document = opened(folder.write("t.safetensors", archive.bytes()), staying());
  request.settings = settings_of(*request.document, Json::object());
  Progress progress;
  progress.outdated = [] { return true; };
  Engine engine(1);
  const MapResult given_up = engine.answer(request, &progress);
  ASSERT_TRUE(given_up.error);
  EXPECT_EQ(given_up.error->code, ErrorCode::cancelled);
  progress.outdated = nullptr;
  EXPECT_FALSE(engine.answer(request, &progress).error);
}

}  // namespace
}  // namespace attn::test
