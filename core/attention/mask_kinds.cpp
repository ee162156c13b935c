#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "core/attention/expression.hpp"
#include "core/attention/mask.hpp"
#include "core/base/random.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

constexpr double kMaxIndex = 1e9;
constexpr std::array<std::string_view, 2> kAlignments{"top_left", "bottom_right"};
constexpr std::array<std::string_view, 6> kRelations{"self_and_ancestors", "parent",   "children",
                                                     "descendants",        "siblings", "neighbors"};

constexpr Parameter kOffset{.name = "offset",
                            .type = ParameterType::integer,
                            .min = -kMaxIndex,
                            .max = kMaxIndex,
                            .fallback = "0",
                            .meaning = "moves the diagonal: p = i + offset"};
constexpr Parameter kAlign{.name = "align",
                           .type = ParameterType::choice,
                           .fallback = "\"top_left\"",
                           .choices = kAlignments,
                           .meaning = "where the diagonal starts when there are more keys than queries"};
constexpr Parameter count(std::string_view name, double min, std::string_view start,
                          std::string_view meaning) {
  return {.name = name,
          .type = ParameterType::integer,
          .min = min,
          .max = kMaxIndex,
          .meaning = meaning,
          .start = start};
}
constexpr Parameter reach(std::string_view name, std::string_view start, std::string_view meaning) {
  return {.name = name,
          .type = ParameterType::integer_or_null,
          .min = -kMaxIndex,
          .max = kMaxIndex,
          .fallback = "null",
          .meaning = meaning,
          .start = start};
}

constexpr std::array kCausalParameters{kOffset, kAlign};
constexpr std::array kWindowParameters{
    // A window without a limit would hide nothing: the window begins with one that shows what it does.
    reach("left", "4", "keys before the query that stay visible, null for all"),
    reach("right", "", "keys after the query that stay visible, null for all"),
    kOffset,
    kAlign,
};
constexpr std::array kPrefixParameters{count("length", 0, "2", "keys from the start that everyone sees")};
constexpr std::array kBlockParameters{count("size", 1, "4", "tokens in a block")};
constexpr std::array kDilatedParameters{count("stride", 1, "2", "every stride-th key is seen"),
                                        count("window", 0, "8", "the farthest key that is seen")};
constexpr std::array kStridedParameters{count("stride", 1, "4", "keys just before, and every stride-th key")};
constexpr std::array kGlobalParameters{Parameter{.name = "tokens",
                                                 .type = ParameterType::integers,
                                                 .min = 0,
                                                 .max = kMaxIndex,
                                                 .meaning = "tokens that see all and are seen by all",
                                                 .start = "[0]"}};
constexpr std::array kRandomParameters{
    Parameter{.name = "p", .min = 0, .max = 1, .meaning = "share of cells that are allowed", .start = "0.5"},
    Parameter{.name = "seed",
              .type = ParameterType::integer,
              .min = 0,
              .max = 9007199254740992,
              .fallback = "0",
              .meaning = "another seed, another pattern"},
};
constexpr std::array kTreeParameters{Parameter{.name = "relation",
                                               .type = ParameterType::choice,
                                               .fallback = "\"self_and_ancestors\"",
                                               .choices = kRelations,
                                               .meaning = "which relatives of a token it sees"}};
constexpr std::array kGridParameters{count("radius", 0, "1", "rows and columns around a patch")};
constexpr std::array kPaintedParameters{Parameter{.name = "strokes",
                                                  .type = ParameterType::strokes,
                                                  .meaning = "rectangles, the later one over the earlier",
                                                  .start = "[]"}};
constexpr std::array kExpressionParameters{Parameter{.name = "expr",
                                                     .type = ParameterType::expression,
                                                     .meaning = "allowed where this is not 0",
                                                     .start = "\"abs(q - k) < 3\""}};

// The mask of a formula m(head, i, j).
template <class Formula>
MaskRow by_cell(Formula formula) {
  return [formula](Index head, Index i, std::span<bool> row) {
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = formula(head, i, static_cast<Index>(j));
  };
}

Index integer(const Json& parameters, const char* name) {
  return parameters.at(name).get<Index>();
}

std::string_view never(const LayerFacts&) {
  return {};
}

