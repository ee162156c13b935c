#include "app/panels/export_panel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include "app/panels/parameter_row.hpp"
#include "app/state/command_line.hpp"
#include "app/state/commands.hpp"
#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"
#include "core/figure/figure_file.hpp"

namespace attn::app {
namespace {

constexpr float kWidth = 1160;
constexpr float kOptionsWidth = 336;
constexpr float kHeight = 520;
constexpr float kAround = 224;  // what stands above and below the options and the preview
constexpr float kGap = 24;

// The commands of the menus that copy, under names that fit beside one another.
struct Copy {
  std::string_view id;
  const char* label;
};
constexpr std::array kCopies{Copy{"file.copy_command", "Command line"}, Copy{"edit.copy_image", "Image"},
                             Copy{"edit.copy_numbers", "Numbers"}};

// The kind that cannot be without another option, and what that begins with.
constexpr std::string_view kComparison = R"({"set": ["temperature=2"]})";

const FigureFormatInfo* format_of(const std::string& path) {
  const auto row = std::ranges::find(kFigureFormats, std::filesystem::path(path).extension().string(),
                                     &FigureFormatInfo::suffix);
  return row == kFigureFormats.end() ? nullptr : &*row;
}

// `900 × 640 pixels, 23.8 × 16.9 cm at 96 dpi`.
std::string size_text(const FigurePreview& preview) {
  constexpr double kCentimetresAnInch = 2.54;
  const auto cm = [&](int pixels) { return pixels / preview.dpi * kCentimetresAnInch; };
  std::string text = fmt::format("{} × {} pixels, {:.1f} × {:.1f} cm at {:g} dpi", preview.width,
                                 preview.height, cm(preview.width), cm(preview.height), preview.dpi);
  if (preview.frames > 1) text += fmt::format(", {} frames", preview.frames);
  return text;
}

// The figure in the middle of the room, in its own pixels or as large as the room allows.
void draw_preview(const AppState& state, Ui& ui, const Dispatch& dispatch, ImVec2 room) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float ratio = ImGui::GetIO().DisplayFramebufferScale.x;
  const float margin = ui.px(16);
  const int width = static_cast<int>((room.x - 2 * margin) * ratio);
  const int height = static_cast<int>((room.y - 2 * margin) * ratio);
  if (width > 0 && height > 0 && (width != state.ui.preview_width || height != state.ui.preview_height))
    dispatch(SetPreviewRoom{width, height});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + room.x, at.y + room.y}, ui.theme.canvas.u32(), ui.px(4));
  if (const PixelImage* image = ui.preview.image()) {
    const ImVec2 size{static_cast<float>(image->width) / ratio, static_cast<float>(image->height) / ratio};
    const ImVec2 corner{std::floor(at.x + (room.x - size.x) / 2), std::floor(at.y + (room.y - size.y) / 2)};
    const ImVec2 end{corner.x + size.x, corner.y + size.y};
    list.AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(ui.preview.texture())), corner,
                  end);
    mark(ui, "export.preview", corner, end);
  }
  ImGui::Dummy(room);
}

void draw_facts(const AppState& state, Ui& ui) {
  const FigurePreview& preview = state.computed.preview;
  if (preview.error) {
    warn(ui, describe(*preview.error));
    mark_item(ui, "export.error");
  } else if (preview.image) {
    hint(ui, size_text(preview));
    mark_item(ui, "export.size");
  } else {
    hint(ui, "…");
  }
}

}  // namespace

void ExportPanel::set_option(const AppState& state, const Dispatch& dispatch, const std::string& name,
                             nlohmann::json value) {
  nlohmann::json options = to_json(state.view.figure);
  if (name == "kind" && value == "compare" && !options.contains("other"))
    options["other"] = nlohmann::json::parse(kComparison);
  options[name] = std::move(value);
  auto read = figure_options_from_json(options);
  problem_ = read ? std::string() : fmt::format("Expected {}.", read.error().expected);
  if (read) dispatch(SetFigure{std::move(*read)});
}

void ExportPanel::draw_options(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const auto draw_option = [&](const FigureOption& option) {
    const std::string name(option.parameter.name);
    const nlohmann::json value = option.get(option.parameter, state.view.figure);
    const auto accepts = [&](const nlohmann::json& next) {
      nlohmann::json options = to_json(state.view.figure);
      options[name] = next;
      const auto read = figure_options_from_json(options);
      return read ? std::string() : fmt::format("Expected {}.", read.error().expected);
    };
    if (auto edit = parameter_row(ui, option.parameter, value, "export", accepts))
      set_option(state, dispatch, name, std::move(edit->value));
  };
  // Presets stand above the rest, which says what each of them is.
  const auto is_preset = [](const FigureOption& option) { return option.parameter.name == "preset"; };
  draw_option(*std::ranges::find_if(figure_options(), is_preset));
  std::string_view group;
  for (const FigureOption& option : figure_options()) {
    if (is_preset(option)) continue;
    if (option.group != group) caption(ui, group = option.group);
    draw_option(option);
  }
}

