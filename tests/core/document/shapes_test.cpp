// Documents of random shapes: the right ones open with those shapes; with one axis of one tensor wrong, they
// are refused at a place inside the document.

#include <map>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/core/document/parse.hpp"

namespace attn {
namespace {

using Shape = std::vector<std::size_t>;
using Shapes = std::map<std::string, Shape>;

std::string zeros(const Shape& shape, bool nested, std::size_t axis = 0) {
  if (!nested) {
    std::size_t size = 1;
    std::string lengths;
    for (const std::size_t length : shape) {
      size *= length;
      lengths += fmt::format("{}{}", lengths.empty() ? "" : ",", length);
    }
    std::string data;
    for (std::size_t i = 0; i < size; ++i) data.append(i == 0 ? "0" : ",0");
    return fmt::format(R"({{"shape":[{}],"data":[{}]}})", lengths, data);
  }
  if (axis == shape.size()) return "0";
  std::string text = "[";
  for (std::size_t i = 0; i < shape[axis]; ++i)
    text.append(i == 0 ? "" : ",").append(zeros(shape, true, axis + 1));
  return text.append("]");
}

std::string tokens(std::size_t n) {
  std::string text = "[";
  for (std::size_t i = 0; i < n; ++i) text.append(i == 0 ? "\"a\"" : ",\"b\"");
  return text.append("]");
}

struct Sizes {
  std::size_t n_q, n_k, heads, groups, d_k, d_v, d_model;
};

std::string document(const Sizes& n, const Shapes& tensors, bool nested) {
  std::string layer =
      fmt::format(R"("query":"q","key":"k","heads":{},"kv_heads":{})", n.heads, n.heads / n.groups);
  std::string embeddings[2];
  for (const auto& [name, shape] : tensors) {
    if (name == "E_q" || name == "E_k") {
      embeddings[name == "E_k"] = fmt::format(R"(,"embeddings":{})", zeros(shape, nested));
    } else {
      layer += fmt::format(",\"{}\":{}", name, zeros(shape, nested));
    }
  }
  return fmt::format(R"({{"sequences":{{"q":{{"tokens":{}{}}},"k":{{"tokens":{}{}}}}},"layers":[{{{}}}]}})",
                     tokens(n.n_q), embeddings[0], tokens(n.n_k), embeddings[1], layer);
}

Shapes shapes_of(int origin, const Sizes& n) {
  const std::size_t kv_heads = n.heads / n.groups;
  const std::size_t q_width = n.heads * n.d_k, k_width = kv_heads * n.d_k, v_width = kv_heads * n.d_v;
  Shapes shapes = {{"mask", {n.n_q, n.n_k}}, {"bias", {n.heads, n.n_q, n.n_k}}};
  if (origin == 0) shapes["scores"] = {n.heads, n.n_q, n.n_k};
  if (origin == 1) shapes["attention"] = {n.heads, n.n_q, n.n_k};
  if (origin >= 2) shapes.insert({{"W_o", {n.heads * n.d_v, 3}}, {"b_o", {3}}});
  if (origin == 2) {
    shapes.insert(
        {{"q", {n.heads, n.n_q, n.d_k}}, {"k", {kv_heads, n.n_k, n.d_k}}, {"v", {kv_heads, n.n_k, n.d_v}}});
  }
  if (origin == 3) {
    shapes.insert({{"E_q", {n.n_q, n.d_model}}, {"E_k", {n.n_k, n.d_model + 1}}});
    shapes.insert({{"W_q", {n.d_model, q_width}},
                   {"W_k", {n.d_model + 1, k_width}},
                   {"W_v", {n.d_model + 1, v_width}}});
    shapes.insert({{"b_q", {q_width}}, {"b_k", {k_width}}, {"b_v", {v_width}}});
  }
  return shapes;
}

TEST(Shapes, RightOnesOpenAndWrongOnesAreRefused) {
  std::mt19937 random(3);
  const auto upto = [&](std::size_t most) { return 1 + random() % most; };
  for (int round = 0; round < 400; ++round) {
    Sizes n{1 + upto(4), 1 + upto(4), 0, upto(3), upto(3), upto(3), upto(4)};
    n.heads = n.groups * upto(2);
    const int origin = static_cast<int>(random() % 4);
    if (origin < 2) n.groups = 1;
    const bool nested = random() % 2 == 0;
    const Shapes right = shapes_of(origin, n);
    const Document opened = test::parsed(document(n, right, nested));
    ASSERT_EQ(opened.layers.front().heads, n.heads);
    ASSERT_EQ(opened.layers.front().kv_heads, n.heads / n.groups);

    // d_v, d_model of the output and a lone width are free: an axis that has no partner may have any length.
    Shapes wrong = right;
    auto tensor = wrong.begin();
    std::advance(tensor, static_cast<std::ptrdiff_t>(random() % wrong.size()));
    const std::size_t axis = random() % tensor->second.size();
    tensor->second[axis] += 7 * n.heads;
    const std::string text = document(n, wrong, nested);
    const Error error = test::refused(text);
    ASSERT_FALSE(HasFailure()) << text;
    ASSERT_EQ(error.place.front(), '/') << describe(error);
    ASSERT_FALSE(error.expected.empty());
    ASSERT_FALSE(error.found.empty());
  }
}

}  // namespace
}  // namespace attn
