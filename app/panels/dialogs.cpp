#include "app/panels/dialogs.hpp"

#include <array>
#include <span>

#include <imgui.h>
#include <imgui_stdlib.h>

#include "app/state/command_line.hpp"
#include "app/state/commands.hpp"
#include "app/widgets/widgets.hpp"
#include "core/base/text.hpp"
#include "core/document/report.hpp"

namespace attn::app {

void TextDialog::draw(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  bool dismissed = false;
  if (!begin_sheet(ui, "New from text", 600, state.ui.dialog == Dialog::text, &dismissed)) return;
  hint(ui,
       "Words are split on white space, Chinese and Japanese into characters; they get synthetic embeddings. "
       "JSON in any form that a file may have works too.");
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::InputTextMultiline("##text", &text_, {-1, ui.px(220)});
  mark_item(ui, "text.input");
  const int pressed = sheet_buttons(ui, {"Open", "Cancel"}, !text_.empty());
  if (pressed == 0) dispatch(OpenText{text_});
  if (pressed == 1 || dismissed) dispatch(ShowDialog{Dialog::none});
  end_sheet();
}

void PathDialog::draw(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const bool wanted = state.ui.dialog == purpose_.dialog;
  if (wanted && !was_open_) {
    const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    path_ = (folder / purpose_.default_name(state)).string();
  }
  was_open_ = wanted;
  bool dismissed = false;
  if (!begin_sheet(ui, purpose_.title, 560, wanted, &dismissed)) return;
  hint(ui, purpose_.meaning);
  ImGui::SetNextItemWidth(-1);
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  const bool entered = ImGui::InputText("##path", &path_, ImGuiInputTextFlags_EnterReturnsTrue);
  mark_item(ui, "save.path");
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(path_, ignored).parent_path();
  hint(ui, "into the folder");
  token_label(ui, folder.string(), ui.theme.text_body.u32());
  const int pressed = sheet_buttons(ui, {purpose_.verb, "Cancel"}, !path_.empty());
  if ((entered || pressed == 0) && !path_.empty()) dispatch(purpose_.action(path_));
  if (pressed == 1 || dismissed) dispatch(ShowDialog{Dialog::none});
  end_sheet();
}

PathDialog session_dialog() {
  return PathDialog(
      {Dialog::save_session, "Save session",
       "The document's path, every setting and the view. Open it like a document to go on from here.", "Save",
       default_session_name, [](const std::filesystem::path& path) -> Action { return SaveSession{path}; }});
}

PathDialog settings_dialog() {
  return PathDialog(
      {Dialog::save_settings, "Save settings",
       "Every knob that is turned, as JSON, for --settings or to be opened over another document.", "Save",
       [](const AppState&) -> std::string { return "settings.json"; },
       [](const std::filesystem::path& path) -> Action { return SaveSettings{path}; }});
}

void draw_report_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  bool dismissed = false;
  if (!begin_sheet(ui, "What was read", 640, state.ui.dialog == Dialog::report, &dismissed)) return;
  token_label(ui, state.document().source, ui.theme.text_quiet.u32());
  ImGui::Dummy({0, ui.px(4)});
  begin_sheet_list(ui, "report", 400);
  for (const ReportLine& line : report_lines(state.document())) {
    const bool warning = line.kind == ReportLine::Kind::warning;
    const char* kind = warning ? "warning: " : line.kind == ReportLine::Kind::inferred ? "inferred: " : "";
    ImGui::PushStyleColor(ImGuiCol_Text, (warning ? ui.theme.warning : ui.theme.text_body).u32());
    ImGui::TextWrapped("%s%s", kind, line.text.c_str());
    ImGui::PopStyleColor();
  }
  ImGui::EndChild();
  if (sheet_buttons(ui, {"Close"}) == 0 || dismissed) dispatch(ShowDialog{Dialog::none});
  end_sheet();
}

