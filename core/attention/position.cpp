#include "core/attention/position.hpp"

#include <array>
#include <cmath>

namespace attn {
namespace {

constexpr std::array<std::string_view, 2> kStyles{"half", "interleaved"};
constexpr std::array kRopeParameters{
    Parameter{.name = "theta",
              .min = 1e-6,
              .max = 1e12,
              .fallback = "10000",
              .meaning = "base of the wave lengths"},
    Parameter{.name = "style",
              .type = ParameterType::choice,
              .fallback = "\"half\"",
              .choices = kStyles,
              .meaning = "which dims turn together: i and i + r/2, or 2i and 2i + 1"},
    Parameter{
        .name = "fraction", .min = 0, .max = 1, .fallback = "1", .meaning = "share of the dims that turn"},
    Parameter{
        .name = "factor", .min = 1e-6, .max = 1e9, .fallback = "1", .meaning = "divides every position"},
};

// PE[p, 2i] = sin(p / 10000^(2i/d)), PE[p, 2i + 1] = cos of the same (Vaswani et al. 2017).
void add_sinusoids(Matrix& x, std::span<const std::int64_t> positions) {
  const auto d = static_cast<double>(x.cols());
  for (Index c = 0; c < x.cols(); ++c) {
    const double rate = std::pow(10000.0, -static_cast<double>(c - c % 2) / d);
    for (Index i = 0; i < x.rows(); ++i) {
      const double angle = static_cast<double>(positions[static_cast<std::size_t>(i)]) * rate;
      x(i, c) += c % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
  }
}

// Pair i of the first r dims turns by position / factor · theta^(−2i/r) (Su et al. 2021).
void rotate(Matrix& x, std::span<const std::int64_t> positions, const nlohmann::json& parameters) {
  const auto number = [&](const char* name) { return parameters.at(name).get<double>(); };
  const Index r = 2 * static_cast<Index>(std::floor(number("fraction") * static_cast<double>(x.cols()) / 2));
  const bool interleaved = parameters.at("style") == "interleaved";
  for (Index pair = 0; pair < r / 2; ++pair) {
    const Index a = interleaved ? 2 * pair : pair;
    const Index b = interleaved ? 2 * pair + 1 : pair + r / 2;
    const double rate = std::pow(number("theta"), -2 * static_cast<double>(pair) / static_cast<double>(r));
    for (Index i = 0; i < x.rows(); ++i) {
      const double angle =
          static_cast<double>(positions[static_cast<std::size_t>(i)]) / number("factor") * rate;
      const double first = x(i, a);
      const double second = x(i, b);
      x(i, a) = first * std::cos(angle) - second * std::sin(angle);
      x(i, b) = second * std::cos(angle) + first * std::sin(angle);
    }
  }
}

constexpr std::array kPositions{
    PositionKind{{"none", "", "q and k know nothing of the order"}},
    PositionKind{
        {"sinusoidal", "X + PE, PE = sin, cos of p / 10000^(2i/d_model)", "waves added to the embeddings"},
        add_sinusoids},
    PositionKind{{"rope", "(x, y) → (x cos φ − y sin φ, y cos φ + x sin φ)",
                  "q and k turned by their positions", kRopeParameters},
                 nullptr,
                 rotate},
};

}  // namespace

std::span<const PositionKind> position_kinds() {
  return kPositions;
}

std::string_view position_refusal(const PositionKind& kind, const LayerFacts& facts) {
  if (kind.on_embeddings == nullptr && kind.on_head == nullptr) return {};
  if (const std::string_view reason = no_queries(facts); !reason.empty()) return reason;
  if (kind.on_embeddings != nullptr && !facts.has_embeddings())
    return "the document gives q and k, no embeddings";
  return {};
}

std::vector<std::int64_t> positions_of(const Sequence& sequence) {
  if (!sequence.positions.empty()) return sequence.positions;
  std::vector<std::int64_t> positions(sequence.tokens.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<std::int64_t>(i);
  return positions;
}

}  // namespace attn
