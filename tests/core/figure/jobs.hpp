#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/figure/figure_job.hpp"
#include "tests/core/figure/boxes.hpp"
#include "tests/core/figure/maps.hpp"

namespace attn::test {

using Json = nlohmann::json;

inline const std::vector<std::string> kWords{"the", "quick", "brown", "fox", "a", "I"};
inline const std::vector<std::string> kMixed{"注意力",  "مرحبا", "🎉", "שלום",
                                             "e\u0301", "",      " ", std::string(80, 'w')};

inline Tensor random_tensor(std::vector<std::size_t> shape, std::uint64_t seed) {
  std::size_t count = 1;
  for (const std::size_t length : shape) count *= length;
  std::vector<float> data(count);
  for (std::size_t i = 0; i < count; ++i)
    data[i] = static_cast<float>(mix(seed * 1'000'003 + i) % 1000) / 500 - 1;
  return Tensor{std::move(shape), std::move(data)};
}

// Two layers of q, k and v, the same everywhere.
inline std::shared_ptr<const Document> document(std::size_t queries, std::size_t keys,
                                                const std::vector<std::string>& words = kWords,
                                                std::size_t heads = 2) {
  auto made = std::make_shared<Document>();
  made->title = "A document";
  for (const std::size_t count : {queries, keys}) {
    Sequence& sequence = made->sequences.emplace_back();
    sequence.tokens = labels(static_cast<Index>(count), words);
  }
  for (std::size_t l = 0; l < 2; ++l) {
    Layer& layer = made->layers.emplace_back();
    layer.key = layer.value = 1;
    layer.heads = layer.kv_heads = heads;
    layer.origin = GivenQkv{random_tensor({heads, queries, 4}, 7 * l + 1),
                            random_tensor({heads, keys, 4}, 7 * l + 2),
                            random_tensor({heads, keys, 4}, 7 * l + 3),
                            {},
                            {}};
  }
  return made;
}

inline FigureOptions options_of(const Json& json) {
  const auto options = figure_options_from_json(json.is_null() ? Json::object() : json);
  if (!options) ADD_FAILURE() << describe(options.error());
  return options.value_or(FigureOptions{});
}

inline FigureJob job_of(std::shared_ptr<const Document> document, const Json& options) {
  FigureJob job;
  job.document = std::move(document);
  job.options = options_of(options);
  return job;
}

inline FigureContent compose(const FigureJob& job) {
  TextRenderer text;
  auto content = compose_figure(job, text, 2);
  if (!content) ADD_FAILURE() << describe(content.error());
  return content ? std::move(*content) : FigureContent{{DisplayList{}}, 0.5, {}};
}

inline DisplayList list_of(const FigureJob& job) {
  return compose(job).frames.front();
}
inline DisplayList list_of(const Json& options) {
  return list_of(job_of(document(6, 5), options));
}

inline std::string refusal(const FigureJob& job) {
  TextRenderer text;
  const auto content = compose_figure(job, text, 2);
  return content ? "" : describe(content.error());
}

inline std::vector<ImageItem> images_of(const DisplayList& list) {
  std::vector<ImageItem> images;
  for (const DisplayItem& item : list.items)
    if (const auto* image = std::get_if<ImageItem>(&item)) images.push_back(*image);
  return images;
}

template <class Item>
std::ptrdiff_t count_of(const DisplayList& list) {
  return std::ranges::count_if(list.items,
                               [](const DisplayItem& item) { return std::holds_alternative<Item>(item); });
}

inline const TextItem& text_named(const DisplayList& list, std::string_view words) {
  for (const DisplayItem& item : list.items) {
    const auto* text = std::get_if<TextItem>(&item);
    if (text != nullptr && text->text == words) return *text;
  }
  throw std::runtime_error("no text " + std::string(words));
}

inline Json with_kind(std::string_view kind, Json options) {
  options["kind"] = kind;
  if (kind == "compare") options["other"] = {{"set", {"temperature=2"}}};
  return options;
}

}  // namespace attn::test
