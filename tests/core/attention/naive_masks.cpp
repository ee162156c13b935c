#include <array>
#include <cmath>
#include <stdexcept>

#include "core/base/random.hpp"
#include "tests/core/attention/naive.hpp"

namespace attn::test {
namespace {

// One cell of one mask, and all that its formula may look at.
struct Cell {
  const Document& document;
  const Layer& layer;
  const nlohmann::json& given;
  std::size_t h;
  long i, j;

  [[nodiscard]] long number(const char* name) const { return given.at(name).get<long>(); }
  [[nodiscard]] long n_q() const { return static_cast<long>(document.query_of(layer).tokens.size()); }
  [[nodiscard]] long n_k() const { return static_cast<long>(document.key_of(layer).tokens.size()); }
  [[nodiscard]] long p() const {
    return i + number("offset") + (given.at("align") == "bottom_right" ? n_k() - n_q() : 0);
  }
  [[nodiscard]] long parent(long token) const {
    return document.key_of(layer).parents[static_cast<std::size_t>(token)];
  }
};

// True where `token` stands below `above`, at any depth.
bool is_below(const Cell& c, long token, long above) {
  for (long at = c.parent(token); at >= 0; at = c.parent(at)) {
    if (at == above) return true;
  }
  return false;
}

bool related(const Cell& c) {
  const std::string relation = c.given.at("relation");
  if (relation == "self_and_ancestors") return c.i == c.j || is_below(c, c.i, c.j);
  if (relation == "parent") return c.parent(c.i) == c.j;
  if (relation == "children") return c.parent(c.j) == c.i;
  if (relation == "descendants") return is_below(c, c.j, c.i);
  if (relation == "siblings") return c.i != c.j && c.parent(c.i) == c.parent(c.j);
  if (relation == "neighbors") return c.parent(c.i) == c.j || c.parent(c.j) == c.i;
  throw std::logic_error("no relation " + relation);
}

bool near_on_grid(const Cell& c) {
  const ImageGrid& a = *c.document.query_of(c.layer).image;
  const ImageGrid& b = *c.document.key_of(c.layer).image;
  const long i = c.i - static_cast<long>(a.skip);
  const long j = c.j - static_cast<long>(b.skip);
  if (i < 0 || j < 0) return true;
  const auto wide_a = static_cast<long>(a.columns);
  const auto wide_b = static_cast<long>(b.columns);
  return std::abs(i / wide_a - j / wide_b) <= c.number("radius") &&
         std::abs(i % wide_a - j % wide_b) <= c.number("radius");
}

bool is_listed(const nlohmann::json& list, long index) {
  for (const auto& item : list) {
    if (item == index) return true;
  }
  return false;
}

struct Formula {
  const char* kind;
  bool (*m)(const Cell& c);
};
const std::array<Formula, 14> kFormulas{{
    {"causal", [](const Cell& c) { return c.j <= c.p(); }},
    {"window",
     [](const Cell& c) {
       const bool after_left = c.given.at("left").is_null() || c.p() - c.number("left") <= c.j;
       return after_left && (c.given.at("right").is_null() || c.j <= c.p() + c.number("right"));
     }},
    {"padding",
     [](const Cell& c) {
       const auto& real = c.document.key_of(c.layer).attention_mask;
       return real.empty() || real[static_cast<std::size_t>(c.j)] != 0;
     }},
    {"prefix", [](const Cell& c) { return c.j < c.number("length"); }},
    {"segments",
     [](const Cell& c) {
       return c.document.query_of(c.layer).segments[static_cast<std::size_t>(c.i)] ==
              c.document.key_of(c.layer).segments[static_cast<std::size_t>(c.j)];
     }},
    {"block", [](const Cell& c) { return c.i / c.number("size") == c.j / c.number("size"); }},
    {"dilated",
     [](const Cell& c) {
       return std::abs(c.i - c.j) % c.number("stride") == 0 && std::abs(c.i - c.j) <= c.number("window");
     }},
    {"strided",
     [](const Cell& c) {
       const long stride = c.number("stride");
       return (c.j <= c.i && c.i - c.j < stride) || (c.j + 1) % stride == 0;
     }},
    {"global",
     [](const Cell& c) {
       return is_listed(c.given.at("tokens"), c.i) || is_listed(c.given.at("tokens"), c.j);
     }},
    {"random",
     [](const Cell& c) {
       return uniform(c.given.at("seed").get<std::uint64_t>(), c.h, c.i, c.j) < c.given.at("p").get<double>();
     }},
    {"tree", related},
    {"grid", near_on_grid},
    {"document",
     [](const Cell& c) {
       return broadcast(*c.layer.mask, c.h, static_cast<std::size_t>(c.i), static_cast<std::size_t>(c.j)) !=
              0;
     }},
    {"expression",
     [](const Cell& c) {
       // The texts that random_settings.cpp makes.
       const std::string expr = c.given.at("expr");
       if (expr == "k <= q") return c.j <= c.i;
       if (expr == "mod(q - k, 2) == h && n_k > n_q") {
         return std::abs(c.i - c.j) % 2 == static_cast<long>(c.h) && c.n_k() > c.n_q();
       }
       if (expr == "q % 3 != 1 ? k : !k") return c.i % 3 != 1 ? c.j != 0 : c.j == 0;
       throw std::logic_error("no formula for expression " + expr);
     }},
}};

}  // namespace

bool naive_mask(const Document& document, const Layer& layer, const Term& term, std::size_t h, long i,
                long j) {
  for (const Formula& formula : kFormulas) {
    if (term.kind == formula.kind) return formula.m({document, layer, term.parameters, h, i, j});
  }
  throw std::logic_error("no formula for mask " + term.kind);
}

}  // namespace attn::test