void ExportPanel::draw_name(Ui& ui) {
  const float formats = ui.px(112);
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - formats - gap);
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  entered_ = ImGui::InputText("##path", &path_, ImGuiInputTextFlags_EnterReturnsTrue);
  mark_item(ui, "export.path");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(formats);
  const FigureFormatInfo* format = format_of(path_);
  if (ImGui::BeginCombo("##format", format == nullptr ? "…" : std::string(format->name).c_str())) {
    for (const FigureFormatInfo& row : kFigureFormats) {
      if (ImGui::Selectable(std::string(row.name).c_str(), format == &row))
        path_ = std::filesystem::path(path_).replace_extension(row.suffix).string();
      mark_item(ui, fmt::format("export.format.{}", row.name));
      explain(ui, row.meaning);
    }
    ImGui::EndCombo();
  }
  mark_item(ui, "export.format");
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(path_, ignored).parent_path();
  hint(ui, "into the folder");
  ImGui::SameLine();
  token_label(ui, folder.string(), ui.theme.text_body.u32());
}

void ExportPanel::draw_buttons(const AppState& state, Ui& ui, const Dispatch& dispatch, bool entered) {
  if (state.ui.exporting) {
    ImGui::Dummy({0, ui.px(8)});
    ImGui::ProgressBar(static_cast<float>(state.ui.computing.value_or(0)),
                       {ImGui::GetContentRegionAvail().x - ui.px(120), 0}, "writing …");
    ImGui::SameLine();
    if (ImGui::Button("Cancel", {ui.px(104), 0}) || ImGui::IsKeyPressed(ImGuiKey_Escape))
      dispatch(CancelTasks{});
    mark_item(ui, "sheet.Cancel");
    return;
  }
  const ImVec2 before = ImGui::GetCursorPos();
  const int pressed = sheet_buttons(ui, {"Export", "Cancel"}, !path_.empty());
  if ((entered || pressed == 0) && !path_.empty() && !list_was_open_) dispatch(Export{path_});
  if (pressed == 1) dispatch(ShowDialog{Dialog::none});
  ImGui::SetCursorPos({before.x, before.y + ui.px(8) + ImGui::GetStyle().ItemSpacing.y});
  ImGui::AlignTextToFramePadding();
  hint(ui, "Copy");
  for (const auto& [id, label] : kCopies) {
    ImGui::SameLine();
    const Command& command = *command_named(id);
    const Refused off(ui, command.enabled(state) ? std::string() : std::string(disabled_reason(command)));
    if (ImGui::Button(label)) dispatch(command.action(state));
    mark_item(ui, fmt::format("export.{}", id));
    explain(ui, command.label);
  }
}

void ExportPanel::draw(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const bool wanted = state.ui.dialog == Dialog::export_figure;
  if (wanted && !was_open_) {
    const std::filesystem::path before(path_);
    std::filesystem::path name = default_figure_name(state);
    if (format_of(path_) != nullptr) name.replace_extension(before.extension());
    path_ = (before.parent_path() / name).string();
    problem_.clear();
  }
  was_open_ = wanted;
  bool dismissed = false;
  if (!begin_sheet(ui, "Export figure", kWidth, wanted, &dismissed)) return;
  // A sheet stands a little above the middle: its upper half is the shorter one.
  const float room = ImGui::GetMainViewport()->Size.y * 0.88f;
  const float high = std::min(ui.px(kHeight), room - ui.px(kAround));
  const float width = ImGui::GetContentRegionAvail().x;
  const float options = std::min(ui.px(kOptionsWidth), width * 0.45f);
  ImGui::BeginChild("options", {options, high}, ImGuiChildFlags_None);
  draw_options(state, ui, dispatch);
  ImGui::EndChild();
  ImGui::SameLine(0, ui.px(kGap));
  draw_preview(state, ui, dispatch, {width - options - ui.px(kGap), high});
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + options + ui.px(kGap));
  if (problem_.empty()) {
    draw_facts(state, ui);
  } else {
    warn(ui, problem_);
  }
  ImGui::Dummy({0, ui.px(4)});
  draw_name(ui);
  draw_buttons(state, ui, dispatch, entered_);
  // Enter and Escape in a list that drops down mean the list, which has gone by the time they are seen here.
  if (dismissed && !state.ui.exporting && !list_was_open_) dispatch(ShowDialog{Dialog::none});
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  list_was_open_ = context.OpenPopupStack.Size > context.BeginPopupStack.Size;
  end_sheet();
}

}  // namespace attn::app
