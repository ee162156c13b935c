#include "app/widgets/widgets.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

namespace attn::app {
namespace {

constexpr float kEmsOfLine = 1.21f;  // Inter's ascent and descent

void text_in(ImFont* font, Color color, std::string_view text) {
  ImGui::PushFont(font);
  ImGui::PushStyleColor(ImGuiCol_Text, color.u32());
  ImGui::TextUnformatted(text.data(), text.data() + text.size());
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

float text_width(std::string_view text) {
  return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
}

}  // namespace

void mark(Ui& ui, std::string_view name, ImVec2 min, ImVec2 max) {
  if (ui.marks == nullptr) return;
  ui.marks->insert_or_assign(std::string(ui.mark_prefix) + std::string(name),
                             std::array{min.x, min.y, max.x - min.x, max.y - min.y});
}

void mark_item(Ui& ui, std::string_view name) {
  mark(ui, name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
}

void caption(const Ui& ui, std::string_view text) {
  ImGui::Dummy({0, ui.px(8)});
  std::string capitals(text);
  std::ranges::transform(capitals, capitals.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  text_in(ui.fonts.caption, ui.theme.text_quiet, capitals);
  ImGui::Dummy({0, ui.px(2)});
}

void value_row(const Ui& ui, std::string_view label, std::string_view value) {
  const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
  text_in(ui.fonts.body, ui.theme.text_body, label);
  ImGui::PushFont(ui.fonts.strong);
  const float width = text_width(value);
  ImGui::PopFont();
  ImGui::SameLine(std::max(right - width, ImGui::GetCursorPosX()));
  text_in(ui.fonts.strong, ui.theme.text, value);
}

void token_value_row(const Ui& ui, std::string_view label, std::string_view token) {
  text_in(ui.fonts.body, ui.theme.text_body, label);
  ImGui::SameLine();
  const float room = ImGui::GetContentRegionAvail().x;
  const gl::LabelStyle style{.size = label_size(), .weight = 500, .max_width = room};
  const float width = gl::token_size(ui.labels, token, style).x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, room - width));
  token_label(ui, token, ui.theme.text.u32(), room, true);
}

void token_bar_row(const Ui& ui, std::string_view token, float fraction, std::string_view value) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = ImGui::GetTextLineHeight();
  const float label_width = width * 0.34f;
  const float value_width = ui.px(64);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  gl::LabelStyle style;
  style.size = label_size();
  style.max_width = label_width - ui.px(8);
  style.color = ui.theme.text_body.u32();
  gl::token_text(ui.labels, list, {start.x, start.y + height / 2}, token, style, {0, 0.5f});

  const ImVec2 track_min{start.x + label_width, start.y + ui.px(2)};
  const ImVec2 track_max{start.x + width - value_width, start.y + height - ui.px(1)};
  const float filled = track_min.x + (track_max.x - track_min.x) * std::clamp(fraction, 0.0f, 1.0f);
  list.AddRectFilled(track_min, track_max, ui.theme.raised.u32(), ui.px(2));
  if (filled > track_min.x)
    list.AddRectFilled(track_min, {filled, track_max.y}, ui.theme.value.u32(), ui.px(2));
  ImGui::PushFont(ui.fonts.strong);
  const float text = text_width(value);
  list.AddText({start.x + width - text, start.y}, ui.theme.text.u32(), value.data(),
               value.data() + value.size());
  ImGui::PopFont();
  ImGui::Dummy({width, height});
}

void token_label(const Ui& ui, std::string_view text, ImU32 color, float max_width, bool strong) {
  gl::LabelStyle style;
  style.size = label_size();
  style.weight = strong ? 500 : 400;
  style.max_width = max_width > 0 ? max_width : ImGui::GetContentRegionAvail().x;
  style.color = color;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const ImVec2 size = gl::token_size(ui.labels, text, style);
  const float height = ImGui::GetTextLineHeight();
  gl::token_text(ui.labels, *ImGui::GetWindowDrawList(), {start.x, start.y + height / 2}, text, style,
                 {0, 0.5f});
  ImGui::Dummy({size.x, height});
}

float label_size() {
  return ImGui::GetFontSize() / kEmsOfLine;
}

float label_size(const ImFont& font) {
  return font.FontSize / kEmsOfLine;
}

void control_label(const Ui& ui, std::string_view label) {
  ImGui::AlignTextToFramePadding();
  text_in(ui.fonts.body, ui.theme.text_body, label);
  // A narrow column leaves the control at least half of it.
  const float column = std::min(ui.px(112), ImGui::GetContentRegionMax().x * 0.5f);
  ImGui::SameLine(column);
  ImGui::SetNextItemWidth(-1);
}

bool checkbox(const Ui& ui, const char* label, bool* on) {
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, ui.px(1));
  ImGui::PushStyleColor(ImGuiCol_Border, ui.theme.text_off.u32());
  const bool changed = ImGui::Checkbox(label, on);
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  return changed;
}

