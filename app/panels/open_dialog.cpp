#include <algorithm>
#include <array>
#include <system_error>

#include <imgui.h>
#include <imgui_stdlib.h>

#include "app/panels/dialogs.hpp"
#include "app/state/opened_files.hpp"
#include "app/widgets/widgets.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMostEntries = 5000;

struct Purpose {
  Dialog dialog;
  const char* title;
  const char* meaning;
};
constexpr std::array kPurposes{
    Purpose{Dialog::open, "Open", "A document, a session, or settings for the document that is open."},
    Purpose{Dialog::open_settings, "Load settings",
            "They take the place of the window's settings; the document stays."},
    Purpose{Dialog::find_document, "Where is the figure's document?",
            "It is not open, not among the recent files, and not beside the figure."},
};

const Purpose* purpose_of(Dialog dialog) {
  const auto row = std::ranges::find(kPurposes, dialog, &Purpose::dialog);
  return row == kPurposes.end() ? nullptr : &*row;
}

bool is_listed(const std::filesystem::path& path, bool settings) {
  const std::string suffix = path.extension().string();
  return std::ranges::any_of(kOpenedFiles, [&](const OpenedFile& file) {
    return file.suffix == suffix && (file.settings || !settings);
  });
}

}  // namespace

void OpenDialog::go_to(const std::filesystem::path& folder) {
  std::error_code problem;
  std::vector<Entry> entries;
  std::filesystem::directory_iterator files(
      folder, std::filesystem::directory_options::skip_permission_denied, problem);
  for (; !problem && files != std::filesystem::directory_iterator() && entries.size() < kMostEntries;
       files.increment(problem)) {
    std::error_code ignored;
    const bool is_folder = files->is_directory(ignored);
    const std::string name = files->path().filename().string();
    if (name.starts_with('.') || (!is_folder && !is_listed(files->path(), for_settings_))) continue;
    entries.push_back({name, is_folder});
  }
  if (problem) {
    problem_ = folder.string() + ": " + problem.message();
    return;
  }
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return a.folder != b.folder ? a.folder : a.name < b.name;
  });
  if (folder != folder.root_path()) entries.insert(entries.begin(), {"..", true});
  problem_.clear();
  folder_ = folder;
  entries_ = std::move(entries);
}

void OpenDialog::choose(const std::string& typed, const Dispatch& dispatch) {
  if (typed.empty()) return;
  const std::filesystem::path path = folder_ / typed;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    go_to(std::filesystem::weakly_canonical(path, ignored));
    typed_.clear();
    return;
  }
  if (for_figure_) {
    dispatch(OpenSought{path});
  } else {
    dispatch(OpenFile{path});
  }
}

void OpenDialog::list_entries(Ui& ui, const Dispatch& dispatch) {
  ImGui::BeginChild("files", {0, ui.px(300)}, ImGuiChildFlags_None);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry entry = entries_[i];
    ImGui::PushID(static_cast<int>(i));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool clicked =
        ImGui::Selectable("##entry", typed_ == entry.name, ImGuiSelectableFlags_AllowDoubleClick);
    mark_item(ui, "file." + entry.name);
    gl::LabelStyle style;
    style.size = label_size();
    style.max_width = ImGui::GetContentRegionAvail().x - ui.px(16);
    style.color = ui.theme.text.u32();
    gl::token_text(ui.labels, *ImGui::GetWindowDrawList(),
                   {at.x + ui.px(4), at.y + ImGui::GetTextLineHeight() / 2},
                   entry.folder ? entry.name + "/" : entry.name, style, {0, 0.5f});
    ImGui::PopID();
    if (!clicked) continue;
    if (entry.folder) {
      std::error_code ignored;
      go_to(std::filesystem::weakly_canonical(folder_ / entry.name, ignored));
      break;
    }
    typed_ = entry.name;
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) choose(typed_, dispatch);
  }
  if (entries_.size() < 2) hint(ui, "No files of a kind that can be opened here.");
  ImGui::EndChild();
}

void OpenDialog::draw(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const Purpose* purpose = purpose_of(state.ui.dialog);
  const bool wanted = purpose != nullptr;
  if (wanted && !was_open_) {
    title_ = purpose->title;
    for_settings_ = purpose->dialog == Dialog::open_settings;
    for_figure_ = purpose->dialog == Dialog::find_document;
    std::error_code ignored;
    const auto beside =
        state.ui.recent.empty() ? std::filesystem::current_path(ignored) : state.ui.recent[0].parent_path();
    const auto& sought = state.ui.sought;
    go_to(for_figure_ && sought ? std::filesystem::absolute(sought->figure, ignored).parent_path()
          : folder_.empty()     ? beside
                                : folder_);
    typed_.clear();
  }
  was_open_ = wanted;
  bool dismissed = false;
  if (!begin_sheet(ui, title_, 560, wanted, &dismissed)) return;
  hint(ui, purpose->meaning);
  if (const auto& sought = state.ui.sought; for_figure_ && sought) {
    const std::string& name = sought->record.document;
    hint(ui, name.empty() ? "The document is called" : "The file is called");
    ImGui::SameLine();
    token_label(ui, name.empty() ? sought->record.title : name, ui.theme.text.u32(), 0, true);
    mark_item(ui, "open.sought");
  }
  token_label(ui, folder_.string(), ui.theme.text_quiet.u32());
  list_entries(ui, dispatch);
  ImGui::SetNextItemWidth(-1);
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  const bool entered = ImGui::InputTextWithHint("##path", "a name from the list, or a path", &typed_,
                                                ImGuiInputTextFlags_EnterReturnsTrue);
  mark_item(ui, "open.path");
  if (!problem_.empty()) hint(ui, problem_);
  const int pressed = sheet_buttons(ui, {"Open", "Cancel"}, !typed_.empty());
  if (entered || pressed == 0) choose(typed_, dispatch);
  if (pressed == 1 || dismissed) dispatch(ShowDialog{Dialog::none});
  end_sheet();
}

}  // namespace attn::app
