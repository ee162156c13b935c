#include "app/panels/parameter_row.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"

namespace attn::app {
namespace {

using Json = nlohmann::json;
using Changed = std::optional<Gesture>;
using Edited = std::optional<Edit>;

constexpr std::size_t kMostText = 1024;
constexpr double kLargestWhole = 9007199254740992;  // the whole numbers that a double tells apart

// What a control is told beside its parameter.
struct Row {
  const Accepts& accepts;
};

// Of the item drawn last: live while it is held, committed when it is left.
Changed changed_by_item(bool changed) {
  if (ImGui::IsItemDeactivatedAfterEdit()) return Gesture::committed;
  return changed ? Changed(gesture_of_item()) : std::nullopt;
}

Edited boolean_control(Ui& ui, const Parameter&, Row, const Json& value) {
  bool on = value.get<bool>();
  if (!checkbox(ui, "##value", &on)) return std::nullopt;
  return Edit{on};
}

Edited choice_control(Ui&, const Parameter& parameter, Row, const Json& value) {
  Edited edited;
  if (!ImGui::BeginCombo("##value", in_words(value.get<std::string>()).c_str())) return edited;
  for (const std::string_view choice : parameter.choices) {
    if (ImGui::Selectable(in_words(choice).c_str(), value == choice)) edited = Edit{std::string(choice)};
  }
  ImGui::EndCombo();
  return edited;
}

// A whole number in a field with a step down and a step up: live while the item is held or typed into.
template <class Number>
Changed whole_number(Number& number, ImGuiDataType type) {
  constexpr Number kStep = 1, kFastStep = 10;
  const bool changed = ImGui::InputScalar("##value", type, &number, &kStep, &kFastStep);
  return changed_by_item(changed);
}

Edited integer_control(Ui&, const Parameter& parameter, Row, const Json& value) {
  const auto within = [&](double number) {
    const double bounded = std::clamp(number, parameter.min, parameter.max);
    return static_cast<std::int64_t>(std::clamp(bounded, -kLargestWhole, kLargestWhole));
  };
  std::int64_t number = within(value.get<double>());
  const Changed changed = whole_number(number, ImGuiDataType_S64);
  if (!changed) return std::nullopt;
  return Edit{within(static_cast<double>(number)), *changed};
}

Edited bounded_integer_control(Ui& ui, const Parameter& parameter, Row row, const Json& value) {
  bool bounded = !value.is_null();
  Edited edited;
  if (checkbox(ui, "##bounded", &bounded)) {
    const auto start = static_cast<std::int64_t>(std::clamp(4.0, parameter.min, parameter.max));
    edited = Edit{bounded ? Json(start) : Json()};
  }
  ImGui::SameLine();
  if (value.is_null()) {
    ImGui::TextUnformatted("no limit");
    return edited;
  }
  ImGui::SetNextItemWidth(-1);
  const Edited typed = integer_control(ui, parameter, row, value);
  return edited ? edited : typed;
}

Edited number_control(Ui&, const Parameter& parameter, Row, const Json& value) {
  double number = value.get<double>();
  const Changed changed = number_drag(number, parameter.min, parameter.max);
  if (!changed) return std::nullopt;
  return Edit{number, *changed};
}

// Why the parameter does not take the value, or empty.
std::string reason_against(const Parameter& parameter, Row row, const Json& value) {
  if (const auto read = read_parameter(parameter, value, ""); !read) {
    const Error& error = read.error();
    const bool formula = parameter.type == ParameterType::expression && !error.hint.empty();
    return formula ? error.hint : fmt::format("Expected {}.", error.expected);
  }
  return row.accepts ? row.accepts(value) : std::string();
}

// After Enter the field of a refused text stays the one that is typed into.
void keep_typing() {
  ImGuiContext& context = *ImGui::GetCurrentContext();
  context.NavNextActivateId = ImGui::GetItemID();
  context.NavNextActivateFlags = ImGuiActivateFlags_PreferInput | ImGuiActivateFlags_TryToPreserveState;
}

// A text that is taken over when the person is done with it. What the parameter refuses stays in the field,
// with the reason below it, and the value stays as it was; Escape brings that one's text back.
Edited text_control(Ui& ui, const Parameter& parameter, Row row, const std::string& shown,
                    Json (*parse)(const std::string& text)) {
  Draft& draft = (*ui.drafts)[ImGui::GetID("##value")];
  const bool went_away = draft.frame + 1 < ImGui::GetFrameCount();
  if (draft.from != shown || went_away) draft = {shown, shown, {}};
  draft.frame = ImGui::GetFrameCount();
  std::array<char, kMostText> text{};
  draft.text.copy(text.data(), text.size() - 1);
  ImGui::InputTextWithHint("##value", parameter.fallback == "null" ? "auto" : "", text.data(), text.size());
  const bool typed = draft.text != text.data();
  draft.text = text.data();
  const bool back = ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGuiKey_Escape);
  if (back) draft.text = shown;
  const bool left = !back && ImGui::IsItemDeactivatedAfterEdit();
  if (!left && !back && (!typed || draft.reason.empty())) return std::nullopt;
  Json next = parse(draft.text);
  draft.reason = draft.text == shown ? std::string() : reason_against(parameter, row, next);
  if (left && !draft.reason.empty() && ImGui::IsKeyPressed(ImGuiKey_Enter)) keep_typing();
  if (!left || !draft.reason.empty() || draft.text == shown) return std::nullopt;
  return Edit{std::move(next)};
}

// `1, 2.5 -3`: the numbers of a text; a text where one of them is none.
Json numbers_in(const std::string& text) {
  Json list = Json::array();
  const char* at = text.data();
  const char* end = at + text.size();
  while (true) {
    while (at != end && (*at == ' ' || *at == ',')) ++at;
    if (at == end) return list;
    double number = 0;
    const auto [next, problem] = std::from_chars(at, end, number);
    if (problem != std::errc()) return text;
    list.push_back(number);
    at = next;
  }
}

std::string text_of_numbers(const Json& list) {
  std::string text;
  for (const Json& number : list)
    text += (text.empty() ? "" : ", ") + fmt::format("{}", number.get<double>());
  return text;
}

Edited numbers_or_choice_control(Ui& ui, const Parameter& parameter, Row row, const Json& value) {
  // A number and what parts it from the next take two letters at least.
  const bool is_long = value.is_array() && value.size() > kMostText / 2;
  const std::string shown = value.is_string() ? value.get<std::string>()
                            : is_long         ? std::string()
                                              : text_of_numbers(value);
  if (!is_long && shown.size() < kMostText) return text_control(ui, parameter, row, shown, numbers_in);
  ImGui::TextUnformatted(counted(value.size(), "number").c_str());
  return std::nullopt;
}

// A value as a person types it: nothing for null, a text or a length without quotes, lists with commas, JSON
// for the rest. A text that would be read as something else keeps its quotes.
std::string typed(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    return text.empty() || text.starts_with('"') ? value.dump() : text;
  }
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const Json& item : value) list += (list.empty() ? "" : ", ") + typed(item);
  return list;
}

