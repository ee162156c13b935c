#include "core/figure/layout/profiles.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace attn {
namespace {

constexpr double kAway = 8;        // from the map
constexpr double kThickness = 36;  // of a strip

// How the largest magnitude is said: three digits, and a sign where bars go both ways.
std::string reach_text(double most, bool is_signed) {
  const std::string number = fmt::format("{:.3g}", most);
  return is_signed ? "up to ±" + number : "up to " + number;
}

}  // namespace

double add_profiles(FigureCanvas& canvas, const Profiles& means, const ProfileStyle& profile) {
  double most = 0;
  bool is_signed = false;
  for (const std::vector<double>* strip : {&means.rows, &means.columns}) {
    for (const double mean : *strip) {
      most = std::max(most, std::abs(mean));
      is_signed = is_signed || mean < 0;
    }
  }
  const double thick = std::round(kThickness * profile.unit), s = profile.stroke;
  const double left = profile.map_width + std::round(kAway * profile.unit);
  const double top = profile.map_height + std::round(kAway * profile.unit);
  const double zero = is_signed ? std::round(thick / 2) : 0;
  const auto reach = [&](double mean) { return most > 0 ? zero + mean / most * (thick - zero) : zero; };
  const double row_pitch = profile.map_height / static_cast<double>(means.rows.size());
  for (std::size_t i = 0; i < means.rows.size(); ++i) {
    const auto [from, to] = std::minmax({zero, reach(means.rows[i])});
    const double y = static_cast<double>(i) * row_pitch;
    canvas.add(RectItem{{left + from, y, left + to, y + row_pitch}, profile.theme.bar});
  }
  const double column_pitch = profile.map_width / static_cast<double>(means.columns.size());
  for (std::size_t j = 0; j < means.columns.size(); ++j) {
    const auto [from, to] = std::minmax({zero, reach(means.columns[j])});
    const double x = static_cast<double>(j) * column_pitch;
    canvas.add(RectItem{{x, top + from, x + column_pitch, top + to}, profile.theme.bar});
  }
  canvas.add(LineItem{{left + zero, 0}, {left + zero, profile.map_height}, s, profile.theme.line});
  canvas.add(LineItem{{0, top + zero}, {profile.map_width, top + zero}, s, profile.theme.line});

  TextStyle style = profile.style;
  style.color = profile.theme.quiet;
  const double line = canvas.text().line_metrics(style).height();
  double right = left + thick;
  double y = top + line / 2;
  for (const std::string& words : {std::string("means"), reach_text(most, is_signed)}) {
    canvas.add_text(words, style, {left, y}, Align::left);
    right = std::max(right, left + canvas.text().measure(words, style).width);
    y += line * 1.1;
  }
  return right;
}

}  // namespace attn
