#include "core/attention/expression.hpp"

#include <array>
#include <cmath>
#include <mutex>
#include <vector>

#include <fmt/format.h>
#include <muParser.h>

#include "core/attention/parameter.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

double floored_mod(double a, double b) {
  return a - b * std::floor(a / b);
}

struct Function {
  const char* name;
  double (*of)(double);
};
constexpr std::array<Function, 10> kFunctions{{
    {"abs", [](double a) { return std::fabs(a); }},
    {"floor", [](double a) { return std::floor(a); }},
    {"sqrt", [](double a) { return std::sqrt(a); }},
    {"exp", [](double a) { return std::exp(a); }},
    {"ln", [](double a) { return std::log(a); }},
    {"sin", [](double a) { return std::sin(a); }},
    {"cos", [](double a) { return std::cos(a); }},
    {"tanh", [](double a) { return std::tanh(a); }},
    {"sign", [](double a) { return a > 0   ? 1.0
                                   : a < 0 ? -1.0
                                           : 0.0; }},
    {"rint", [](double a) { return std::nearbyint(a); }},
}};

// One parser and the variables it reads; used by one thread at a time.
struct Evaluator {
  mu::Parser parser;
  double q = 0, k = 0, h = 0, n_q = 0, n_k = 0, seg_q = 0, seg_k = 0;

  explicit Evaluator(const std::string& text) {
    parser.ClearFun();
    parser.ClearConst();
    for (const auto& [name, function] : kFunctions) parser.DefineFun(name, function);
    parser.DefineFun("mod", floored_mod);
    parser.DefineFun(
        "min", +[](double a, double b) { return a < b ? a : b; });
    parser.DefineFun(
        "max", +[](double a, double b) { return a > b ? a : b; });
    parser.DefineOprt(
        "%", +[](double a, double b) { return std::fmod(a, b); }, mu::prMUL_DIV, mu::oaLEFT, true);
    parser.DefineInfixOprt(
        "!", +[](double a) { return a == 0 ? 1.0 : 0.0; });
    parser.DefineVar("q", &q);
    parser.DefineVar("k", &k);
    parser.DefineVar("h", &h);
    parser.DefineVar("n_q", &n_q);
    parser.DefineVar("n_k", &n_k);
    parser.DefineVar("seg_q", &seg_q);
    parser.DefineVar("seg_k", &seg_k);
    parser.SetExpr(text);
  }
};

// The first character that the language does not have, or npos: muParser alone would take assignments and
// texts.
std::size_t foreign_character(const std::string& text) {
  constexpr std::string_view kKnown =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_. \t\n\r()+-*/%^<>=!&|?:,";
  const std::size_t unknown = text.find_first_not_of(kKnown);
  for (std::size_t at = 0; at < std::min(unknown, text.size()); ++at) {
    if (text[at] != '=') continue;
    if (at + 1 < text.size() && text[at + 1] == '=') {
      ++at;
      continue;
    }
    const char before = at == 0 ? ' ' : text[at - 1];
    if (before != '<' && before != '>' && before != '!') return at;
  }
  return unknown;
}

// What muParser minds, in words.
std::string reason_of(const mu::ParserError& error) {
  const std::string token = error.GetToken();
  switch (error.GetCode()) {
    case mu::ecUNASSIGNABLE_TOKEN: {
      std::vector<std::string> names{"q", "k", "h", "n_q", "n_k", "seg_q", "seg_k", "mod", "min", "max"};
      for (const Function& function : kFunctions) names.emplace_back(function.name);
      const std::string near = nearest_name(token, names);
      return json_excerpt(token) + " is not known" +
             (near.empty() ? "" : fmt::format("; did you mean {}?", near));
    }
    case mu::ecTOO_FEW_PARAMS:
    case mu::ecTOO_MANY_PARAMS:
      return json_excerpt(token) + " takes another number of values";
    default:
      return token.empty() ? "the formula does not end here" : json_excerpt(token) + " does not fit here";
  }
}

}  // namespace

