#include "app/platform/fonts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include <fontconfig/fontconfig.h>

#include "app/platform/sfnt.hpp"
#include "core/base/file.hpp"

namespace attn::app {
namespace {

constexpr std::uint64_t kMaxFontBytes = std::uint64_t{64} << 20;
constexpr float kLeastScale = 0.25f, kGreatestScale = 16;

// Pairs first, last. Each character costs time at every start, so this is what our own words use beside ASCII
// (a test reads the sources); text of documents is token_text()'s.
constexpr std::array<ImWchar, 54> kSigns = {
    0x00ac, 0x00ac,  // ¬
    0x00b1, 0x00b3,  // ± ² ³
    0x00b7, 0x00b7,  // ·
    0x00b9, 0x00b9,  // ¹
    0x00d7, 0x00d7,  // ×
    0x0394, 0x0394,  // Δ
    0x03a3, 0x03a3,  // Σ
    0x03b1, 0x03b1,  // α
    0x03c4, 0x03c6,  // τ φ
    0x1d40, 0x1d40,  // ᵀ
    0x2013, 0x2016,  // – ‖
    0x2026, 0x2026,  // …
    0x2070, 0x2070,  // ⁰
    0x2074, 0x2079,  // ⁴ to ⁹
    0x207b, 0x207b,  // ⁻
    0x208a, 0x208a,  // ₊
    0x2096, 0x2096,  // ₖ
    0x2190, 0x2193,  // arrows
    0x2205, 0x2205,  // ∅
    0x2212, 0x2212,  // −
    0x221a, 0x221a,  // √
    0x221e, 0x221e,  // ∞
    0x2227, 0x2228,  // ∧ ∨
    0x2260, 0x2265,  // ≠ ≤ ≥
    0x2299, 0x2299,  // ⊙
    0x230a, 0x230b,  // ⌊ ⌋
    0x2423, 0x2423,  // ␣
};
constexpr std::array<ImWchar, 2> kAscii = {0x0020, 0x007e};
constexpr std::array<ImWchar, 2> kLatin = {0x0020, 0x00ff};  // what people type, and names of files

// A list as ImGui wants it, ended by 0.
template <std::size_t a, std::size_t b>
constexpr std::array<ImWchar, a + b + 1> ranges(const std::array<ImWchar, a>& letters,
                                                const std::array<ImWchar, b>& signs) {
  std::array<ImWchar, a + b + 1> all{};
  std::copy(letters.begin(), letters.end(), all.begin());
  std::copy(signs.begin(), signs.end(), all.begin() + a);
  return all;
}
constexpr auto kText = ranges(kLatin, kSigns);
constexpr auto kWords = ranges(kAscii, kSigns);
constexpr auto kCaption = ranges(kAscii, std::array<ImWchar, 4>{0x00d7, 0x00d7, 0x2013, 0x2026});
constexpr auto kNumbers =
    ranges(kAscii, std::array<ImWchar, 6>{0x2013, 0x2026, 0x2212, 0x2212, 0x221e, 0x221e});

enum class Family { sans, serif };

struct Face {
  ImFont* Fonts::*font;
  Family family;
  float em;  // in design pixels
  int weight;
  bool italic;
  float spacing;  // between letters, in em
  const ImWchar* ranges;
};

constexpr std::array kFaces = {
    Face{&Fonts::body, Family::sans, 14, 400, false, 0, kText.data()},
    Face{&Fonts::strong, Family::sans, 14, 500, false, 0, kWords.data()},
    Face{&Fonts::small, Family::sans, 12, 400, false, 0, kText.data()},
    Face{&Fonts::caption, Family::sans, 11, 500, false, 0.09f, kCaption.data()},
    Face{&Fonts::figure, Family::sans, 30, 500, false, 0, kNumbers.data()},
    Face{&Fonts::formula, Family::serif, 24, 400, true, 0, kWords.data()},
    Face{&Fonts::formula_upright, Family::serif, 24, 400, false, 0, kWords.data()},
    Face{&Fonts::formula_small, Family::serif, 15, 400, true, 0, kWords.data()},
};

std::vector<std::string> families_of(Family family) {
  if (family == Family::sans) return {"Inter", "Noto Sans", "Liberation Sans", "DejaVu Sans"};
  return {"STIX Two Text", "Nimbus Roman", "Liberation Serif", "Tinos",
          "DejaVu Serif",  "Inter",        "DejaVu Sans"};
}

struct PatternDeleter {
  void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
};
using Pattern = std::unique_ptr<FcPattern, PatternDeleter>;

const FcChar8* fc_text(const std::string& text) {
  return reinterpret_cast<const FcChar8*>(text.c_str());
}

int fc_weight(int weight) {
  return FcWeightFromOpenType(weight);
}

// What fontconfig has for exactly this family, or nothing.
std::optional<FontFile> match(const std::string& family, int weight, bool italic) {
  const Pattern wanted(FcPatternCreate());
  FcPatternAddString(wanted.get(), FC_FAMILY, fc_text(family));
  FcPatternAddInteger(wanted.get(), FC_WEIGHT, fc_weight(weight));
  FcPatternAddInteger(wanted.get(), FC_SLANT, italic ? FC_SLANT_ITALIC : FC_SLANT_ROMAN);
  FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
  FcPatternAddBool(wanted.get(), FC_VARIABLE, FcFalse);
  FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult outcome = FcResultNoMatch;
  const Pattern found(FcFontMatch(nullptr, wanted.get(), &outcome));
  if (!found) return {};
  FcChar8* path = nullptr;
  FcChar8* name = nullptr;
  int index = 0, slant = FC_SLANT_ROMAN;
  if (FcPatternGetString(found.get(), FC_FAMILY, 0, &name) != FcResultMatch ||
      FcStrCmpIgnoreCase(name, fc_text(family)) != 0 ||
      FcPatternGetString(found.get(), FC_FILE, 0, &path) != FcResultMatch) {
    return {};
  }
  FcPatternGetInteger(found.get(), FC_INDEX, 0, &index);
  FcPatternGetInteger(found.get(), FC_SLANT, 0, &slant);
  if ((slant != FC_SLANT_ROMAN) != italic) return {};
  // Above the low 16 bits stands the instance of a variable face.
  return FontFile{reinterpret_cast<const char*>(path), index & 0xffff};
}

// Files that are read once, for all of their sizes. They must outlive ImFontAtlas::Build().
class FontFiles {
 public:
  // The file's bytes and line height, or null if ImGui cannot read it.
  struct Loaded {
    std::string bytes;
    float height = 0;
    int index = 0;
  };
  const Loaded* load(const std::vector<std::string>& families, int weight, bool italic) {
    for (const std::string& family : families) {
      const auto [place, is_new] = matches_.try_emplace({family, weight, italic});
      if (is_new) place->second = match(family, weight, italic);
      if (!place->second) continue;
      if (const Loaded* loaded = load(*place->second)) return loaded;
    }
    return nullptr;
  }

