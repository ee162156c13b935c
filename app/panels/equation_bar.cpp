#include "app/panels/equation_bar.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/score.hpp"

namespace attn::app {
namespace {

using Knob = void (*)(const AppState&, Ui&, const Dispatch&);

// A piece of the equation: a term with a value and a knob, a sign between terms, or a lamp for a stage.
struct Piece {
  enum class Kind { term, sign, lamp, left_side };
  Kind kind = Kind::sign;
  Stage stage = Stage::scores;  ///< that a lamp stands for, or that is the first to have the piece
  std::string name{};           ///< of a term, whatever it reads at the moment
  std::string text{};
  std::string value{};
  std::string meaning{};  ///< of a term, for its tooltip
  Knob knob = nullptr;
  bool active = true;  ///< it does something, and the shown stage has it
};

Piece term(Stage since, std::string name, std::string text, std::string value, std::string meaning,
           Knob knob = nullptr, bool active = true) {
  return {Piece::Kind::term,  since, std::move(name), std::move(text), std::move(value),
          std::move(meaning), knob,  active};
}
Piece sign(Stage since, std::string text) {
  return {Piece::Kind::sign, since, {}, std::move(text)};
}
Piece lamp(Stage stage) {
  return {Piece::Kind::lamp, stage};
}

// Whether the shown stage has what `since` is the first to have. Queries and keys stand in the scores' term;
// the mask stage has no other term.
bool reached(Stage shown, Stage since) {
  if (shown == Stage::v) return since == Stage::contributions;
  if (shown < Stage::scores) return since == Stage::scores;
  if (shown == Stage::mask) return since == Stage::mask;
  return shown >= since;
}

// `q·k`, or what stands for a longer formula.
std::string score_text(const AppState& state) {
  constexpr std::size_t kShort = 6;
  const ScoreKind* kind = kind_named(score_kinds(), state.in_force->score.kind);
  return kind != nullptr && kind->formula.size() <= kShort ? std::string(kind->formula) : "s(q, k)";
}

std::string score_value(const AppState& state) {
  std::string value = in_words(state.in_force->score.kind);
  if (state.settings.position.kind != "none") value += ", " + in_words(state.settings.position.kind);
  return value;
}

std::string scale_value(const Settings& settings) {
  return settings.softcap > 0 ? fmt::format("scale, cap {:.3g}", settings.softcap) : "scale";
}

std::string biases_label(const std::vector<Term>& biases) {
  std::string label;
  for (const Term& bias : biases) label += (label.empty() ? "" : " + ") + in_words(bias.kind);
  return label.empty() ? "none" : label;
}

std::string temperature_value(const Temperature& temperature) {
  return fmt::format("{:.3g}{}", temperature.all, temperature.heads.empty() ? "" : " …");
}

// What stands below a normaliser: its parameters, and over what it sums.
std::string normalizer_value(const Term& normalizer) {
  const std::string whole = term_label(normalizer, kinds_of(normalizer_kinds()));
  const std::string parameters = whole.substr(std::min(whole.size(), in_words(normalizer.kind).size()));
  const std::string axis = normalizer.parameters.value("axis", "keys");
  return parameters.empty() ? "over " + axis
                            : parameters.substr(1) + (axis == "keys" ? "" : ", over " + axis);
}

// What the heads' gates and dropout do: how many of this layer's heads are silent, and the share of cells.
std::string gates_value(const AppState& state) {
  std::size_t silent = 0;
  for (std::size_t head = 0; head < state.heads(); ++head)
    silent += state.settings.head_gates.gate(head) == 0 ? 1 : 0;
  std::string value = silent > 0 ? fmt::format("{} of {} muted", silent, state.heads())
                                 : (state.settings.head_gates.gain.empty() ? "all heads" : "gains");
  if (state.settings.dropout.p > 0)
    value += fmt::format(", {:.0f} % dropped", 100 * state.settings.dropout.p);
  return value;
}

// The knobs behind the terms that stand for several.
void score_knobs(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  embedding_scale_knob(state, ui, dispatch);
  position_knob(state, ui, dispatch);
  score_knob(state, ui, dispatch);
}
void scale_knobs(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  scale_knob(state, ui, dispatch);
  softcap_knob(state, ui, dispatch);
}
void head_knobs(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  gates_knob(state, ui, dispatch);
  dropout_knob(state, ui, dispatch);
}
void row_knobs(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  normalizer_knob(state, ui, dispatch);
  empty_rows_knob(state, ui, dispatch);
}

// `weights = softmax( ( scale · q·k + bias ) / τ , mask ) · g · v`, from where this document starts; the left
// side is the shown stage, and what comes after that stage is quiet.
std::vector<Piece> equation_of(const AppState& state) {
  const Settings& settings = state.settings;
  const LayerFacts& facts = state.in_force->facts;
  const auto& masks = state.in_force->masks;
  const auto& biases = state.in_force->biases;
  const Term& normalizer = settings.normalizer;
  const Stage shown = state.view.view.stage;
  const bool logits = unused_logits(state).empty();
  std::vector<Piece> pieces{
      {Piece::Kind::left_side, Stage::scores, {}, fmt::format("{} =", info(shown).name)},
      term(Stage::weights, "normalizer", in_words(normalizer.kind), normalizer_value(normalizer),
           "Normaliser: turns a row of logits into weights.", row_knobs),
      sign(Stage::weights, "(")};
  if (facts.origin == Origin::weights) {
    pieces.insert(pieces.end(), {sign(Stage::logits, "("),
                                 term(Stage::scores, "scores", "log w", "given",
                                      "The logarithm of the saved weights stands for the scores.")});
  } else {
    const bool given = facts.origin == Origin::scores;
    pieces.insert(
        pieces.end(),
        {sign(Stage::logits, "("), sign(Stage::scaled, "("),
         term(Stage::scaled, "scale", scale_label(scale_in_force(settings, facts)), scale_value(settings),
              "Scale and soft cap: keep long vectors from making the weights one-hot.", scale_knobs, logits),
         sign(Stage::scaled, "·"),
         given ? term(Stage::scores, "scores", "scores", "given", "The scores that the document gives.")
               : term(Stage::scores, "scores", score_text(state), score_value(state),
                      "Score: how a query meets a key, and how their places enter.", score_knobs),
         lamp(Stage::scores), sign(Stage::scaled, ")"), lamp(Stage::scaled)});
  }
  const bool has_values = facts.d_v > 0;
  const std::string gates = gates_value(state);
  pieces.insert(
      pieces.end(),
      {sign(Stage::biased, "+"),
       term(Stage::biased, "bias", "bias", biases_label(biases), "Biases: numbers added to the scores.",
            bias_knob, logits && !biases.empty()),
       lamp(Stage::biased), sign(Stage::logits, ")"), sign(Stage::logits, "/"),
       term(Stage::logits, "τ", "τ", temperature_value(settings.temperature),
            "Temperature: below 1 rows get sharper, above 1 flatter.", temperature_knob,
            logits && settings.temperature != Temperature{}),
       sign(Stage::mask, ","),
       term(Stage::mask, "mask", "mask", masks_label(masks), "Masks: which keys each query may attend to.",
            mask_knob, !masks.empty()),
       lamp(Stage::logits), sign(Stage::weights, ")"), lamp(Stage::weights), sign(Stage::dropped, "·"),
       term(Stage::dropped, "g", "g", gates, "Gates: mute, solo and gain of each head, and dropout.",
            head_knobs, gates != "all heads"),
       lamp(Stage::dropped), sign(Stage::contributions, "·"),
       term(Stage::contributions, "v", "v",
            has_values ? fmt::format("{} wide", facts.d_v) : std::string("not given"),
            "Values: what the weights gather from the keys.", values_knob, has_values),
       lamp(Stage::context)});
  for (Piece& piece : pieces) {
    const bool left = piece.kind == Piece::Kind::left_side;
    piece.active = piece.active && (left || reached(shown, piece.stage));
  }
  return pieces;
}

constexpr float kTermPadding = 8;
constexpr float kSignPadding = 3;
constexpr float kLampWidth = 14;
constexpr float kLampRoom = 6;    // between two pieces
constexpr float kLeastTerm = 44;  // a caption that changes moves nothing as long as it is no wider
constexpr float kValueTop = 42;   // of the line of values and lamps
constexpr float kBaseline = 22;   // middle of the formula's line below the top of a term

ImVec2 size_in(ImFont* font, std::string_view text) {
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size());
}

// What the formula is written in.
struct Faces {
  ImFont* terms;
  ImFont* signs;
  ImFont* below;
  float least_term = 0;  ///< the width of a term
  float padding = 0;     ///< on either side of a term
  bool narrow = false;   ///< nothing is kept free for what may come
};

// A narrow window gets smaller letters.
Faces faces_for(const Ui& ui, bool narrow) {
  if (narrow)
    return {ui.fonts.formula_small, ui.fonts.formula_small, ui.fonts.small, 0, ui.px(kTermPadding / 3), true};
  return {ui.fonts.formula,  ui.fonts.formula_upright, ui.fonts.formula_small,
          ui.px(kLeastTerm), ui.px(kTermPadding),      false};
}

// Signs stand upright, words and terms in italics.
ImFont* face_of(const Faces& faces, const Piece& piece) {
  return piece.kind == Piece::Kind::sign ? faces.signs : faces.terms;
}

// Draws where `list` is given, `at` the left end of the formula's line; the width in any case.
float write(const Ui& ui, ImDrawList* list, const Faces& faces, const Piece& piece, ImVec2 at) {
  ImFont* face = face_of(faces, piece);
  const Color color = piece.active ? ui.theme.text : ui.theme.text_quiet;
  at.y += ui.px(kBaseline) - face->FontSize / 2;
  return formula_text(ui, list, face, faces.below, piece.text, at, color.u32());
}

float width_of(const Ui& ui, const Faces& faces, const Piece& piece) {
  if (piece.kind == Piece::Kind::lamp) return ui.px(kLampRoom);
  if (piece.kind == Piece::Kind::left_side) {
    if (faces.narrow) return write(ui, nullptr, faces, piece, {}) + 2 * ui.px(kSignPadding);
    float widest = 0;  // whatever stage is shown, the terms stay where they are
    for (const StageInfo& row : kStages)
      widest = std::max(
          widest, formula_text(ui, nullptr, faces.terms, faces.below, fmt::format("{} =", row.name), {}, 0));
    return widest + 2 * ui.px(kSignPadding);
  }
  const float text = write(ui, nullptr, faces, piece, {});
  if (piece.kind == Piece::Kind::sign) return text + 2 * ui.px(kSignPadding);
  const float caption = size_in(ui.fonts.small, piece.value).x;
  return std::max({text, caption, faces.least_term}) + 2 * faces.padding;
}

void draw_term(const AppState& state, Ui& ui, const Dispatch& dispatch, const Faces& faces,
               const Piece& piece, ImVec2 at, float height) {
  const float width = width_of(ui, faces, piece);
  const float lamp_half = ui.px((kLampWidth - kLampRoom) / 2);
  const std::string popup = "knob of " + piece.name;
  ImGui::SetCursorScreenPos(at);
  const bool clicked = ImGui::InvisibleButton(popup.c_str(), {width, height});
  explain(ui, piece.meaning);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool open = ImGui::IsPopupOpen(popup.c_str());
  if (piece.knob != nullptr && (ImGui::IsItemHovered() || open)) {
    list.AddRectFilled({at.x + lamp_half, at.y}, {at.x + width - lamp_half, at.y + height},
                       (open ? ui.theme.selected : ui.theme.raised).u32(), ui.px(6));
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
  mark(ui, "term." + piece.name, at, {at.x + width, at.y + height});
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
  const ImVec2 center{at.x + ui.px(kLampRoom) / 2, at.y + ui.px(kValueTop) + line / 2};
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
  const ImVec2 start{origin.x, origin.y + (room.y - height) / 2};
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
    } else if (piece.kind != Piece::Kind::lamp) {
      const float spare = width_of(ui, faces, piece) - write(ui, nullptr, faces, piece, {});
      write(ui, &list, faces, piece, {at.x + spare - ui.px(kSignPadding), at.y});
    }
  });
}

}  // namespace attn::app
