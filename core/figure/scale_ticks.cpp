#include "core/figure/scale_ticks.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace attn {
namespace {

constexpr int kDecades = 3;  // below the largest one: what kLogReach tells apart

}  // namespace

std::vector<Tick> scale_ticks(const ColorScale& scale, int most) {
  const bool from_zero = scale.lo == 0 || scale.lo == -scale.hi;
  if (scale.transfer != Transfer::log || !from_zero || most < 2) return ticks(scale.lo, scale.hi, most);
  const int top = static_cast<int>(std::floor(std::log10(static_cast<double>(scale.hi)) + 1e-6));
  // Every decade where there is room, else every second, third …
  const int sides = scale.lo < 0 ? 2 : 1;
  const int apart = std::max(1, (kDecades + 1) * sides / most);
  std::vector<Tick> found{{0, "0"}};
  for (int power = top; power >= top - kDecades; power -= apart) {
    const double value = std::pow(10.0, power);
    // Of both ends, one way of writing: 0.01 and 0.1, or 10⁻⁶ and 10⁻⁵.
    const bool plain = top <= 4 && top - kDecades >= -5;
    std::string text = plain ? fmt::format("{:.{}f}", value, std::max(0, -power)) : power_of_ten(power);
    if (scale.lo < 0) found.push_back({-value, "−" + text});
    found.push_back({value, std::move(text)});
  }
  std::ranges::sort(found, {}, &Tick::value);
  return found;
}

}  // namespace attn