// p − i: how far the diagonal is moved.
Index diagonal_shift(const Json& parameters, const LayerFacts& facts) {
  const bool bottom_right = parameters.at("align") == "bottom_right";
  return integer(parameters, "offset") + (bottom_right ? facts.n_k - facts.n_q : 0);
}

Result<MaskRow> make_causal(const Json& parameters, const LayerFacts& facts, const std::string&) {
  const Index shift = diagonal_shift(parameters, facts);
  return by_cell([shift](Index, Index i, Index j) { return j <= i + shift; });
}

Result<MaskRow> make_window(const Json& parameters, const LayerFacts& facts, const std::string&) {
  const auto reach_of = [&](const char* name) {
    const Json& value = parameters.at(name);
    return value.is_null() ? static_cast<Index>(4 * kMaxIndex) : value.get<Index>();
  };
  const Index shift = diagonal_shift(parameters, facts);
  const Index first = shift - reach_of("left");
  const Index last = shift + reach_of("right");
  return by_cell([first, last](Index, Index i, Index j) { return i + first <= j && j <= i + last; });
}

Result<MaskRow> make_padding(const Json&, const LayerFacts& facts, const std::string&) {
  const std::span<const std::uint8_t> mask = facts.key().attention_mask;
  return by_cell(
      [mask](Index, Index, Index j) { return mask.empty() || mask[static_cast<std::size_t>(j)] != 0; });
}

Result<MaskRow> make_prefix(const Json& parameters, const LayerFacts&, const std::string&) {
  return by_cell([length = integer(parameters, "length")](Index, Index, Index j) { return j < length; });
}

std::string_view refuse_segments(const LayerFacts& facts) {
  const bool has = !facts.query().segments.empty() && !facts.key().segments.empty();
  return has ? "" : "the sequences have no \"segments\"";
}

Result<MaskRow> make_segments(const Json&, const LayerFacts& facts, const std::string&) {
  const std::span<const std::int64_t> of_query = facts.query().segments;
  const std::span<const std::int64_t> of_key = facts.key().segments;
  return by_cell([of_query, of_key](Index, Index i, Index j) {
    return of_query[static_cast<std::size_t>(i)] == of_key[static_cast<std::size_t>(j)];
  });
}

Result<MaskRow> make_block(const Json& parameters, const LayerFacts&, const std::string&) {
  return by_cell(
      [size = integer(parameters, "size")](Index, Index i, Index j) { return i / size == j / size; });
}

Result<MaskRow> make_dilated(const Json& parameters, const LayerFacts&, const std::string&) {
  const Index stride = integer(parameters, "stride");
  const Index window = integer(parameters, "window");
  return by_cell([=](Index, Index i, Index j) { return (i - j) % stride == 0 && std::abs(i - j) <= window; });
}

Result<MaskRow> make_strided(const Json& parameters, const LayerFacts&, const std::string&) {
  return by_cell([stride = integer(parameters, "stride")](Index, Index i, Index j) {
    return (0 <= i - j && i - j < stride) || j % stride == stride - 1;
  });
}

Result<MaskRow> make_global(const Json& parameters, const LayerFacts& facts, const std::string&) {
  std::vector<bool> is_global(static_cast<std::size_t>(std::max(facts.n_q, facts.n_k)), false);
  for (const Json& token : parameters.at("tokens")) {
    const auto index = static_cast<std::size_t>(token.get<double>());
    if (index < is_global.size()) is_global[index] = true;
  }
  return by_cell([is_global](Index, Index i, Index j) {
    return is_global[static_cast<std::size_t>(i)] || is_global[static_cast<std::size_t>(j)];
  });
}

Result<MaskRow> make_random(const Json& parameters, const LayerFacts&, const std::string&) {
  const double p = parameters.at("p").get<double>();
  const auto seed = parameters.at("seed").get<std::uint64_t>();
  return by_cell([=](Index head, Index i, Index j) { return uniform(seed, head, i, j) < p; });
}

std::string_view refuse_tree(const LayerFacts& facts) {
  if (facts.layer->query != facts.layer->key) return "queries and keys are two sequences";
  return facts.key().parents.empty() ? "the sequence has no \"parents\"" : "";
}

