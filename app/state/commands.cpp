#include "app/state/commands.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/state/requests.hpp"
#include "core/figure/color_scale.hpp"
#include "core/figure/colormap.hpp"

namespace attn::app {
namespace {

bool always(const AppState&) {
  return true;
}
bool has_map(const AppState& state) {
  return state.computed.map != nullptr;
}
bool has_heads(const AppState& state) {
  return state.heads() > 1;
}
bool one_head(const AppState& state) {
  return state.view.head.join == HeadChoice::Join::none;
}
bool has_layers(const AppState& state) {
  return state.document().layers.size() > 1;
}
bool can_undo(const AppState& state) {
  return state.history.at > 0;
}
bool can_redo(const AppState& state) {
  return state.history.at + 1 < state.history.steps.size();
}
bool has_sheet(const AppState& state) {
  return state.computed.sheet.map != nullptr;
}
bool has_grid(const AppState& state) {
  return has_sheet(state) || (sheet_waits(state.document()) && state.heads() > 1);
}
bool has_file(const AppState& state) {
  return !state.project.source.path.empty();
}
bool has_errors(const AppState& state) {
  return !state.ui.errors.empty();
}
bool can_copy_image(const AppState& state) {
  return has_map(state) && !state.ui.image_copier.empty();
}
bool is_idle(const AppState& state) {
  return !state.ui.exporting && has_map(state);
}

template <Dialog dialog>
Action show_dialog(const AppState&) {
  return ShowDialog{dialog};
}

template <int step>
Action step_head(const AppState& state) {
  const auto heads = static_cast<Index>(state.heads());
  if (!one_head(state)) return ShowHead{HeadChoice{HeadChoice::Join::none, step > 0 ? 0 : heads - 1}};
  return ShowHead{HeadChoice{HeadChoice::Join::none, (state.view.head.head + heads + step) % heads}};
}

template <int step>
Action step_layer(const AppState& state) {
  const std::size_t layers = state.document().layers.size();
  return ShowLayer{(state.view.layer + layers + static_cast<std::size_t>(static_cast<int>(layers) + step)) %
                   layers};
}

Action toggle_theme(const AppState& state) {
  Preferences preferences = state.preferences;
  preferences.dark = !preferences.dark;
  return SetPreferences{preferences};
}

Action toggle_trace(const AppState& state) {
  Preferences preferences = state.preferences;
  preferences.trace = !preferences.trace;
  return SetPreferences{preferences};
}

Action toggle_auto_reload(const AppState& state) {
  Preferences preferences = state.preferences;
  preferences.auto_reload = !preferences.auto_reload;
  return SetPreferences{preferences};
}

template <int step>
Action scale_interface(const AppState& state) {
  Preferences preferences = state.preferences;
  preferences.scale = step == 0 ? 1 : std::clamp(preferences.scale * (step > 0 ? 1.1 : 1 / 1.1), 0.7, 2.5);
  return SetPreferences{preferences};
}

template <Index head>
bool has_head(const AppState& state) {
  return head < static_cast<Index>(state.heads());
}

template <Index head>
Action show_head(const AppState&) {
  return ShowHead{HeadChoice{HeadChoice::Join::none, head}};
}

template <HeadChoice::Join join>
Action join_heads(const AppState&) {
  return ShowHead{HeadChoice{join}};
}

// Round numbers lie 4 to 10 % apart: 1, 1.1 … 2, 2.2 … 5, 5.5 … 10.
constexpr std::array kRoundSteps{std::pair{20, 1}, std::pair{50, 2}, std::pair{100, 5}};

// The round number after (step > 0) or before `value`, which is positive.
double next_round(double value, int step) {
  constexpr double kNone = 1e-9;  // as near as this is at the number
  int decade = static_cast<int>(std::floor(std::log10(value) + kNone)) - 1;
  double mantissa = value / std::pow(10.0, decade);  // 10 to 100
  if (step < 0 && mantissa < 10 + kNone) {
    mantissa *= 10;
    --decade;
  }
  const auto fits = [&](const std::pair<int, int>& row) {
    return step > 0 ? mantissa < row.first - kNone : mantissa < row.first + kNone;
  };
  const auto row = std::ranges::find_if(kRoundSteps, fits);
  const double width = row == kRoundSteps.end() ? kRoundSteps.back().second : row->second;
  const double places = mantissa / width;
  const double next = (step > 0 ? std::floor(places + kNone) + 1 : std::ceil(places - kNone) - 1) * width;
  return decade < 0 ? next / std::pow(10.0, -decade) : next * std::pow(10.0, decade);
}

template <int step>
Action step_temperature(const AppState& state) {
  return set_temperature(state, std::clamp(next_round(state.settings.temperature.all, step), 0.01, 100.0),
                         Gesture::stepped);
}

bool has_settings(const AppState& state) {
  return !state.project.settings.window.empty();
}

Action reset_settings(const AppState&) {
  return SettingsRead{nlohmann::json::object(), "reset settings", "Settings are as the document says"};
}

Action next_colormap(const AppState& state) {
  View view = state.view.view;
  const auto maps = colormaps();
  const auto here = std::ranges::find(maps, view.colormap, &Colormap::name);
  view.colormap = here == maps.end() ? std::string(maps.front().name)
                                     : (here + 1 == maps.end() ? "auto" : std::string((here + 1)->name));
  return ShowView{view};
}

Action toggle_range_lock(const AppState& state) {
  View view = state.view.view;
  if (view.range) {
    view.range.reset();
  } else {
    const ColorScale scale = color_scale(view, *state.computed.map);
    view.range = {scale.lo, scale.hi};
  }
  return ShowView{view};
}

Action toggle_labels(const AppState& state) {
  View view = state.view.view;
  view.labels = !view.labels;
  return ShowView{view};
}

Action mute_head(const AppState& state) {
  return toggle_mute(state, static_cast<std::size_t>(state.view.head.head));
}
Action solo_head(const AppState& state) {
  return toggle_solo(state, static_cast<std::size_t>(state.view.head.head));
}

bool has_mute(const AppState& state) {
  return one_head(state) && std::ranges::count(state.settings.head_gates.mute,
                                               static_cast<std::size_t>(state.view.head.head)) > 0;
}
bool has_solo(const AppState& state) {
  return one_head(state) && std::ranges::count(state.settings.head_gates.solo,
                                               static_cast<std::size_t>(state.view.head.head)) > 0;
}
bool has_causal(const AppState& state) {
  return std::ranges::any_of(state.in_force->masks,
                             [](const MaskTerm& mask) { return mask.term.kind == "causal"; });
}
template <HeadChoice::Join join>
bool is_joined(const AppState& state) {
  return state.view.head.join == join;
}

constexpr bool kLine = true;  // above this entry of the menu

constexpr std::array kCommands{
    Command{"file.open", "File", "Open…", "Ctrl+O", always, show_dialog<Dialog::open>},
    Command{"file.text", "File", "New from text…", "Ctrl+N", always, show_dialog<Dialog::text>},
    Command{"file.reload", "File", "Reload now", "Ctrl+R", has_file,
            [](const AppState&) -> Action { return Reload{}; }, nullptr, kLine},
    Command{"file.auto_reload", "File", "Reload when the file changes", "", always, toggle_auto_reload,
            [](const AppState& state) { return state.preferences.auto_reload; }},
    Command{"file.report", "File", "What was read…", "", always, show_dialog<Dialog::report>},
    Command{"file.save_session", "File", "Save session…", "Ctrl+S", always, show_dialog<Dialog::save_session>,
            nullptr, kLine},
    Command{"file.open_settings", "File", "Load settings…", "", always, show_dialog<Dialog::open_settings>},
    Command{"file.save_settings", "File", "Save settings…", "", always, show_dialog<Dialog::save_settings>},
    Command{"file.copy_settings", "File", "Copy settings", "", always,
            [](const AppState&) -> Action { return CopySettings{}; }},
    Command{"file.export", "File", "Export figure…", "Ctrl+E", is_idle, show_dialog<Dialog::export_figure>,
            nullptr, kLine},
    Command{"file.copy_command", "File", "Copy as command line", "Ctrl+Shift+C", has_map,
            [](const AppState&) -> Action { return CopyCommandLine{}; }},
    Command{"file.quit", "File", "Quit", "Ctrl+Q", always, [](const AppState&) -> Action { return Quit{}; },
            nullptr, kLine},
    Command{"edit.undo", "Edit", "Undo", "Ctrl+Z", can_undo,
            [](const AppState&) -> Action { return Undo{}; }},
    Command{"edit.redo", "Edit", "Redo", "Ctrl+Y", can_redo,
            [](const AppState&) -> Action { return Redo{}; }},
    Command{"edit.redo_too", "", "Redo", "Ctrl+Shift+Z", can_redo,
            [](const AppState&) -> Action { return Redo{}; }},
    Command{"edit.copy_image", "Edit", "Copy image", "", can_copy_image,
            [](const AppState&) -> Action { return CopyImage{}; }, nullptr, kLine},
    Command{"edit.copy_numbers", "Edit", "Copy numbers", "", has_map,
            [](const AppState&) -> Action { return CopyNumbers{}; }},
    Command{"edit.reset_settings", "Edit", "Reset settings", "", has_settings, reset_settings},
    Command{"edit.paste", "Edit", "Paste text or JSON", "Ctrl+V", always,
            [](const AppState&) -> Action { return PasteClipboard{}; }, nullptr, kLine},
    Command{"knobs.sharper", "Edit", "Lower temperature", "[", has_map, step_temperature<-1>, nullptr, kLine},
    Command{"knobs.flatter", "Edit", "Raise temperature", "]", has_map, step_temperature<1>},
    Command{"view.fit", "View", "Fit the whole map", "F", has_map,
            [](const AppState&) -> Action { return MoveCamera{}; }},
    Command{"view.grid", "View", "All layers × heads", "O", has_grid,
            [](const AppState& state) -> Action { return ShowGrid{!state.view.grid}; },
            [](const AppState& state) { return state.view.grid; }},
    Command{"view.labels", "View", "Token labels", "L", has_map, toggle_labels,
            [](const AppState& state) { return state.view.view.labels; }},
    Command{"view.trace", "View", "What was computed", "F12", has_map, toggle_trace,
            [](const AppState& state) { return state.preferences.trace; }},
    Command{"view.colormap", "View", "Next colormap", "G", has_map, next_colormap, nullptr, kLine},
    Command{"view.lock_range", "View", "Lock the colour range", "N", has_map, toggle_range_lock,
            [](const AppState& state) { return state.view.view.range.has_value(); }},
    Command{"view.own_range", "View", "Own colour range for each thumbnail", "", has_sheet,
            [](const AppState& state) -> Action { return SetOwnRange{!state.view.own_range}; },
            [](const AppState& state) { return state.view.own_range; }},
    Command{"view.theme", "View", "Light theme", "", always, toggle_theme,
            [](const AppState& state) { return !state.preferences.dark; }, kLine},
    Command{"view.larger", "View", "Larger interface", "Ctrl+=", always, scale_interface<1>},
    Command{"view.smaller", "View", "Smaller interface", "Ctrl+-", always, scale_interface<-1>},
    Command{"view.usual_size", "View", "Usual size", "Ctrl+0", always, scale_interface<0>},
    Command{"heads.next", "Heads", "Next head", "Right", has_heads, step_head<1>},
    Command{"heads.previous", "Heads", "Previous head", "Left", has_heads, step_head<-1>},
    Command{"heads.next_layer", "Heads", "Next layer", "Down", has_layers, step_layer<1>},
    Command{"heads.previous_layer", "Heads", "Previous layer", "Up", has_layers, step_layer<-1>},
    Command{"heads.mean", "Heads", "Mean over heads", "A", has_heads, join_heads<HeadChoice::Join::mean>,
            is_joined<HeadChoice::Join::mean>, kLine},
    Command{"heads.max", "Heads", "Maximum over heads", "", has_heads, join_heads<HeadChoice::Join::max>,
            is_joined<HeadChoice::Join::max>},
    Command{"heads.min", "Heads", "Minimum over heads", "", has_heads, join_heads<HeadChoice::Join::min>,
            is_joined<HeadChoice::Join::min>},
    Command{"heads.mute", "Heads", "Mute this head", "M", one_head, mute_head, has_mute, kLine},
    Command{"heads.solo", "Heads", "Solo this head", "S", one_head, solo_head, has_solo},
    Command{"heads.0", "", "Head 0", "0", has_head<0>, show_head<0>},
    Command{"heads.1", "", "Head 1", "1", has_head<1>, show_head<1>},
    Command{"heads.2", "", "Head 2", "2", has_head<2>, show_head<2>},
    Command{"heads.3", "", "Head 3", "3", has_head<3>, show_head<3>},
    Command{"heads.4", "", "Head 4", "4", has_head<4>, show_head<4>},
    Command{"heads.5", "", "Head 5", "5", has_head<5>, show_head<5>},
    Command{"heads.6", "", "Head 6", "6", has_head<6>, show_head<6>},
    Command{"heads.7", "", "Head 7", "7", has_head<7>, show_head<7>},
    Command{"heads.8", "", "Head 8", "8", has_head<8>, show_head<8>},
    Command{"heads.9", "", "Head 9", "9", has_head<9>, show_head<9>},
    Command{"masks.causal", "Masks", "Causal mask", "K", has_map,
            [](const AppState& state) -> Action { return toggle_mask(state, "causal"); }, has_causal},
    Command{"masks.none", "Masks", "Remove all masks", "", has_map,
            [](const AppState&) -> Action { return set_masks({}, "no masks"); }},
    Command{"help.keys", "Help", "Keys and first steps…", "F1", always, show_dialog<Dialog::help>},
    Command{"help.errors", "Help", "Refused files and settings…", "", has_errors,
            show_dialog<Dialog::error_list>, nullptr, kLine},
    Command{"help.about", "Help", "About attnscope…", "", always, show_dialog<Dialog::about>},
};

struct Reason {
  bool (*enabled)(const AppState&);
  std::string_view sentence;
};
constexpr std::array kReasons{
    Reason{has_map, "There is no map yet."},
    Reason{has_heads, "This layer has one head."},
    Reason{one_head, "Heads are joined: pick one first."},
    Reason{has_layers, "The document has one layer."},
    Reason{can_undo, "Nothing was changed yet."},
    Reason{can_redo, "Nothing was undone."},
    Reason{has_grid, "The document has one head."},
    Reason{has_sheet, "There are no pictures of heads yet."},
    Reason{has_file, "The document came from no file."},
    Reason{has_settings, "Every setting is as the document says."},
    Reason{has_errors, "Nothing was refused."},
    Reason{can_copy_image, "Pictures reach the clipboard by xclip or wl-copy: neither is installed."},
    Reason{is_idle, "There is no map yet, or a figure is being written."},
};

SetSetting gates_setting(const HeadGates& gates, std::string label, Gesture gesture = Gesture::committed) {
  nlohmann::json json{{"mute", gates.mute}, {"solo", gates.solo}, {"gain", nlohmann::json::object()}};
  for (const auto& [head, gain] : gates.gain) json["gain"][std::to_string(head)] = gain;
  return {"head_gates", std::move(json), std::move(label), gesture};
}

// True where the head is in the list afterwards.
bool toggle(std::vector<std::size_t>& heads, std::size_t head) {
  const auto place = std::ranges::lower_bound(heads, head);
  const bool there = place != heads.end() && *place == head;
  if (there) {
    heads.erase(place);
  } else {
    heads.insert(place, head);
  }
  return !there;
}

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Command* command_named(std::string_view id) {
  const auto row = std::ranges::find(kCommands, id, &Command::id);
  return row == kCommands.end() ? nullptr : &*row;
}

std::string_view disabled_reason(const Command& command) {
  const auto row = std::ranges::find(kReasons, command.enabled, &Reason::enabled);
  return row == kReasons.end() ? std::string_view() : row->sentence;
}

SetSetting toggle_mute(const AppState& state, std::size_t head) {
  HeadGates gates = state.settings.head_gates;
  const bool muted = toggle(gates.mute, head);
  return gates_setting(gates, fmt::format("{} head {}", muted ? "mute" : "unmute", head));
}

SetSetting toggle_solo(const AppState& state, std::size_t head) {
  HeadGates gates = state.settings.head_gates;
  const bool soloed = toggle(gates.solo, head);
  return gates_setting(gates, fmt::format("{} head {}", soloed ? "solo" : "unsolo", head));
}

SetSetting set_gain(const AppState& state, std::size_t head, double gain, Gesture gesture) {
  HeadGates gates = state.settings.head_gates;
  gates.gain.erase(head);
  if (gain != 1) gates.gain[head] = gain;
  return gates_setting(gates, fmt::format("gain {:.4g} of head {}", gain, head), gesture);
}

}  // namespace attn::app
