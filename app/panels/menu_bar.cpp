#include "app/panels/menu_bar.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/state/commands.hpp"
#include "app/widgets/widgets.hpp"

namespace attn::app {
namespace {

struct NamedKey {
  std::string_view name;
  ImGuiKey key;
};
constexpr std::array kNamedKeys{
    NamedKey{"Left", ImGuiKey_LeftArrow}, NamedKey{"Right", ImGuiKey_RightArrow},
    NamedKey{"Up", ImGuiKey_UpArrow},     NamedKey{"Down", ImGuiKey_DownArrow},
    NamedKey{"[", ImGuiKey_LeftBracket},  NamedKey{"]", ImGuiKey_RightBracket},
    NamedKey{"=", ImGuiKey_Equal},        NamedKey{"-", ImGuiKey_Minus},
    NamedKey{"F1", ImGuiKey_F1},          NamedKey{"F12", ImGuiKey_F12},
};

ImGuiKey key_of(std::string_view name) {
  for (const NamedKey& row : kNamedKeys) {
    if (row.name == name) return row.key;
  }
  if (name.size() != 1) return ImGuiKey_None;
  const char c = name.front();
  if (c >= 'A' && c <= 'Z') return static_cast<ImGuiKey>(ImGuiKey_A + (c - 'A'));
  if (c >= '0' && c <= '9') return static_cast<ImGuiKey>(ImGuiKey_0 + (c - '0'));
  return ImGuiKey_None;
}

bool is_arrow(std::string_view keys) {
  return keys == "Left" || keys == "Right" || keys == "Up" || keys == "Down";
}

// `Ctrl+Shift+C` is pressed, with these modifiers and no others.
bool pressed(std::string_view keys) {
  // A modifier that was let go within this frame was held when the key went down.
  const auto held = [](ImGuiKey left, ImGuiKey right) {
    return ImGui::IsKeyDown(left) || ImGui::IsKeyDown(right) || ImGui::IsKeyReleased(left) ||
           ImGui::IsKeyReleased(right);
  };
  bool ctrl = false;
  bool shift = false;
  for (std::size_t plus = keys.find('+'); plus != std::string_view::npos; plus = keys.find('+')) {
    (keys.substr(0, plus) == "Ctrl" ? ctrl : shift) = true;
    keys.remove_prefix(plus + 1);
  }
  return ImGui::IsKeyPressed(key_of(keys)) && held(ImGuiKey_LeftCtrl, ImGuiKey_RightCtrl) == ctrl &&
         held(ImGuiKey_LeftShift, ImGuiKey_RightShift) == shift && !held(ImGuiKey_LeftAlt, ImGuiKey_RightAlt);
}

// A file in a menu: what a person reads of it, and the name of its mark.
struct FileEntry {
  std::filesystem::path path;
  std::string label;
};

void file_menu(const char* name, const std::vector<FileEntry>& files, Ui& ui, const Dispatch& dispatch) {
  const bool open = ImGui::BeginMenu(name, !files.empty());
  for (std::size_t i = 0; open && i < files.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    const ImVec2 start = ImGui::GetCursorScreenPos();
    if (ImGui::MenuItem("##file", nullptr, false)) dispatch(OpenFile{files[i].path});
    mark_item(ui, fmt::format("{}.{}", name, files[i].path.stem().string()));
    gl::LabelStyle style;
    style.size = label_size();
    style.max_width = ui.px(420);
    style.color = ui.theme.text.u32();
    const float middle = start.y + ImGui::GetTextLineHeight() / 2;
    const ImVec2 size = gl::token_text(ui.labels, *ImGui::GetWindowDrawList(), {start.x, middle},
                                       files[i].label, style, {0, 0.5f});
    ImGui::SameLine();
    ImGui::Dummy({size.x, 0});
    ImGui::PopID();
  }
  if (open) ImGui::EndMenu();
  mark_item(ui, fmt::format("menu.{}", name));
}

void recent_menu(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  std::vector<FileEntry> files;
  for (const auto& path : state.ui.recent) files.push_back({path, path.string()});
  file_menu("Open recent", files, ui, dispatch);
}

void samples_menu(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  std::vector<FileEntry> files;
  for (const Sample& sample : state.ui.samples) files.push_back({sample.path, sample.title});
  file_menu("Samples", files, ui, dispatch);
}

void menu_item(const AppState& state, Ui& ui, const Dispatch& dispatch, const Command& command) {
  const bool enabled = command.enabled(state);
  const bool ticked = command.ticked != nullptr && command.ticked(state);
  // ImGui fades what is off until its key cannot be read.
  ImGui::PushStyleVar(ImGuiStyleVar_DisabledAlpha, 1);
  ImGui::PushStyleColor(ImGuiCol_Text, (enabled ? ui.theme.text : ui.theme.text_off).u32());
  ImGui::PushStyleColor(ImGuiCol_TextDisabled, (enabled ? ui.theme.text_quiet : ui.theme.text_off).u32());
  const std::string label(command.label);
  const std::string keys(command.keys);
  if (ImGui::MenuItem(label.c_str(), keys.c_str(), ticked, enabled)) dispatch(command.action(state));
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar();
  mark_item(ui, command.id);
  if (const std::string_view reason = disabled_reason(command); !enabled && !reason.empty())
    explain(ui, reason);
}

void menu(const AppState& state, Ui& ui, const Dispatch& dispatch, std::string_view name) {
  if (!ImGui::BeginMenu(std::string(name).c_str())) return;
  for (const Command& command : commands()) {
    if (command.menu != name) continue;
    if (command.starts_group) ImGui::Separator();
    menu_item(state, ui, dispatch, command);
    if (command.id == "file.open") recent_menu(state, ui, dispatch);
    if (command.id == "help.keys") samples_menu(state, ui, dispatch);
  }
  ImGui::EndMenu();
}

// The open document's title, as the tab of the one that is open.
void draw_title_tab(const AppState& state, Ui& ui) {
  const gl::LabelStyle style{.size = label_size(), .max_width = ui.px(360), .color = ui.theme.text.u32()};
  const ImVec2 size = gl::token_size(ui.labels, state.document().title, style);
  const float height = ImGui::GetFrameHeight();
  const ImVec2 at{ImGui::GetCursorScreenPos().x + ui.px(16), ImGui::GetWindowPos().y};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({at.x, at.y + ui.px(2)}, {at.x + size.x + ui.px(24), at.y + height - ui.px(2)},
                     ui.theme.selected.u32(), ui.px(4));
  gl::token_text(ui.labels, list, {at.x + ui.px(12), at.y + height / 2}, state.document().title, style,
                 {0, 0.5f});
  ImGui::Dummy({size.x + ui.px(48), 0});
}

}  // namespace

void draw_menu_bar(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  if (!ImGui::BeginMainMenuBar()) return;
  ImGui::PushFont(ui.fonts.strong);
  ImGui::TextUnformatted("attnscope");
  ImGui::PopFont();
  ImGui::Dummy({ui.px(8), 0});
  std::vector<std::string_view> drawn;
  for (const Command& command : commands()) {
    if (command.menu.empty() || std::find(drawn.begin(), drawn.end(), command.menu) != drawn.end()) continue;
    drawn.push_back(command.menu);
    menu(state, ui, dispatch, command.menu);
    mark_item(ui, fmt::format("menu.{}", command.menu));
  }
  draw_title_tab(state, ui);
  ImGui::EndMainMenuBar();
}

void handle_keys(const AppState& state, const Dispatch& dispatch) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || state.ui.dialog != Dialog::none) return;
  for (const Command& command : commands()) {
    if (command.keys.empty() || !pressed(command.keys) || !command.enabled(state)) continue;
    // While the focus frame walks over the knobs, arrows move it.
    if (is_arrow(command.keys) && io.NavVisible) continue;
    dispatch(command.action(state));
    if (is_arrow(command.keys)) ImGui::SetWindowFocus(nullptr);
  }
}

}  // namespace attn::app
