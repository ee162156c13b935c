#include "core/figure/colormap.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace attn {
namespace {

// A colour that the map passes through at this entry.
struct Control {
  int entry;
  std::uint32_t hex;
};

// viridis and magma: van der Walt and Smith, 2015; cividis: Nuñez, Anderton and Renslow, 2018. Sampled about
// every 32nd entry, and where a curve bends sharply.
constexpr Control kViridis[] = {{0, 0x440154},   {16, 0x481a6c},  {32, 0x472d7b},  {64, 0x3b528b},
                                {96, 0x2c728e},  {128, 0x21918c}, {160, 0x28ae80}, {192, 0x5ec962},
                                {224, 0xaddc30}, {240, 0xd8e219}, {255, 0xfde725}};
constexpr Control kMagma[] = {{0, 0x000004},   {16, 0x0a0822},  {32, 0x1d1147},  {64, 0x51127c},
                              {96, 0x832681},  {128, 0xb73779}, {160, 0xe75263}, {192, 0xfc8961},
                              {224, 0xfec488}, {255, 0xfcfdbf}};
constexpr Control kCividis[] = {{0, 0x00224e},   {22, 0x003171},  {32, 0x1a386f},  {64, 0x434e6c},
                                {96, 0x61656f},  {128, 0x7d7c78}, {160, 0x9b9476}, {192, 0xbcae6c},
                                {224, 0xdec958}, {252, 0xfde334}, {255, 0xfee838}};
// Neither black nor white, so that no value looks like a masked cell on dark or on light ground.
constexpr Control kGrey[] = {{0, 0x383838}, {255, 0xd9d9d9}};
// Blue and orange stay apart for red-green and blue-yellow deficiencies; both sides have the same lightness.
// The neutral middle is darker than paper, where masked cells are.
constexpr Control kBlueOrange[] = {
    {0, 0x134a94}, {64, 0x6a9ed4}, {128, 0xd3d1cc}, {192, 0xd9853f}, {255, 0x852f04}};

struct Recipe {
  std::string_view name;
  std::string_view meaning;
  bool diverging;
  std::span<const Control> controls;
};
constexpr std::array<Recipe, 5> kRecipes{{
    {"viridis", "dark purple to yellow; even steps", false, kViridis},
    {"magma", "black to pale yellow through red; even steps", false, kMagma},
    {"cividis", "blue to yellow; looks the same with a colour-vision deficiency", false, kCividis},
    {"grey", "dark to light grey, for print without colour", false, kGrey},
    {"blue_orange", "blue below zero, orange above", true, kBlueOrange},
}};

using Lab = std::array<double, 3>;

// OKLab (Ottosson 2020): straight lines in it look even.
Lab to_oklab(Rgb color) {
  const auto linear = [](std::uint8_t channel) {
    const double u = channel / 255.0;
    return u <= 0.04045 ? u / 12.92 : std::pow((u + 0.055) / 1.055, 2.4);
  };
  const double r = linear(color.r), g = linear(color.g), b = linear(color.b);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Rgb to_rgb(const Lab& lab) {
  const auto cube = [](double x) { return x * x * x; };
  const double l = cube(lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2]);
  const double m = cube(lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2]);
  const double s = cube(lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2]);
  const auto channel = [](double x) {
    const double c = std::clamp(x, 0.0, 1.0);
    const double u = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
    return static_cast<std::uint8_t>(std::lround(255 * u));
  };
  return {channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

// Slope at knot i of the piecewise cubic through the knots: 0 at an extremum, so that the curve never
// overshoots (Fritsch and Butland 1984).
double slope(std::span<const Control> controls, std::span<const Lab> labs, std::size_t i, std::size_t part) {
  const auto secant = [&](std::size_t k) {
    return (labs[k + 1][part] - labs[k][part]) / (controls[k + 1].entry - controls[k].entry);
  };
  if (i == 0) return secant(0);
  if (i + 1 == labs.size()) return secant(i - 1);
  const double before = secant(i - 1), after = secant(i);
  if (before * after <= 0) return 0;
  const double width_before = controls[i].entry - controls[i - 1].entry;
  const double width_after = controls[i + 1].entry - controls[i].entry;
  return (width_after * before + width_before * after) / (width_before + width_after);
}

// Cubic Hermite between knots i and i + 1.
Lab between(std::span<const Control> controls, std::span<const Lab> labs, std::size_t i, int entry) {
  const double width = controls[i + 1].entry - controls[i].entry;
  const double t = (entry - controls[i].entry) / width;
  const double u = 1 - t;
  Lab lab{};
  for (std::size_t part = 0; part < 3; ++part) {
    lab[part] = (1 + 2 * t) * u * u * labs[i][part] + t * u * u * width * slope(controls, labs, i, part) +
                t * t * (3 - 2 * t) * labs[i + 1][part] -
                t * t * u * width * slope(controls, labs, i + 1, part);
  }
  return lab;
}

Colormap make(const Recipe& recipe) {
  Colormap map{recipe.name, recipe.meaning, recipe.diverging, {}};
  std::vector<Lab> labs;
  for (const Control& control : recipe.controls) labs.push_back(to_oklab(rgb(control.hex)));
  std::size_t i = 0;
  for (int entry = 0; entry < 256; ++entry) {
    while (i + 2 < labs.size() && entry >= recipe.controls[i + 1].entry) ++i;
    map.colors[static_cast<std::size_t>(entry)] = to_rgb(between(recipe.controls, labs, i, entry));
  }
  return map;
}

std::array<Colormap, kRecipes.size()> make_all() {
  std::array<Colormap, kRecipes.size()> maps{};
  std::transform(kRecipes.begin(), kRecipes.end(), maps.begin(), make);
  return maps;
}

}  // namespace

std::span<const Colormap> colormaps() {
  static const auto maps = make_all();
  return maps;
}

const Colormap* colormap_named(std::string_view name) {
  const auto maps = colormaps();
  const auto found =
      std::find_if(maps.begin(), maps.end(), [&](const Colormap& map) { return map.name == name; });
  return found == maps.end() ? nullptr : &*found;
}

const Colormap& diverging_colormap() {
  const auto maps = colormaps();
  return *std::find_if(maps.begin(), maps.end(), [](const Colormap& map) { return map.diverging; });
}

std::vector<std::string> colormap_names() {
  std::vector<std::string> names;
  for (const Colormap& map : colormaps()) names.emplace_back(map.name);
  return names;
}

}  // namespace attn