// Where a walk through the trees, children after their parent, enters a token and leaves what is below it.
struct Walk {
  std::vector<std::int64_t> parents, enter, leave;

  explicit Walk(const std::vector<std::int64_t>& of) : parents(of), enter(of.size(), 0), leave(of.size(), 0) {
    const std::size_t n = parents.size();
    std::vector<std::vector<std::size_t>> children(n + 1);  // the last: the roots
    for (std::size_t t = 0; t < n; ++t)
      children[parents[t] < 0 ? n : static_cast<std::size_t>(parents[t])].push_back(t);
    std::int64_t clock = 0;
    std::vector<std::pair<std::size_t, std::size_t>> path{
        {n, 0}};  // a token, and how many of its children are done
    while (!path.empty()) {
      auto& [token, done] = path.back();
      if (done < children[token].size()) {
        const std::size_t child = children[token][done++];
        enter[child] = clock++;
        path.emplace_back(child, 0);
        continue;
      }
      if (token < n) leave[token] = clock;
      path.pop_back();
    }
  }
  [[nodiscard]] std::int64_t parent(Index token) const { return parents[static_cast<std::size_t>(token)]; }
  // True where `above` is an ancestor of `token`, or is `token` itself.
  [[nodiscard]] bool is_at_or_above(Index above, Index token) const {
    const std::int64_t at = enter[static_cast<std::size_t>(token)];
    return enter[static_cast<std::size_t>(above)] <= at && at < leave[static_cast<std::size_t>(above)];
  }
};

// The relation of j to i.
struct Relation {
  std::string_view name;
  bool (*holds)(const Walk& tree, Index i, Index j);
};
constexpr std::array<Relation, 6> kRelationRows{{
    {"self_and_ancestors", [](const Walk& tree, Index i, Index j) { return tree.is_at_or_above(j, i); }},
    {"parent", [](const Walk& tree, Index i, Index j) { return tree.parent(i) == j; }},
    {"children", [](const Walk& tree, Index i, Index j) { return tree.parent(j) == i; }},
    {"descendants", [](const Walk& tree, Index i, Index j) { return i != j && tree.is_at_or_above(i, j); }},
    {"siblings",
     [](const Walk& tree, Index i, Index j) { return i != j && tree.parent(i) == tree.parent(j); }},
    {"neighbors",
     [](const Walk& tree, Index i, Index j) { return tree.parent(i) == j || tree.parent(j) == i; }},
}};

Result<MaskRow> make_tree(const Json& parameters, const LayerFacts& facts, const std::string&) {
  const auto tree = std::make_shared<const Walk>(facts.key().parents);
  const auto* row =
      std::ranges::find(kRelationRows, parameters.at("relation").get<std::string>(), &Relation::name);
  return by_cell([tree, holds = row->holds](Index, Index i, Index j) { return holds(*tree, i, j); });
}

std::string_view refuse_grid(const LayerFacts& facts) {
  return facts.query().image && facts.key().image ? "" : "the sequences are no \"image\"";
}

Result<MaskRow> make_grid(const Json& parameters, const LayerFacts& facts, const std::string&) {
  const ImageGrid of_query = *facts.query().image;
  const ImageGrid of_key = *facts.key().image;
  const Index radius = integer(parameters, "radius");
  return by_cell([=](Index, Index i, Index j) {
    const Index a = i - static_cast<Index>(of_query.skip);
    const Index b = j - static_cast<Index>(of_key.skip);
    if (a < 0 || b < 0) return true;
    const auto width_a = static_cast<Index>(of_query.columns);
    const auto width_b = static_cast<Index>(of_key.columns);
    return std::abs(a / width_a - b / width_b) <= radius && std::abs(a % width_a - b % width_b) <= radius;
  });
}

std::string_view refuse_document(const LayerFacts& facts) {
  return facts.layer->mask ? "" : "the layer has no \"mask\"";
}

Result<MaskRow> make_document(const Json&, const LayerFacts& facts, const std::string&) {
  return by_cell([mask = *facts.layer->mask](Index head, Index i, Index j) {
    return broadcast_at(mask, head, i, j) != 0;
  });
}