// Parsers that no thread uses at the moment; a thread that finds none makes its own.
class Expression::Compiled {
 public:
  Compiled(std::string text, std::unique_ptr<Evaluator> first) : text_(std::move(text)) {
    idle_.push_back(std::move(first));
  }
  std::unique_ptr<Evaluator> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto evaluator = std::move(idle_.back());
        idle_.pop_back();
        return evaluator;
      }
    }
    return std::make_unique<Evaluator>(text_);
  }
  void give_back(std::unique_ptr<Evaluator> evaluator) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(evaluator));
  }
  bool uses_segments = false;

 private:
  std::string text_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Evaluator>> idle_;
};

Result<Expression> Expression::compile(const std::string& text, const std::string& place) {
  const auto refuse = [&](std::size_t at, const std::string& why) {
    return setting_error(place, "an expression such as \"k <= q\"", json_excerpt(text),
                         fmt::format("At character {}: {}{}", at + 1, why, why.ends_with('?') ? "" : "."));
  };
  if (text.size() > kMaxExpressionLength) {
    return setting_error(place, fmt::format("at most {} characters", kMaxExpressionLength),
                         fmt::format("{}", text.size()));
  }
  if (const std::size_t at = foreign_character(text); at != std::string::npos) {
    return refuse(at,
                  text[at] == '=' ? "nothing can be assigned; == compares" : "no such character in formulas");
  }
  try {
    auto evaluator = std::make_unique<Evaluator>(text);
    evaluator->parser.Eval();
    if (evaluator->parser.GetNumResults() != 1) return refuse(text.rfind(','), "one value is wanted");
    const auto used = evaluator->parser.GetUsedVar();
    Expression expression;
    expression.compiled_ = std::make_shared<Compiled>(text, std::move(evaluator));
    expression.compiled_->uses_segments = used.contains("seg_q") || used.contains("seg_k");
    return expression;
  } catch (const mu::ParserError& error) {
    const bool has_place = error.GetPos() >= 0 && static_cast<std::size_t>(error.GetPos()) <= text.size();
    return refuse(has_place ? static_cast<std::size_t>(error.GetPos()) : text.size(), reason_of(error));
  }
}

bool Expression::uses_segments() const {
  return compiled_->uses_segments;
}

void Expression::evaluate(const Row& row, std::span<const std::int64_t> key_segments,
                          std::span<double> values) const {
  auto evaluator = compiled_->take();
  evaluator->q = static_cast<double>(row.query);
  evaluator->h = static_cast<double>(row.head);
  evaluator->n_q = static_cast<double>(row.n_q);
  evaluator->n_k = static_cast<double>(row.n_k);
  evaluator->seg_q = row.query_segment;
  for (std::size_t j = 0; j < values.size(); ++j) {
    evaluator->k = static_cast<double>(j);
    evaluator->seg_k = key_segments.empty() ? 0 : static_cast<double>(key_segments[j]);
    values[j] = evaluator->parser.Eval();
  }
  compiled_->give_back(std::move(evaluator));
}

Result<ExpressionRow> expression_for(const std::string& text, const LayerFacts& facts,
                                     const std::string& place) {
  auto expression = Expression::compile(text, place);
  if (!expression) return tl::unexpected(expression.error());
  const std::span<const std::int64_t> of_query = facts.query().segments;
  const std::span<const std::int64_t> of_key = facts.key().segments;
  if (expression->uses_segments() && (of_query.empty() || of_key.empty())) {
    return setting_error(place, "an expression without seg_q and seg_k", json_excerpt(text),
                         "The sequences have no \"segments\".");
  }
  return [expression = std::move(*expression), of_query, of_key, n_q = facts.n_q, n_k = facts.n_k](
             Index head, Index i, std::span<double> values) {
    const double segment = of_query.empty() ? 0 : static_cast<double>(of_query[static_cast<std::size_t>(i)]);
    expression.evaluate({head, i, n_q, n_k, segment}, of_key, values);
  };
}

}  // namespace attn
