#include "app/gl/label_atlas.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/gl/label_page.hpp"
#include "core/base/random.hpp"

namespace attn::gl {
namespace {

constexpr float kLeastSize = 1, kGreatestSize = 200;  // framebuffer pixels
constexpr double kLongest = kLabelPageEdge - 320;     // leaves room for a turned line's height

// Everything that a label's picture depends on, in framebuffer pixels. Color is 0 for text that takes any.
struct Look {
  float size = 0;
  int weight = 400;
  float angle = 0;
  float max_width = 0;
  ImU32 color = 0;
  friend bool operator==(const Look&, const Look&) = default;
};

// A key that owns its text, and one that does not: finding a label allocates nothing.
struct KeyView {
  std::string_view text;
  Look look;
};
struct Key {
  std::string text;
  Look look;
  operator KeyView() const { return {text, look}; }
};

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(const KeyView& key) const {
    const Look& look = key.look;
    const auto part = [](float value) { return static_cast<std::uint64_t>(std::llround(value * 64)); };
    std::uint64_t hash = fnv1a(key.text);
    for (const std::uint64_t next : {part(look.size), part(look.angle), part(look.max_width),
                                     static_cast<std::uint64_t>(look.weight), std::uint64_t{look.color}}) {
      hash = mix(hash ^ next);
    }
    return hash;
  }
};
struct KeyEqual {
  using is_transparent = void;
  bool operator()(const KeyView& a, const KeyView& b) const { return a.text == b.text && a.look == b.look; }
};

// A label in framebuffer pixels.
struct Entry {
  LabelPage* page = nullptr;  // null where there is no ink
  PixelRect rect;
  double origin_x = 0, origin_y = 0;  // of the baseline, in the picture
  double width = 0, ascent = 0, height = 0;
  bool has_own_colors = false;
};

Look look_of(const LabelStyle& style, float scale) {
  const auto finite = [](float value, float otherwise) { return std::isfinite(value) ? value : otherwise; };
  Look look;
  look.size = std::clamp(finite(style.size * scale, kLeastSize), kLeastSize, kGreatestSize);
  look.weight = std::clamp(style.weight, 100, 900);
  look.angle = finite(style.angle, 0);
  look.max_width = std::max(0.0f, finite(style.max_width * scale, 0));
  return look;
}

TextStyle text_style(const Look& look) {
  TextStyle style;
  style.size_px = static_cast<double>(look.size);
  style.weight = look.weight;
  style.tabular = true;
  style.color = {255, 255, 255};
  if (look.color != 0) {
    const auto channel = [&](int shift) { return static_cast<std::uint8_t>(look.color >> shift & 0xff); };
    style.color = {channel(IM_COL32_R_SHIFT), channel(IM_COL32_G_SHIFT), channel(IM_COL32_B_SHIFT)};
  }
  return style;
}

bool is_white(const std::vector<std::uint8_t>& premultiplied) {
  for (std::size_t i = 0; i < premultiplied.size(); i += 4) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      if (premultiplied[i + channel] != premultiplied[i + 3]) return false;
    }
  }
  return true;
}

void remove_premultiplication(std::vector<std::uint8_t>& rgba) {
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    const unsigned alpha = rgba[i + 3];
    for (std::size_t channel = 0; channel < 3 && alpha != 0; ++channel) {
      rgba[i + channel] =
          static_cast<std::uint8_t>(std::min(255u, (rgba[i + channel] * 255u + alpha / 2) / alpha));
    }
  }
}

}  // namespace

void find_faces(TextRenderer& text, const LabelStyle& style, float scale) {
  static_cast<void>(text.render("a", text_style(look_of(style, scale))));
}

struct LabelAtlas::State {
  State(std::size_t limit, TextRenderer renderer)
      : page_limit(std::max<std::size_t>(limit, 1)), text(std::move(renderer)) {}

  std::size_t page_limit;
  float scale = 1;
  std::uint64_t frame = 1;
  std::size_t renders = 0;
  TextRenderer text;
  std::vector<std::unique_ptr<LabelPage>> pages;
  std::unordered_map<Key, Entry, KeyHash, KeyEqual> entries;

  void forget(const LabelPage* page) {
    std::erase_if(entries, [&](const auto& entry) { return entry.second.page == page; });
  }

  LabelPage* oldest_idle() {
    LabelPage* oldest = nullptr;
    for (const auto& page : pages) {
      if (page->last_used != frame && (oldest == nullptr || page->last_used < oldest->last_used))
        oldest = page.get();
    }
    return oldest;
  }