struct Stroke {
  Index first_row, last_row, first_column, last_column;
  bool allow;
  std::optional<std::vector<Index>> heads;  ///< nothing: all
};

Result<MaskRow> make_painted(const Json& parameters, const LayerFacts&, const std::string&) {
  std::vector<Stroke> strokes;
  for (const Json& stroke : parameters.at("strokes")) {
    const Json& rows = stroke.at("rows");
    const Json& columns = stroke.at("cols");
    strokes.push_back({rows[0].get<Index>(), rows[1].get<Index>(), columns[0].get<Index>(),
                       columns[1].get<Index>(), stroke.at("allow").get<bool>(),
                       stroke.contains("heads") ? std::optional(stroke.at("heads").get<std::vector<Index>>())
                                                : std::nullopt});
  }
  return MaskRow([strokes](Index head, Index i, std::span<bool> row) {
    for (const Stroke& stroke : strokes) {
      const bool here = !stroke.heads || std::ranges::find(*stroke.heads, head) != stroke.heads->end();
      if (!here || i < stroke.first_row || i >= stroke.last_row) continue;
      const Index last = std::min(stroke.last_column, static_cast<Index>(row.size()));
      for (Index j = stroke.first_column; j < last; ++j) row[static_cast<std::size_t>(j)] = stroke.allow;
    }
  });
}

Result<MaskRow> make_expression(const Json& parameters, const LayerFacts& facts, const std::string& place) {
  auto expression = expression_for(parameters.at("expr").get<std::string>(), facts, place + "/expr");
  if (!expression) return tl::unexpected(expression.error());
  return MaskRow([values = std::move(*expression)](Index head, Index i, std::span<bool> row) {
    std::vector<double> numbers(row.size());
    values(head, i, numbers);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = numbers[j] != 0;
  });
}

constexpr std::array kMasks{
    MaskKind{{"causal", "j ≤ p", "no query sees a later key", kCausalParameters}, never, make_causal},
    MaskKind{{"window", "p − left ≤ j ≤ p + right", "each query sees the keys around it", kWindowParameters},
             never,
             make_window},
    MaskKind{
        {"padding", "attention_mask of key j is not 0", "padding keys are not seen"}, never, make_padding},
    MaskKind{{"prefix", "j < length", "everyone sees the first keys", kPrefixParameters}, never, make_prefix},
    MaskKind{{"segments", "segment of i = segment of j", "each sees its own segment alone"},
             refuse_segments,
             make_segments},
    MaskKind{
        {"block", "⌊i/size⌋ = ⌊j/size⌋", "blocks along the diagonal", kBlockParameters}, never, make_block},
    MaskKind{{"dilated", "(i − j) mod stride = 0 and |i − j| ≤ window",
              "every stride-th key around the query", kDilatedParameters},
             never,
             make_dilated},
    MaskKind{{"strided", "0 ≤ i − j < stride, or j mod stride = stride − 1",
              "the keys just before, and one in each stride", kStridedParameters},
             never,
             make_strided},
    MaskKind{{"global", "i in tokens or j in tokens", "some tokens see all and are seen by all",
              kGlobalParameters},
             never,
             make_global},
    MaskKind{{"random", "uniform(seed, h, i, j) < p", "cells drawn by lot, another pattern for each head",
              kRandomParameters},
             never,
             make_random,
             false,
             true},
    MaskKind{{"tree", "relation of j to i by parents", "each sees its relatives in a tree", kTreeParameters},
             refuse_tree,
             make_tree},
    MaskKind{{"grid", "|Δrow| ≤ radius and |Δcolumn| ≤ radius", "patches see the patches around them",
              kGridParameters},
             refuse_grid,
             make_grid},
    MaskKind{{"document", "the layer's mask", "the mask that the document brings"},
             refuse_document,
             make_document,
             false,
             true},
    MaskKind{{"painted", "each stroke overwrites its rectangle", "cells allowed and forbidden by hand",
              kPaintedParameters},
             never,
             make_painted,
             true,
             true},
    MaskKind{{"expression", "expr ≠ 0", "a formula of q, k and h", kExpressionParameters},
             never,
             make_expression,
             false,
             true},
};

}  // namespace

std::span<const MaskKind> mask_kinds() {
  return kMasks;
}

}  // namespace attn