void hint(const Ui& ui, std::string_view text) {
  ImGui::PushTextWrapPos(0);
  text_in(ui.fonts.small, ui.theme.text_quiet, text);
  ImGui::PopTextWrapPos();
}

void warn(const Ui& ui, std::string_view text) {
  ImGui::PushTextWrapPos(0);
  text_in(ui.fonts.small, ui.theme.warning, text);
  ImGui::PopTextWrapPos();
}

bool chip(const Ui& ui, const char* id, std::string_view label, bool on, float width) {
  ImGui::PushStyleColor(ImGuiCol_Button, (on ? ui.theme.chosen : ui.theme.raised).u32());
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, (on ? ui.theme.chosen : ui.theme.hovered).u32());
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, (on ? ui.theme.chosen : ui.theme.pressed).u32());
  ImGui::PushStyleColor(ImGuiCol_Text, (on ? ui.theme.chosen_text : ui.theme.text_body).u32());
  const std::string name = fmt::format("{}###{}", label, id);
  const bool clicked = ImGui::Button(name.c_str(), {width, 0});
  ImGui::PopStyleColor(4);
  return clicked;
}

void explain(const Ui& ui, std::string_view text) {
  if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;  // a drag is watched, not read
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_AllowWhenDisabled)) return;
  if (!ui.refusal.empty()) text = ui.refusal;
  // What is greyed has a tooltip that is not.
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, 1);
  if (ImGui::BeginTooltip()) {
    ImGui::PushTextWrapPos(ui.px(320));
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar();
}

Refused::Refused(Ui& ui, std::string reason) : ui_(ui), reason_(std::move(reason)), before_(ui.refusal) {
  ImGui::BeginDisabled(!reason_.empty());
  if (before_.empty()) ui_.refusal = reason_;
}

Refused::~Refused() {
  ImGui::EndDisabled();
  ui_.refusal = before_;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  const std::string sign = value < 0 ? "−" : "";
  const double size = std::abs(value);
  if (std::isinf(value)) return sign + "∞";
  if (size != 0 && (size < 1e-4 || size >= 1e6)) return sign + fmt::format("{:.3e}", size);
  const int decimals = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4;
  return sign + fmt::format("{:.{}f}", size, decimals);
}

std::string exact_text(double value) {
  if (!std::isfinite(value)) return number_text(value);
  return (value < 0 ? "−" : "") + fmt::format("{:.9g}", std::abs(value));
}

