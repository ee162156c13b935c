#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "app/widgets/ui.hpp"

namespace attn::app {

/// A section's head in small capitals, with the space above it.
void caption(const Ui& ui, std::string_view text);

/// `label … value`, the value in strong letters at the right edge.
void value_row(const Ui& ui, std::string_view label, std::string_view value);

/// `label … token`, the token, a text of the document, at the right edge.
void token_value_row(const Ui& ui, std::string_view label, std::string_view token);

/// A bar between label and value: `fraction` of the width, 0 to 1. The label is a text of the document.
void token_bar_row(const Ui& ui, std::string_view token, float fraction, std::string_view value);

/// A text of the document in the flow of a panel, shortened to `max_width` (0 = to the panel's edge).
void token_label(const Ui& ui, std::string_view text, ImU32 color, float max_width = 0, bool strong = false);

/// The size that makes a text of the document as large as ImGui's current font: labels are measured by the
/// em, ImGui's fonts by the line.
[[nodiscard]] float label_size();
[[nodiscard]] float label_size(const ImFont& font);

/// A name at the left, and the rest of the line for the control that follows.
void control_label(const Ui& ui, std::string_view label);

/// A box with a tick that stands out on a panel.
[[nodiscard]] bool checkbox(const Ui& ui, const char* label, bool* on);

/// A quiet sentence that wraps.
void hint(const Ui& ui, std::string_view text);

/// A sentence about something that is wrong, which wraps.
void warn(const Ui& ui, std::string_view text);

/// A small button that is on or off. Returns true where it was clicked.
[[nodiscard]] bool chip(const Ui& ui, const char* id, std::string_view label, bool on, float width);

/// A tooltip for the item that was drawn last, wrapped.
void explain(const Ui& ui, std::string_view text);

/// Greys what is drawn while it lives, and has every tooltip say why; nothing where `reason` is empty. Inside
/// another that has a reason, that one's is said.
class Refused {
 public:
  Refused(Ui& ui, std::string reason);
  ~Refused();
  Refused(const Refused&) = delete;
  Refused& operator=(const Refused&) = delete;

 private:
  Ui& ui_;
  std::string reason_;
  std::string_view before_;
};

/// `count` things: `1 layer`, `3 layers`.
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

/// A formula of one line, its top left corner at `at`; what stands behind `_` is a subscript in the face
/// `small`. Draws where `list` is given. Returns the width.
float formula_text(const Ui& ui, ImDrawList* list, ImFont* font, ImFont* small, std::string_view formula,
                   ImVec2 at, ImU32 color);

/// A frame around the item that was drawn last while the keyboard is on it, for items that ImGui gives none.
void focus_frame(const Ui& ui);

/// `0 … 0.9914`: the ends of a range of colours.
[[nodiscard]] std::string range_text(double lo, double hi);

/// A number as the window writes it: four significant digits, −∞ and NaN as such, a true minus sign.
[[nodiscard]] std::string number_text(double value);
/// Enough digits for a close look: nine significant ones, otherwise the same.
[[nodiscard]] std::string exact_text(double value);
/// `number_text` without zeros at the end: `0.5`, `1`.
[[nodiscard]] std::string short_number_text(double value);

/// A dialog over the dimmed window, `width` design pixels wide, drawn while `wanted`; between true and
/// end_sheet() stands its content. `*dismissed` becomes true where the person pressed Escape or clicked
/// beside it.
[[nodiscard]] bool begin_sheet(const Ui& ui, const char* title, float width, bool wanted, bool* dismissed);
void end_sheet();

/// A part of a sheet that is as high as its content, up to `highest` design pixels; then it scrolls. Ended by
/// ImGui::EndChild().
void begin_sheet_list(const Ui& ui, const char* name, float highest);

/// The buttons at the foot of a sheet, right-aligned: the first is the one that Enter presses. Returns the
/// index of the pressed one, or −1.
[[nodiscard]] int sheet_buttons(Ui& ui, std::initializer_list<const char*> labels, bool first_enabled = true);

}  // namespace attn::app