 private:
  const Loaded* load(const FontFile& file) {
    const auto [place, is_new] = files_.try_emplace({file.path.native(), file.index});
    if (is_new) {
      auto bytes = read_file(file.path, kMaxFontBytes);
      const auto height = bytes ? line_height_in_em(*bytes, file.index) : std::nullopt;
      if (height) place->second = {std::move(*bytes), *height, file.index};
    }
    return place->second.bytes.empty() ? nullptr : &place->second;
  }
  std::map<std::tuple<std::string, int, bool>, std::optional<FontFile>> matches_;
  std::map<std::pair<std::string, int>, Loaded> files_;
};

ImFontConfig config_for(const Face& face, float scale) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.GlyphRanges = face.ranges;
  config.GlyphExtraSpacing.x = std::round(face.spacing * face.em * scale * 4) / 4;
  config.OversampleH = 2;
  config.OversampleV = 1;
  return config;
}

ImFont* add(ImFontAtlas& atlas, const FontFiles::Loaded& file, float em, ImFontConfig config) {
  config.FontNo = file.index;
  // ImGui cuts fractions off, which would make faces smaller than asked for.
  const float height = std::max(1.0f, std::round(em * file.height));
  // ImGui wants a mutable pointer, and does not write through it.
  return atlas.AddFontFromMemoryTTF(const_cast<char*>(file.bytes.data()), static_cast<int>(file.bytes.size()),
                                    height, &config);
}

ImFont* add_face(ImFontAtlas& atlas, FontFiles& files, const Face& face, float scale) {
  const auto families = families_of(face.family);
  const auto* file = files.load(families, face.weight, face.italic);
  if (file == nullptr && face.italic) file = files.load(families, face.weight, false);
  const float em = face.em * scale;
  ImFontConfig config = config_for(face, scale);
  if (file == nullptr) {
    config.SizePixels = std::max(1.0f, std::round(em));
    return atlas.AddFontDefault(&config);
  }
  ImFont* font = add(atlas, *file, em, config);
  if (const auto* symbols = files.load({"DejaVu Sans", "Noto Sans Math"}, 400, false);
      symbols != nullptr && symbols != file) {
    config.MergeMode = true;
    add(atlas, *symbols, em, config);
  }
  return font;
}

}  // namespace

std::optional<FontFile> find_font(const std::vector<std::string>& families, int weight, bool italic) {
  FontFiles files;
  for (const std::string& family : families) {
    const auto file = match(family, weight, italic);
    if (file && files.load({family}, weight, italic) != nullptr) return file;
  }
  return {};
}

Fonts build_fonts(ImFontAtlas& atlas, float scale) {
  const float bounded = std::isfinite(scale) ? std::clamp(scale, kLeastScale, kGreatestScale) : 1.0f;
  FontFiles files;
  Fonts fonts;
  atlas.Clear();
  for (const Face& face : kFaces) fonts.*face.font = add_face(atlas, files, face, bounded);
  if (!atlas.Build()) {
    atlas.Clear();
    ImFont* only = atlas.AddFontDefault();
    for (const Face& face : kFaces) fonts.*face.font = only;
    atlas.Build();
  }
  for (const Face& face : kFaces) make_digits_tabular(*(fonts.*face.font));
  // The bytes go with `files`.
  atlas.ClearInputData();
  return fonts;
}

FontAtlas make_font_atlas(float scale) {
  FontAtlas made{std::make_unique<ImFontAtlas>(), {}, scale};
  made.fonts = build_fonts(*made.atlas, scale);
  return made;
}

void make_digits_tabular(ImFont& font) {
  float widest = 0;
  for (ImWchar digit = '0'; digit <= '9'; ++digit) widest = std::max(widest, font.GetCharAdvance(digit));
  for (ImFontGlyph& glyph : font.Glyphs) {
    if (glyph.Codepoint < '0' || glyph.Codepoint > '9') continue;
    const float left = std::round((widest - glyph.AdvanceX) * 2) / 4;
    glyph.X0 += left;
    glyph.X1 += left;
    glyph.AdvanceX = widest;
    font.IndexAdvanceX[static_cast<int>(glyph.Codepoint)] = widest;
  }
}

}  // namespace attn::app