Json text_from(const std::string& text) {
  if (text.empty()) return nullptr;
  const Json quoted = text.starts_with('"') ? Json::parse(text, nullptr, false) : Json();
  return quoted.is_string() ? quoted : Json(text);
}

Json json_from(const std::string& text) {
  if (text.empty()) return nullptr;
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json(text) : json;
}

Json words_from(const std::string& text) {
  Json list = Json::array();
  std::string word;
  for (const char c : text + ",") {
    if (c != ',' && c != ' ') word += c;
    if ((c == ',' || c == ' ') && !word.empty()) list.push_back(std::exchange(word, {}));
  }
  return list;
}

template <Json (*parse)(const std::string& text)>
Edited typed_control(Ui& ui, const Parameter& parameter, Row row, const Json& value) {
  const std::string shown = typed(value);
  if (shown.size() < kMostText) return text_control(ui, parameter, row, shown, parse);
  ImGui::TextUnformatted(fmt::format("{} letters", shown.size()).c_str());
  return std::nullopt;
}

Edited expression_control(Ui& ui, const Parameter& parameter, Row row, const Json& value) {
  return text_control(ui, parameter, row, value.get<std::string>(),
                      [](const std::string& text) { return Json(text); });
}

Edited strokes_control(Ui&, const Parameter&, Row, const Json& value) {
  ImGui::TextUnformatted(counted(value.size(), "rectangle").c_str());
  return std::nullopt;
}