  // A page that is not shown in this frame is emptied before one more is made.
  LabelPage* empty_page() {
    LabelPage* page = pages.size() >= page_limit ? oldest_idle() : nullptr;
    if (page == nullptr) return pages.emplace_back(std::make_unique<LabelPage>()).get();
    forget(page);
    page->clear();
    return page;
  }

  void store(Entry& entry, PixelSize size, const std::vector<std::uint8_t>& rgba) {
    if (size.width >= kLabelPageEdge || size.height >= kLabelPageEdge) return;
    for (const auto& page : pages) {
      if (const auto rect = page->add(size, rgba)) {
        entry.page = page.get();
        entry.rect = *rect;
        return;
      }
    }
    LabelPage* page = empty_page();
    if (const auto rect = page->add(size, rgba)) {
      entry.page = page;
      entry.rect = *rect;
    }
  }

  Entry make(std::string_view words, const Look& look) {
    const TextStyle style = text_style(look);
    const double longest =
        look.max_width > 0 ? std::min<double>(kLongest, static_cast<double>(look.max_width)) : kLongest;
    const std::string shown = text.fit(words, style, longest);
    const LineMetrics line = text.line_metrics(style);
    TextBitmap bitmap = text.render(shown, style, static_cast<double>(look.angle));
    ++renders;
    Entry entry;
    entry.origin_x = bitmap.origin_x;
    entry.origin_y = bitmap.origin_y;
    entry.width = text.measure(shown, style).width;
    entry.ascent = line.ascent;
    entry.height = line.height();
    entry.has_own_colors = look.color == 0 && !is_white(bitmap.rgba);
    remove_premultiplication(bitmap.rgba);
    if (bitmap.width > 0 && !entry.has_own_colors) store(entry, {bitmap.width, bitmap.height}, bitmap.rgba);
    return entry;
  }

  const Entry& entry_of(std::string_view words, const Look& look) {
    const auto found = entries.find(KeyView{words, look});
    if (found != entries.end()) return found->second;
    // First made, then kept: making one may forget others.
    const Entry entry = make(words, look);
    return entries.emplace(Key{std::string(words), look}, entry).first->second;
  }
};

LabelAtlas::LabelAtlas(std::size_t page_limit, TextRenderer text)
    : state_(std::make_unique<State>(page_limit, std::move(text))) {}
LabelAtlas::LabelAtlas(LabelAtlas&&) noexcept = default;
LabelAtlas& LabelAtlas::operator=(LabelAtlas&&) noexcept = default;
LabelAtlas::~LabelAtlas() = default;

void LabelAtlas::begin_frame(float scale) {
  State& state = *state_;
  state.scale = std::isfinite(scale) && scale > 0 ? scale : 1;
  while (state.pages.size() > state.page_limit) {
    LabelPage* page = state.oldest_idle();
    if (page == nullptr) break;
    state.forget(page);
    std::erase_if(state.pages, [&](const auto& kept) { return kept.get() == page; });
  }
  ++state.frame;
}

Label LabelAtlas::find(std::string_view text, const LabelStyle& style) {
  State& state = *state_;
  Look look = look_of(style, state.scale);
  const Entry* entry = &state.entry_of(text, look);
  Label label;
  label.color = style.color;
  if (entry->has_own_colors) {
    // The picture holds the colour; the vertices keep its opacity.
    look.color = style.color | IM_COL32_A_MASK;
    label.color = style.color | ~IM_COL32_A_MASK;
    entry = &state.entry_of(text, look);
  }
  const auto units = [&](double pixels) { return static_cast<float>(pixels) / state.scale; };
  label.text_size = {units(entry->width), units(entry->height)};
  label.ascent = units(entry->ascent);
  if (entry->page == nullptr) return label;
  entry->page->last_used = state.frame;
  const PixelRect& rect = entry->rect;
  const auto uv = [](int x, int y) {
    return ImVec2(static_cast<float>(x) / kLabelPageEdge, static_cast<float>(y) / kLabelPageEdge);
  };
  label.texture = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(entry->page->texture()));
  label.uv0 = uv(rect.x, rect.y);
  label.uv1 = uv(rect.x + rect.width, rect.y + rect.height);
  label.size = {units(rect.width), units(rect.height)};
  label.offset = {units(-entry->origin_x), units(-entry->origin_y)};
  return label;
}

std::size_t LabelAtlas::renders() const {
  return state_->renders;
}

std::size_t LabelAtlas::pages() const {
  return state_->pages.size();
}

float LabelAtlas::scale() const {
  return state_->scale;
}

}  // namespace attn::gl