std::string short_number_text(double value) {
  std::string text = number_text(value);
  if (text.find('.') == std::string::npos || text.find('e') != std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string range_text(double lo, double hi) {
  return short_number_text(lo) + " … " + short_number_text(hi);
}

float formula_text(const Ui& ui, ImDrawList* list, ImFont* font, ImFont* small, std::string_view formula,
                   ImVec2 at, ImU32 color) {
  const auto put = [&](ImFont* face, std::string_view text, ImVec2 place) {
    const char* end = text.data() + text.size();
    if (list != nullptr) list->AddText(face, face->FontSize, place, color, text.data(), end);
    return face->CalcTextSizeA(face->FontSize, FLT_MAX, 0, text.data(), end).x;
  };
  const std::size_t bar = formula.find('_');
  const float width = put(font, formula.substr(0, bar), at);
  if (bar == std::string_view::npos) return width;
  const ImVec2 below{at.x + width + ui.px(1), at.y + font->FontSize * 0.92f - small->FontSize * 0.72f};
  return width + ui.px(1) + put(small, formula.substr(bar + 1), below);
}

void focus_frame(const Ui& ui) {
  if (!ImGui::IsItemFocused() || !ImGui::GetIO().NavVisible) return;
  ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(),
                                      ui.theme.value_text.u32(), ui.px(4), 0, ui.px(2));
}

bool begin_sheet(const Ui& ui, const char* title, float width, bool wanted, bool* dismissed) {
  const bool open = ImGui::IsPopupOpen(title);
  if (!wanted && !open) return false;
  if (!open) ImGui::OpenPopup(title);
  const ImVec2 out_of_sight{-10000, -10000};  // where the last frame of a closing sheet is drawn
  const ImGuiViewport& view = *ImGui::GetMainViewport();
  const ImVec2 middle{view.Pos.x + view.Size.x / 2, view.Pos.y + view.Size.y * 0.45f};
  ImGui::SetNextWindowPos(wanted ? middle : out_of_sight, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(ui.px(width), view.Size.x - ui.px(32)), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(24), ui.px(20)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(8));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_Border, ui.theme.text_off.with_alpha(150).u32());
  const bool visible =
      ImGui::BeginPopupModal(title, nullptr,
                             ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoMove | ImGuiWindowFlags_AlwaysAutoResize);
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(3);
  if (!visible) return false;
  if (!wanted) {
    ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return false;
  }
  text_in(ui.fonts.strong, ui.theme.text, title);
  ImGui::Dummy({0, ui.px(4)});
  const ImVec2 min = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  const bool beside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !ImGui::IsWindowAppearing() &&
                      !ImGui::IsMouseHoveringRect(min, {min.x + size.x, min.y + size.y}, false);
  if (beside || ImGui::IsKeyPressed(ImGuiKey_Escape)) *dismissed = true;
  return true;
}

void end_sheet() {
  ImGui::EndPopup();
}

void begin_sheet_list(const Ui& ui, const char* name, float highest) {
  ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, ui.px(highest)});
  ImGui::BeginChild(name, {0, 0}, ImGuiChildFlags_AutoResizeY);
}

int sheet_buttons(Ui& ui, std::initializer_list<const char*> labels, bool first_enabled) {
  ImGui::Dummy({0, ui.px(8)});
  const float width = ui.px(104);
  const auto count = static_cast<float>(labels.size());
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - count * width -
                       (count - 1) * gap);
  int pressed = -1;
  int index = 0;
  for (const char* label : labels) {
    if (index > 0) ImGui::SameLine();
    ImGui::BeginDisabled(index == 0 && !first_enabled);
    if (index == 0) {
      ImGui::PushStyleColor(ImGuiCol_Button, ui.theme.primary.u32());
      ImGui::PushStyleColor(ImGuiCol_ButtonHovered, ui.theme.primary_hovered.u32());
      ImGui::PushStyleColor(ImGuiCol_ButtonActive, ui.theme.primary_hovered.u32());
      ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.primary_text.u32());
    }
    if (ImGui::Button(label, {width, 0})) pressed = index;
    if (index == 0) ImGui::PopStyleColor(4);
    mark_item(ui, fmt::format("sheet.{}", label));
    ImGui::EndDisabled();
    ++index;
  }
  const bool enter =
      ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
  // On a control that the focus frame is on, Enter presses that.
  const bool on_control = ImGui::GetIO().NavVisible && ImGui::IsAnyItemFocused();
  if (enter && first_enabled && !ImGui::IsAnyItemActive() && !on_control) pressed = 0;
  return pressed;
}

}  // namespace attn::app
