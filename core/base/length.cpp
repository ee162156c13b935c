#include "core/base/length.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

struct Unit {
  std::string_view name;
  double an_inch;  // how many of them an inch is; 0: as many as the dpi say
};
constexpr std::array kUnits{Unit{"px", 0}, Unit{"mm", 25.4}, Unit{"cm", 2.54}, Unit{"in", 1}, Unit{"pt", 72}};

std::vector<std::string> unit_names() {
  std::vector<std::string> names;
  for (const Unit& unit : kUnits) names.emplace_back(unit.name);
  return names;
}

}  // namespace

std::optional<Length> length_from(std::string_view text) {
  // from_chars would take "inf", "1e3" and a sign: no length is written like that.
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + digits, number);
  if (problem != std::errc() || end != text.data() + digits) return std::nullopt;
  std::string_view unit = text.substr(digits);
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  if (unit.empty()) unit = "px";
  const auto row = std::ranges::find(kUnits, unit, &Unit::name);
  if (row == kUnits.end()) return std::nullopt;
  return Length{number, row->name};
}

std::string to_text(const Length& length) {
  // As the reader wants it: the fewest digits, and never an exponent.
  std::array<char, 512> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), length.number, std::chars_format::fixed)
          .ptr;
  return std::string(digits.data(), end).append(length.unit);
}

double pixels(const Length& length, double dpi) {
  const auto row = std::ranges::find(kUnits, length.unit, &Unit::name);
  return row->an_inch == 0 ? length.number : length.number * dpi / row->an_inch;
}

std::string length_units() {
  return join_or(unit_names());
}

std::string length_pattern() {
  return fmt::format("^[0-9]*\\.?[0-9]+ *({})?$", fmt::join(unit_names(), "|"));
}

}  // namespace attn
