#include "core/figure/labels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

// Of a scale's magnitude: numbers that are closer cannot be told apart in a few digits.
constexpr double kLeastShare = 1e-9;

struct Step {
  double size = 1;
  int last_digit = 0;  // the power of ten of its last decimal
};

// The least round step that is no smaller than `least`.
Step round_step(double least) {
  struct Round {
    double factor;
    int digits;  // after the first
  };
  constexpr std::array<Round, 5> kRound{{{1, 0}, {2, 0}, {2.5, 1}, {5, 0}, {10, -1}}};
  const int power = static_cast<int>(std::floor(std::log10(least)));
  const double base = std::pow(10.0, power);
  for (const auto& [factor, digits] : kRound) {
    if (factor * base >= least * (1 - 1e-9)) return {factor * base, power - digits};
  }
  return {10 * base, power + 1};
}

std::string superscript(int number) {
  constexpr std::array<std::string_view, 10> kDigits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = number < 0 ? "⁻" : "";
  for (const char digit : std::to_string(std::abs(number)))
    text += kDigits[static_cast<std::size_t>(digit - '0')];
  return text;
}

std::string with_minus(const std::string& number) {
  return number.starts_with('-') ? "−" + number.substr(1) : number;
}

// Of a label in a proportional face, in ems, by the kind of its letters. Bytes behind a character's first
// count nothing; three and four of them are mostly as wide as they are high.
double rough_width(std::string_view token) {
  double width = 0;
  for (const char letter : token) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool narrow = std::string_view(" .,:;'|!ijlftrI()[]").find(letter) != std::string_view::npos;
    const bool wide = std::string_view("mwMW@%_").find(letter) != std::string_view::npos;
    if (byte < 0x20) {
      width += 1.5;  // written out
    } else if (byte >= 0xe0 || wide || (byte >= 'A' && byte <= 'Z')) {
      width += byte >= 0xe0 ? 1.0 : 0.85;
    } else if (byte < 0x80 || byte >= 0xc0) {
      width += narrow ? 0.35 : 0.6;
    }
  }
  return width;
}

}  // namespace

Index label_step(double pitch, double needed) {
  Index step = 1;
  for (int turn = 0; static_cast<double>(step) * pitch < needed && step < Index{1} << 40; ++turn) {
    step = turn % 3 == 1 ? step / 2 * 5 : step * 2;
  }
  return step;
}

std::string presentable(std::string_view token) {
  if (token.empty()) return "∅";
  if (token.find_first_not_of(' ') != std::string_view::npos) return visible(token);
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) text += "␣";
  return text;
}

std::vector<Index> widest_labels(const std::vector<std::string>& tokens, std::size_t most) {
  std::vector<std::pair<double, Index>> widths;
  widths.reserve(tokens.size());
  for (const std::string& token : tokens)
    widths.emplace_back(-rough_width(token), static_cast<Index>(widths.size()));
  const std::size_t kept = std::min(most, widths.size());
  std::partial_sort(widths.begin(), widths.begin() + static_cast<std::ptrdiff_t>(kept), widths.end());
  std::vector<Index> widest;
  for (std::size_t i = 0; i < kept; ++i) widest.push_back(widths[i].second);
  if (const auto last = static_cast<Index>(tokens.size()) - 1; kept > 0 && !std::ranges::count(widest, last))
    widest.back() = last;
  return widest;
}

std::vector<Tick> ticks(double lo, double hi, int most) {
  const double magnitude = std::max(std::abs(lo), std::abs(hi));
  if (!(hi - lo > kLeastShare * magnitude)) return {{lo, with_minus(fmt::format("{:.6g}", lo))}};
  const Step step = round_step((hi - lo) / most);
  const bool scientific = magnitude >= 1e5 || magnitude < 1e-3;
  const int exponent = scientific ? static_cast<int>(std::floor(std::log10(magnitude))) : 0;
  const int decimals = std::clamp(exponent - step.last_digit, 0, 9);
  std::vector<Tick> result;
  const double first = std::ceil(lo / step.size - 1e-6), last = std::floor(hi / step.size + 1e-6);
  const int count = static_cast<int>(last - first) + 1;
  for (int i = 0; i < count; ++i) {
    const double n = first + i;
    const double shown = n == 0 ? 0.0 : n * step.size / std::pow(10, exponent);  // never −0
    std::string text = n == 0 && scientific ? "0" : with_minus(fmt::format("{:.{}f}", shown, decimals));
    if (n != 0 && scientific) text += "×" + power_of_ten(exponent);
    result.push_back({std::clamp(n * step.size, lo, hi), std::move(text)});
  }
  return result.empty() ? ticks(lo, hi, most + 1) : result;
}

std::string power_of_ten(int power) {
  return "10" + superscript(power);
}

}  // namespace attn
