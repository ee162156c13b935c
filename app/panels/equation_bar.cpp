#include "app/panels/equation_bar.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/state/commands.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/layer_inputs.hpp"
#include "core/attention/scale.hpp"

namespace attn::app {
namespace {

using Knob = void (*)(const AppState&, Ui&, const Dispatch&);

// A piece of the equation: a term with a value and a knob, a sign between terms, or a lamp for a stage.
struct Piece {
  enum class Kind { term, sign, lamp };
  Kind kind = Kind::sign;
  std::string text;
  std::string value;
  bool active = true;
  Knob knob = nullptr;
  Stage stage = Stage::weights;
};

Piece term(std::string text, std::string value, bool active = true, Knob knob = nullptr) {
  return {Piece::Kind::term, std::move(text), std::move(value), active, knob, Stage::weights};
}
Piece sign(std::string text, bool active = true) {
  return {Piece::Kind::sign, std::move(text), "", active, nullptr, Stage::weights};
}
Piece lamp(Stage stage) {
  return {Piece::Kind::lamp, "", "", true, nullptr, stage};
}

std::string scale_value(const AppState& state) {
  const Layer& layer = state.layer();
  const Scale scale = state.settings.scale.value_or(
      Scale{origin_of(layer) == Origin::qkv ? ScaleKind::inv_sqrt_dk : ScaleKind::none});
  return scale_label(scale);
}

std::string context_value(const AppState& state) {
  const auto* qkv = std::get_if<GivenQkv>(&state.layer().origin);
  const bool has_values = origin_of(state.layer()) == Origin::qkv && (qkv == nullptr || qkv->v);
  return has_values ? counted(state.heads(), "head") : "not given";
}

// What the heads' gates do: how many of this layer's heads are silent.
std::string gates_value(const AppState& state) {
  std::size_t silent = 0;
  for (std::size_t head = 0; head < state.heads(); ++head)
    silent += state.settings.head_gates.gate(head) == 0 ? 1 : 0;
  if (silent > 0) return fmt::format("{} of {} muted", silent, state.heads());
  return state.settings.head_gates.gain.empty() ? "all heads" : "gains";
}

// `weights = softmax( ( scale · q·k + bias ) / τ , mask ) · v`, from where this document starts.
std::vector<Piece> equation_of(const AppState& state) {
  const Origin origin = origin_of(state.layer());
  const bool has_bias = state.settings.bias ? !state.settings.bias->empty() : state.layer().bias.has_value();
  const auto masks = masks_in_force(state);
  const bool to_context = state.view.view.stage >= Stage::dropped;
  std::vector<Piece> pieces{sign(to_context ? "context =" : "weights ="), term("softmax", "over keys"),
                            sign("(")};
  if (origin == Origin::weights) {
    pieces.insert(pieces.end(), {sign("("), term("log w", "given")});
  } else {
    const bool given = origin == Origin::scores;
    pieces.insert(pieces.end(), {sign("( ("), term(scale_value(state), "scale", true, scale_knob), sign("·"),
                                 term(given ? "scores" : "q · k", given ? "given" : "dot"),
                                 lamp(Stage::scores), sign(")"), lamp(Stage::scaled)});
  }
  const double temperature = state.settings.temperature.all;
  const std::string values = context_value(state);
  pieces.insert(
      pieces.end(),
      {sign("+"), term("bias", has_bias ? "document" : "none", has_bias, bias_knob), lamp(Stage::biased),
       sign(")"), sign("/"),
       term("τ", fmt::format("{:.3g}", temperature), temperature != 1, temperature_knob), sign(","),
       term("mask", masks_label(masks), !masks.empty(), mask_knob), lamp(Stage::logits), sign(")"),
       lamp(Stage::weights), sign("·", to_context),
       term("g", gates_value(state), to_context && gates_value(state) != "all heads"), lamp(Stage::dropped),
       sign("·", to_context), term("v", values, to_context && values != "not given"), lamp(Stage::context)});
  return pieces;
}

constexpr float kTermPadding = 8;
constexpr float kSignPadding = 3;
constexpr float kLampWidth = 14;
constexpr float kValueTop = 42;  // of the line of values and lamps
constexpr float kBaseline = 22;  // middle of the formula's line below the top of a term

ImVec2 size_in(ImFont* font, std::string_view text) {
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size());
}

// What the formula is written in.
struct Faces {
  ImFont* terms;
  ImFont* signs;
  ImFont* below;
};

// A narrow window gets smaller letters.
Faces faces_for(const Ui& ui, bool narrow) {
  if (narrow) return {ui.fonts.formula_small, ui.fonts.formula_small, ui.fonts.small};
  return {ui.fonts.formula, ui.fonts.formula_upright, ui.fonts.formula_small};
}

// Signs of one letter stand upright, words and terms in italics.
ImFont* face_of(const Faces& faces, const Piece& piece) {
  return piece.kind == Piece::Kind::sign && piece.text.size() < 6 ? faces.signs : faces.terms;
}

// Draws where `list` is given, `at` the left end of the formula's line; the width in any case.
float write(const Ui& ui, ImDrawList* list, const Faces& faces, const Piece& piece, ImVec2 at) {
  ImFont* face = face_of(faces, piece);
  const Color color = piece.active ? ui.theme.text : ui.theme.text_quiet;
  at.y += ui.px(kBaseline) - face->FontSize / 2;
  return formula_text(ui, list, face, faces.below, piece.text, at, color.u32());
}

float width_of(const Ui& ui, const Faces& faces, const Piece& piece) {
  if (piece.kind == Piece::Kind::lamp) return 0;  // it hangs below the gap between two pieces
  const float text = write(ui, nullptr, faces, piece, {});
  if (piece.kind == Piece::Kind::sign) return text + 2 * ui.px(kSignPadding);
  return std::max(text, size_in(ui.fonts.small, piece.value).x) + 2 * ui.px(kTermPadding);
}

void draw_term(const AppState& state, Ui& ui, const Dispatch& dispatch, const Faces& faces,
               const Piece& piece, ImVec2 at, float height) {
  const float width = width_of(ui, faces, piece);
  const std::string popup = "knob of " + piece.text;
  ImGui::SetCursorScreenPos(at);
  const bool clicked = piece.knob != nullptr && ImGui::InvisibleButton(popup.c_str(), {width, height});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool open = ImGui::IsPopupOpen(popup.c_str());
  if (piece.knob != nullptr && (ImGui::IsItemHovered() || open)) {
    list.AddRectFilled(at, {at.x + width, at.y + height}, (open ? ui.theme.selected : ui.theme.raised).u32(),
                       ui.px(6));
  }
  if (piece.knob != nullptr) focus_frame(ui);
  const ImVec2 value = size_in(ui.fonts.small, piece.value);
  const float text = write(ui, nullptr, faces, piece, {});
  write(ui, &list, faces, piece, {at.x + (width - text) / 2, at.y});
  const Color value_color = piece.active ? ui.theme.value_text : ui.theme.text_quiet;
  list.AddText(ui.fonts.small, ui.fonts.small->FontSize,
               {at.x + (width - value.x) / 2, at.y + ui.px(kValueTop)}, value_color.u32(),
               piece.value.c_str());
  if (piece.knob == nullptr) return;
  mark(ui, "term." + piece.text, at, {at.x + width, at.y + height});
  if (clicked) ImGui::OpenPopup(popup.c_str());
  ImGui::SetNextWindowPos({at.x, at.y + height + ui.px(4)});
  ImGui::SetNextWindowSize({ui.px(300), 0});
  if (!ImGui::BeginPopup(popup.c_str())) return;
  ui.mark_prefix = "popup.";
  piece.knob(state, ui, dispatch);
  ui.mark_prefix = {};
  ImGui::EndPopup();
}

// `at`: the top of the gap between two pieces.
void draw_lamp(const AppState& state, Ui& ui, const Dispatch& dispatch, Stage stage, ImVec2 at,
               float height) {
  const float line = ui.fonts.small->FontSize;
  const ImVec2 center{at.x + ui.px(2), at.y + ui.px(kValueTop) + line / 2};
  const float top = center.y - line;
  ImGui::SetCursorScreenPos({center.x - ui.px(kLampWidth) / 2, top});
  ImGui::PushID(static_cast<int>(stage));
  if (ImGui::InvisibleButton("lamp", {ui.px(kLampWidth), at.y + height - top})) {
    View view = state.view.view;
    view.stage = stage;
    view.range.reset();
    dispatch(ShowView{view});
  }
  ImGui::PopID();
  focus_frame(ui);
  mark_item(ui, fmt::format("lamp.{}", info(stage).name));
  explain(ui, fmt::format("Show {}: {}", info(stage).name, info(stage).meaning));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (state.view.view.stage == stage) {
    list.AddCircleFilled(center, ui.px(4.5f), ui.theme.chosen.u32());
  } else {
    const Color color = ImGui::IsItemHovered() ? ui.theme.chosen : ui.theme.text_quiet;
    list.AddCircle(center, ui.px(4), color.u32(), 0, ui.px(1));
  }
}

}  // namespace