void draw_error_list(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  bool dismissed = false;
  const bool all = state.ui.dialog == Dialog::error_list;
  const bool wanted = (all || state.ui.dialog == Dialog::errors) && !state.ui.errors.empty();
  if (!begin_sheet(ui, "Refused", 640, wanted, &dismissed)) return;
  if (state.ui.errors.back().code != ErrorCode::changed || all)
    hint(ui, "The open document and its settings are as they were.");
  ImGui::Dummy({0, ui.px(4)});
  begin_sheet_list(ui, "errors", 400);
  const auto shown = std::span(state.ui.errors).last(all ? state.ui.errors.size() : 1);
  for (auto error = shown.rbegin(); error != shown.rend(); ++error) {
    ImGui::PushTextWrapPos(0);
    const auto line = [&](const char* label, const std::string& text, Color color) {
      if (text.empty()) return;
      ImGui::PushStyleColor(ImGuiCol_Text, color.u32());
      ImGui::TextWrapped("%s%s", label, visible(text).c_str());
      ImGui::PopStyleColor();
    };
    line("", error->file, ui.theme.text);
    line("at ", error->place, ui.theme.text_body);
    line("expected ", error->expected, ui.theme.text_body);
    line("found ", error->found, ui.theme.error);
    line("", error->hint, ui.theme.text_quiet);
    ImGui::PopTextWrapPos();
    ImGui::Dummy({0, ui.px(8)});
  }
  ImGui::EndChild();
  const int pressed =
      all ? sheet_buttons(ui, {"Close", "Copy", "Clear list"}) : sheet_buttons(ui, {"Close", "Copy"});
  if (pressed == 1) {
    std::string text;
    for (const Error& error : shown) text += describe(error) + "\n";
    ImGui::SetClipboardText(text.c_str());
    dispatch(Say{"Copied the messages"});
  }
  if (pressed == 2) dispatch(ClearErrors{});
  if (pressed == 0 || dismissed) dispatch(ShowDialog{Dialog::none});
  end_sheet();
}

namespace {

// Keys that no menu shows, by the heading that they stand under.
struct MoreKeys {
  std::string_view heading, label, keys;
};
constexpr std::array kMoreKeys{
    MoreKeys{"Edit", "Redo, too", "Ctrl+Shift+Z"},
    MoreKeys{"Heads", "Head 0 to head 9", "0 … 9"},
    MoreKeys{"everywhere", "Next control", "Tab"},
    MoreKeys{"everywhere", "Press it, or type a number into it", "Enter"},
    MoreKeys{"everywhere", "Turn it", "Left, Right"},
    MoreKeys{"everywhere", "Leave a menu, a sheet or a field", "Escape"},
};

// The menu that begins the second column of the help sheet.
constexpr std::string_view kSecondColumn = "Heads";

void more_keys(const Ui& ui, std::string_view heading) {
  for (const MoreKeys& row : kMoreKeys) {
    if (row.heading == heading) value_row(ui, row.label, row.keys);
  }
}

}  // namespace

void draw_help_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  bool dismissed = false;
  if (!begin_sheet(ui, "Keys and first steps", 880, state.ui.dialog == Dialog::help, &dismissed)) return;
  hint(ui,
       "Drop a file on the window, or press Ctrl+O. Turn a knob at the left, or click a term of the "
       "equation: the map follows. The lamps between the terms pick the stage that is shown. Point at a "
       "cell to read it, click to pin it; scroll to zoom, drag to move. Ctrl+Z takes any knob back.");
  ImGui::Dummy({0, ui.px(4)});
  begin_sheet_list(ui, "keys", 640);
  const float gap = ui.px(40);
  const float width = (ImGui::GetContentRegionAvail().x - gap) / 2;
  ImGui::BeginChild("left", {width, 0}, ImGuiChildFlags_AutoResizeY);
  std::string_view menu;
  for (const Command& command : commands()) {
    if (command.keys.empty() || command.menu.empty()) continue;
    if (command.menu != menu) {
      more_keys(ui, menu);
      if (command.menu == kSecondColumn) {
        ImGui::EndChild();
        ImGui::SameLine(0, gap);
        ImGui::BeginChild("right", {width, 0}, ImGuiChildFlags_AutoResizeY);
      }
      caption(ui, menu = command.menu);
    }
    value_row(ui, command.label, command.keys);
  }
  more_keys(ui, menu);
  caption(ui, "everywhere");
  more_keys(ui, "everywhere");
  ImGui::EndChild();
  ImGui::EndChild();
  if (sheet_buttons(ui, {"Close"}) == 0 || dismissed) dispatch(ShowDialog{Dialog::none});
  end_sheet();
}

void draw_about_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch, const std::string& facts) {
  bool dismissed = false;
  if (!begin_sheet(ui, "About attnscope", 480, state.ui.dialog == Dialog::about, &dismissed)) return;
  hint(ui, "An oscilloscope for attention.");
  ImGui::Dummy({0, ui.px(4)});
  ImGui::TextWrapped("%s", facts.c_str());
  const int pressed = sheet_buttons(ui, {"Close", "Copy"});
  if (pressed == 1) ImGui::SetClipboardText(facts.c_str());
  if (pressed == 0 || dismissed) dispatch(ShowDialog{Dialog::none});
  end_sheet();
}

}  // namespace attn::app