struct Control {
  ParameterType type;
  Edited (*draw)(Ui& ui, const Parameter& parameter, Row row, const Json& value);
};
constexpr std::array kControls{
    Control{ParameterType::integer, integer_control},
    Control{ParameterType::integer_or_null, bounded_integer_control},
    Control{ParameterType::number, number_control},
    Control{ParameterType::boolean, boolean_control},
    Control{ParameterType::choice, choice_control},
    Control{ParameterType::integers, numbers_or_choice_control},
    Control{ParameterType::numbers, numbers_or_choice_control},
    Control{ParameterType::numbers_or_choice, numbers_or_choice_control},
    Control{ParameterType::expression, expression_control},
    Control{ParameterType::strokes, strokes_control},
    Control{ParameterType::text, typed_control<text_from>},
    Control{ParameterType::length, typed_control<json_from>},
    Control{ParameterType::integer_or_choice, typed_control<json_from>},
    Control{ParameterType::integers_or_choice, numbers_or_choice_control},
    Control{ParameterType::choice_list, typed_control<words_from>},
    Control{ParameterType::object, typed_control<json_from>},
};

}  // namespace

Gesture gesture_of_item() {
  return ImGui::IsItemActive() ? Gesture::live : Gesture::committed;
}

std::optional<Gesture> number_drag(double& number, double min, double max) {
  constexpr double kFar = 1e30;
  const double lowest = std::max(min, -kFar);
  const double highest = std::min(max, kFar);
  const bool narrow = max - min <= 1000;
  const double speed = narrow ? (max - min) / 500 : std::max(0.01, std::min(std::abs(number), kFar) / 100);
  // A drag goes by the digits that are shown; a typed number keeps its own.
  const bool changed = ImGui::DragScalar("##number", ImGuiDataType_Double, &number, static_cast<float>(speed),
                                         &lowest, &highest, "%.4g", ImGuiSliderFlags_AlwaysClamp);
  return changed_by_item(changed);
}

std::optional<Gesture> seed_row(Ui& ui, std::uint64_t& seed, const std::string& mark,
                                std::string_view meaning) {
  ImGui::PushID("seed");
  control_label(ui, "Seed");
  const Changed changed = whole_number(seed, ImGuiDataType_U64);
  mark_item(ui, mark);
  explain(ui, meaning);
  ImGui::PopID();
  return changed;
}

std::optional<Edit> parameter_row(Ui& ui, const Parameter& parameter, const Json& value,
                                  const std::string& mark, const Accepts& accepts) {
  const auto control = std::ranges::find(kControls, parameter.type, &Control::type);
  if (control == kControls.end()) return std::nullopt;
  ImGui::PushID(parameter.name.data(), parameter.name.data() + parameter.name.size());
  control_label(ui, capitalised(in_words(parameter.name)));
  // A number that may be left out has no place on a slider for that.
  const bool number = parameter.type == ParameterType::integer || parameter.type == ParameterType::number;
  const auto draw = number && parameter.fallback == "null" ? typed_control<json_from> : control->draw;
  Edited edited = draw(ui, parameter, Row{accepts}, value);
  const std::string name = fmt::format("{}.{}", mark, parameter.name);
  mark_item(ui, name);
  explain(ui, fmt::format("{} ({})", parameter.meaning, allowed_values(parameter)));
  const auto draft = ui.drafts->find(ImGui::GetID("##value"));
  if (draft != ui.drafts->end() && !draft->second.reason.empty()) {
    warn(ui, draft->second.reason);
    mark_item(ui, name + ".reason");
  }
  ImGui::PopID();
  return edited;
}

std::optional<Edit> parameter_rows(Ui& ui, const KindInfo& kind, const Json& parameters,
                                   const std::string& mark, const Accepts& accepts) {
  Edited edited;
  for (const Parameter& parameter : kind.parameters) {
    // Tensors come from the document, the settings or the seed; nobody types them.
    if (parameter.type == ParameterType::tensor) continue;
    const std::string name(parameter.name);
    const auto with = [&](const Json& value) {
      Json next = parameters;
      next[name] = value;
      return accepts ? accepts(next) : std::string();
    };
    if (auto one = parameter_row(ui, parameter, parameters.at(name), mark, with)) {
      edited = Edit{parameters, one->gesture};
      edited->value[name] = std::move(one->value);
    }
  }
  return edited;
}

}  // namespace attn::app