void draw_equation_bar(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const std::vector<Piece> pieces = equation_of(state);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float height = ui.px(64);
  const auto width_in = [&](const Faces& faces) {
    float total = 0;
    for (const Piece& piece : pieces) total += width_of(ui, faces, piece);
    return total;
  };
  const Faces faces = faces_for(ui, width_in(faces_for(ui, false)) > room.x);
  const float total = width_in(faces);
  const ImVec2 start{origin.x + std::max(0.0f, (room.x - total) / 2), origin.y + (room.y - height) / 2};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto each = [&](const auto& draw) {
    ImVec2 at = start;
    for (const Piece& piece : pieces) {
      draw(piece, at);
      at.x += width_of(ui, faces, piece);
    }
  };
  // Lamps come first: they take the pointer from the terms that they overlap.
  each([&](const Piece& piece, ImVec2 at) {
    if (piece.kind == Piece::Kind::lamp) draw_lamp(state, ui, dispatch, piece.stage, at, height);
  });
  each([&](const Piece& piece, ImVec2 at) {
    if (piece.kind == Piece::Kind::term) {
      draw_term(state, ui, dispatch, faces, piece, at, height);
    } else if (piece.kind == Piece::Kind::sign) {
      write(ui, &list, faces, piece, {at.x + ui.px(kSignPadding), at.y});
    }
  });
}

}  // namespace attn::app
