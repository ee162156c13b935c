#include "app/platform/theme.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace attn::app {
namespace {

constexpr Color hex(std::uint32_t rgb) {
  return {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
          static_cast<std::uint8_t>(rgb), 255};
}

constexpr Theme kDark = {
    .name = "dark",
    .is_dark = true,
    .bar = hex(0x0e1013),
    .canvas = hex(0x121417),
    .panel = hex(0x15181c),
    .equation = hex(0x181b20),
    .raised = hex(0x1b1f25),
    .hovered = hex(0x222831),
    .pressed = hex(0x252b33),
    .popup = hex(0x0e1014),
    .selected = hex(0x1f2a2c),
    .line = hex(0x252a31),
    .scrim = hex(0x000000).with_alpha(140),
    .text = hex(0xe9ecef),
    .text_body = hex(0xaab0b8),
    .text_quiet = hex(0x8a929d),
    .text_off = hex(0x646b76),
    .value = hex(0x3c8f82),
    .value_text = hex(0x8fd6c8),
    .negative = hex(0xb8574b),
    .primary = hex(0x2a6b61),
    .primary_hovered = hex(0x327a6f),
    .primary_text = hex(0xffffff),
    .chosen = hex(0xf2b84b),
    .chosen_text = hex(0x1b1508),
    .warning = hex(0xf0a45d),
    .error = hex(0xf08a7e),
    .grid = hex(0x121417).with_alpha(200),
    .halo = hex(0x121417).with_alpha(190),
    .pinned = hex(0xffffff),
};

constexpr Theme kLight = {
    .name = "light",
    .is_dark = false,
    .bar = hex(0xe9eaec),
    .canvas = hex(0xfcfcfc),
    .panel = hex(0xf5f6f7),
    .equation = hex(0xf0f1f3),
    .raised = hex(0xe6e8eb),
    .hovered = hex(0xdcdfe3),
    .pressed = hex(0xd3d7dc),
    .popup = hex(0xffffff),
    .selected = hex(0xd9ebe7),
    .line = hex(0xd8dbdf),
    .scrim = hex(0x101216).with_alpha(90),
    .text = hex(0x16191d),
    .text_body = hex(0x3d444d),
    .text_quiet = hex(0x58606b),
    .text_off = hex(0x7b828c),
    .value = hex(0x2f8577),
    .value_text = hex(0x14655a),
    .negative = hex(0xb8483b),
    .primary = hex(0x1f7568),
    .primary_hovered = hex(0x186156),
    .primary_text = hex(0xffffff),
    .chosen = hex(0x8a5a00),
    .chosen_text = hex(0xffffff),
    .warning = hex(0x8a4b08),
    .error = hex(0xa82c20),
    .grid = hex(0xfcfcfc).with_alpha(80),
    .halo = hex(0xffffff).with_alpha(220),
    .pinned = hex(0x101216),
};

constexpr Color kNone = {0, 0, 0, 0};

struct StyleColor {
  ImGuiCol_ place;
  Color Theme::*color;
};

constexpr std::array kStyleColors = {
    StyleColor{ImGuiCol_Text, &Theme::text},
    StyleColor{ImGuiCol_TextDisabled, &Theme::text_quiet},
    StyleColor{ImGuiCol_WindowBg, &Theme::panel},
    StyleColor{ImGuiCol_PopupBg, &Theme::popup},
    StyleColor{ImGuiCol_Border, &Theme::line},
    StyleColor{ImGuiCol_FrameBg, &Theme::raised},
    StyleColor{ImGuiCol_FrameBgHovered, &Theme::hovered},
    StyleColor{ImGuiCol_FrameBgActive, &Theme::pressed},
    StyleColor{ImGuiCol_TitleBg, &Theme::bar},
    StyleColor{ImGuiCol_TitleBgActive, &Theme::bar},
    StyleColor{ImGuiCol_TitleBgCollapsed, &Theme::bar},
    StyleColor{ImGuiCol_MenuBarBg, &Theme::bar},
    StyleColor{ImGuiCol_ScrollbarGrab, &Theme::pressed},
    StyleColor{ImGuiCol_ScrollbarGrabHovered, &Theme::text_off},
    StyleColor{ImGuiCol_ScrollbarGrabActive, &Theme::text_quiet},
    StyleColor{ImGuiCol_CheckMark, &Theme::value_text},
    StyleColor{ImGuiCol_SliderGrab, &Theme::value},
    StyleColor{ImGuiCol_SliderGrabActive, &Theme::value_text},
    StyleColor{ImGuiCol_Button, &Theme::raised},
    StyleColor{ImGuiCol_ButtonHovered, &Theme::hovered},
    StyleColor{ImGuiCol_ButtonActive, &Theme::pressed},
    StyleColor{ImGuiCol_Header, &Theme::selected},
    StyleColor{ImGuiCol_HeaderHovered, &Theme::hovered},
    StyleColor{ImGuiCol_HeaderActive, &Theme::pressed},
    StyleColor{ImGuiCol_Separator, &Theme::line},
    StyleColor{ImGuiCol_SeparatorHovered, &Theme::text_off},
    StyleColor{ImGuiCol_SeparatorActive, &Theme::value},
    StyleColor{ImGuiCol_ResizeGrip, &Theme::line},
    StyleColor{ImGuiCol_ResizeGripHovered, &Theme::text_off},
    StyleColor{ImGuiCol_ResizeGripActive, &Theme::value},
    StyleColor{ImGuiCol_Tab, &Theme::bar},
    StyleColor{ImGuiCol_TabHovered, &Theme::hovered},
    StyleColor{ImGuiCol_TabActive, &Theme::raised},
    StyleColor{ImGuiCol_TabUnfocused, &Theme::bar},
    StyleColor{ImGuiCol_TabUnfocusedActive, &Theme::raised},
    StyleColor{ImGuiCol_PlotLines, &Theme::value},
    StyleColor{ImGuiCol_PlotLinesHovered, &Theme::value_text},
    StyleColor{ImGuiCol_PlotHistogram, &Theme::value},
    StyleColor{ImGuiCol_PlotHistogramHovered, &Theme::value_text},
    StyleColor{ImGuiCol_TableHeaderBg, &Theme::panel},
    StyleColor{ImGuiCol_TableBorderStrong, &Theme::line},
    StyleColor{ImGuiCol_TableBorderLight, &Theme::line},
    StyleColor{ImGuiCol_DragDropTarget, &Theme::chosen},
    StyleColor{ImGuiCol_NavHighlight, &Theme::value_text},
    StyleColor{ImGuiCol_NavWindowingHighlight, &Theme::value_text},
    StyleColor{ImGuiCol_NavWindowingDimBg, &Theme::scrim},
    StyleColor{ImGuiCol_ModalWindowDimBg, &Theme::scrim},
};

constexpr std::array kInvisible = {ImGuiCol_ChildBg, ImGuiCol_BorderShadow, ImGuiCol_ScrollbarBg,
                                   ImGuiCol_TableRowBg, ImGuiCol_TableRowBgAlt};

// The 8-pixel rhythm: a row of text with its padding is 24 high, rows are 4 apart, parts 16.
void set_lengths(ImGuiStyle& style) {
  style.WindowPadding = {14, 12};
  style.FramePadding = {8, 4};
  style.CellPadding = {4, 3};
  style.ItemSpacing = {8, 6};
  style.ItemInnerSpacing = {6, 4};
  style.IndentSpacing = 16;
  style.ScrollbarSize = 10;
  style.GrabMinSize = 8;
  style.WindowRounding = 0;
  style.ChildRounding = 4;
  style.FrameRounding = 4;
  style.PopupRounding = 6;
  style.ScrollbarRounding = 5;
  style.GrabRounding = 3;
  style.TabRounding = 4;
  style.SeparatorTextPadding = {0, 4};
}

// Borders are one pixel on every screen.
void set_borders(ImGuiStyle& style) {
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 0;
  style.FrameBorderSize = 0;
  style.TabBorderSize = 0;
  style.PopupBorderSize = 1;
  style.SeparatorTextBorderSize = 1;
}

double linear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(Color color) {
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

}  // namespace

const Theme& dark_theme() {
  return kDark;
}

const Theme& light_theme() {
  return kLight;
}

void apply(const Theme& theme, float scale) {
  ImGuiStyle style;
  set_lengths(style);
  style.ScaleAllSizes(scale);
  set_borders(style);
  style.DisabledAlpha = 0.5f;
  style.HoverDelayShort = 0.2f;
  style.HoverDelayNormal = 0.45f;
  for (const StyleColor& row : kStyleColors) style.Colors[row.place] = (theme.*row.color).vec4();
  for (const ImGuiCol_ place : kInvisible) style.Colors[place] = kNone.vec4();
  style.Colors[ImGuiCol_TextSelectedBg] = theme.value.with_alpha(110).vec4();
  ImGui::GetStyle() = style;
}

double contrast(Color a, Color b) {
  const double of_a = luminance(a), of_b = luminance(b);
  return (std::max(of_a, of_b) + 0.05) / (std::min(of_a, of_b) + 0.05);
}

std::vector<TextPair> text_pairs() {
  constexpr double kReading = 4.5;  // WCAG 2.1 AA, text of ordinary size
  constexpr double kHint = 3;       // parts that are switched off say so by being faint
  struct Text {
    std::string_view name;
    Color Theme::*color;
    double least;
  };
  struct Surface {
    std::string_view name;
    Color Theme::*color;
  };
  constexpr std::array kSurfaces = {
      Surface{"bar", &Theme::bar},           Surface{"canvas", &Theme::canvas},
      Surface{"panel", &Theme::panel},       Surface{"equation", &Theme::equation},
      Surface{"raised", &Theme::raised},     Surface{"popup", &Theme::popup},
      Surface{"selected", &Theme::selected},
  };
  constexpr std::array kTexts = {
      Text{"text", &Theme::text, kReading},
      Text{"text_body", &Theme::text_body, kReading},
      Text{"text_quiet", &Theme::text_quiet, kReading},
      Text{"value_text", &Theme::value_text, kReading},
      Text{"chosen", &Theme::chosen, kReading},
      Text{"warning", &Theme::warning, kReading},
      Text{"error", &Theme::error, kReading},
  };
  std::vector<TextPair> pairs;
  for (const Text& text : kTexts) {
    for (const Surface& surface : kSurfaces) {
      pairs.push_back({text.name, surface.name, text.color, surface.color, text.least});
    }
  }
  for (const Surface& surface : {kSurfaces[0], kSurfaces[2], kSurfaces[3]}) {
    pairs.push_back({"text_off", surface.name, &Theme::text_off, surface.color, kHint});
  }
  pairs.push_back({"text", "hovered", &Theme::text, &Theme::hovered, kReading});
  pairs.push_back({"text", "pressed", &Theme::text, &Theme::pressed, kReading});
  pairs.push_back({"text_off", "popup", &Theme::text_off, &Theme::popup, kHint});
  pairs.push_back({"text_body", "hovered", &Theme::text_body, &Theme::hovered, kReading});
  pairs.push_back({"text_quiet", "hovered", &Theme::text_quiet, &Theme::hovered, kReading});
  pairs.push_back({"primary_text", "primary", &Theme::primary_text, &Theme::primary, kReading});
  pairs.push_back(
      {"primary_text", "primary_hovered", &Theme::primary_text, &Theme::primary_hovered, kReading});
  pairs.push_back({"chosen_text", "chosen", &Theme::chosen_text, &Theme::chosen, kReading});
  return pairs;
}

}  // namespace attn::app
