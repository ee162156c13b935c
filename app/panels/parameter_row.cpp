#include "app/panels/parameter_row.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"

namespace attn::app {
namespace {

using Json = nlohmann::json;
using Changed = std::optional<Gesture>;

constexpr std::size_t kMostText = 1024;

Changed boolean_control(Ui& ui, const Parameter&, Json& value) {
  bool on = value.get<bool>();
  if (!checkbox(ui, "##value", &on)) return std::nullopt;
  value = on;
  return Gesture::committed;
}

Changed choice_control(Ui&, const Parameter& parameter, Json& value) {
  Changed changed;
  if (!ImGui::BeginCombo("##value", in_words(value.get<std::string>()).c_str())) return changed;
  for (const std::string_view choice : parameter.choices) {
    if (!ImGui::Selectable(in_words(choice).c_str(), value == choice)) continue;
    value = std::string(choice);
    changed = Gesture::committed;
  }
  ImGui::EndCombo();
  return changed;
}

Changed integer_control(Ui&, const Parameter& parameter, Json& value) {
  int number = static_cast<int>(std::clamp(value.get<double>(), -1e9, 1e9));
  if (!ImGui::InputInt("##value", &number, 1, 10)) return std::nullopt;
  value = static_cast<int>(std::clamp(static_cast<double>(number), parameter.min, parameter.max));
  return Gesture::committed;
}

Changed bounded_integer_control(Ui& ui, const Parameter& parameter, Json& value) {
  bool bounded = !value.is_null();
  Changed changed;
  if (checkbox(ui, "##bounded", &bounded)) {
    value = bounded ? Json(4) : Json();
    changed = Gesture::committed;
  }
  ImGui::SameLine();
  if (value.is_null()) {
    ImGui::TextUnformatted("no limit");
    return changed;
  }
  ImGui::SetNextItemWidth(-1);
  const Changed typed = integer_control(ui, parameter, value);
  return typed ? typed : changed;
}

Changed number_control(Ui&, const Parameter& parameter, Json& value) {
  double number = value.get<double>();
  const Changed changed = number_drag(number, parameter.min, parameter.max);
  if (changed) value = number;
  return changed;
}

// A text that is taken over when the person is done with it. What the parameter refuses is refused as any
// setting is.
Changed text_control(Json& value, const std::string& shown, Json (*parse)(const std::string& text)) {
  std::array<char, kMostText> text{};
  shown.copy(text.data(), text.size() - 1);
  ImGui::InputText("##value", text.data(), text.size());
  if (!ImGui::IsItemDeactivatedAfterEdit() || shown == text.data()) return std::nullopt;
  value = parse(text.data());
  return Gesture::committed;
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
    text += (text.empty() ? "" : ", ") + fmt::format("{:g}", number.get<double>());
  return text;
}

Changed numbers_control(Ui&, const Parameter&, Json& value) {
  return text_control(value, text_of_numbers(value), numbers_in);
}

Changed numbers_or_choice_control(Ui&, const Parameter&, Json& value) {
  const std::string shown = value.is_string() ? value.get<std::string>() : text_of_numbers(value);
  return text_control(value, shown, numbers_in);
}

Changed expression_control(Ui&, const Parameter&, Json& value) {
  return text_control(value, value.get<std::string>(), [](const std::string& text) { return Json(text); });
}

Changed strokes_control(Ui&, const Parameter&, Json& value) {
  ImGui::TextUnformatted(counted(value.size(), "rectangle").c_str());
  return std::nullopt;
}

struct Control {
  ParameterType type;
  Changed (*draw)(Ui& ui, const Parameter& parameter, Json& value);
};
constexpr std::array kControls{
    Control{ParameterType::integer, integer_control},
    Control{ParameterType::integer_or_null, bounded_integer_control},
    Control{ParameterType::number, number_control},
    Control{ParameterType::boolean, boolean_control},
    Control{ParameterType::choice, choice_control},
    Control{ParameterType::integers, numbers_control},
    Control{ParameterType::numbers, numbers_control},
    Control{ParameterType::numbers_or_choice, numbers_or_choice_control},
    Control{ParameterType::expression, expression_control},
    Control{ParameterType::strokes, strokes_control},
};

}  // namespace

Gesture gesture_of_item() {
  return ImGui::IsItemActive() ? Gesture::live : Gesture::committed;
}

std::optional<Gesture> number_drag(double& number, double min, double max) {
  auto value = static_cast<float>(number);
  const bool narrow = max - min <= 1000;
  const float speed = narrow ? static_cast<float>((max - min) / 500) : std::max(0.01f, std::abs(value) / 100);
  const bool changed =
      ImGui::DragFloat("##number", &value, speed, static_cast<float>(std::max(min, -1e30)),
                       static_cast<float>(std::min(max, 1e30)), "%.4g", ImGuiSliderFlags_AlwaysClamp);
  const bool done = ImGui::IsItemDeactivatedAfterEdit();
  if (!changed && !done) return std::nullopt;
  // To the digits that are shown: 0.7, not 0.699999988.
  const double rounded = std::clamp(std::stod(fmt::format("{:.4g}", value)), min, max);
  if (!done && rounded == number) return std::nullopt;
  number = rounded;
  return done ? Gesture::committed : gesture_of_item();
}

std::optional<Gesture> parameter_row(Ui& ui, const Parameter& parameter, Json& value,
                                     const std::string& mark) {
  const auto control = std::ranges::find(kControls, parameter.type, &Control::type);
  if (control == kControls.end()) return std::nullopt;
  ImGui::PushID(parameter.name.data(), parameter.name.data() + parameter.name.size());
  control_label(ui, in_words(parameter.name));
  const Changed changed = control->draw(ui, parameter, value);
  mark_item(ui, fmt::format("{}.{}", mark, parameter.name));
  explain(ui, fmt::format("{} ({})", parameter.meaning, allowed_values(parameter)));
  ImGui::PopID();
  return changed;
}

std::optional<Gesture> parameter_rows(Ui& ui, const KindInfo& kind, Json& parameters,
                                      const std::string& mark) {
  Changed changed;
  for (const Parameter& parameter : kind.parameters) {
    // Tensors come from the document, the settings or the seed; nobody types them.
    if (parameter.type == ParameterType::tensor) continue;
    if (const Changed one = parameter_row(ui, parameter, parameters[std::string(parameter.name)], mark))
      changed = one;
  }
  return changed;
}

}  // namespace attn::app
