#include "app/effects.hpp"

#include <new>
#include <utility>

#include <fmt/format.h>

#include "app/open_file.hpp"
#include "app/platform/clipboard_image.hpp"
#include "app/platform/paths.hpp"
#include "app/state/map_text.hpp"
#include "app/state/session.hpp"
#include "core/base/file.hpp"
#include "core/base/out_of_memory.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {
namespace {

constexpr std::chrono::milliseconds kNoticed{200};
constexpr std::uint64_t kPreferencesBytes = 1 << 20;
constexpr std::size_t kSheetScores = std::size_t{64} << 20;  // bytes of scores kept for the small maps

Action written(Result<void> result, const std::filesystem::path& path) {
  if (!result) return Refuse{in_file(result.error(), path.string())};
  std::error_code ignored;
  return Exported{std::filesystem::absolute(path, ignored)};
}

}  // namespace

Effects::Effects(Window& window, std::size_t threads)
    : window_(window),
      threads_(threads),
      worker_(threads, [] { Window::wake(); }),
      sheet_worker_(
          [graph = std::make_shared<StageGraph>(1, StageGraph::Precision::kernels, kSheetScores)](
              const SheetRequest& request, const auto& publish, const auto& outdated) {
            try {
              compute_sheet(request, *graph, publish, outdated);
            } catch (const std::bad_alloc&) {  // the large map says so; these are beside it
            }
          },
          [] { Window::wake(); }),
      preview_worker_(preview_work(threads), [] { Window::wake(); }),
      file_watch_([this] { post(FileChanged{}); }) {
  if (auto folder = state_folder()) recent_store_ = *folder / "recent.json";
  if (auto folder = config_folder()) preferences_store_ = *folder / "preferences.json";
  post(RecentFilesChanged{load_recent_files(recent_store_)});
  if (auto text = read_file(preferences_store_, kPreferencesBytes)) {
    post(SetPreferences{preferences_from_json(nlohmann::json::parse(*text, nullptr, false))});
  }
}

// A window that closes waits for no file: what is being read or written is given up, and leaves nothing
// behind.
Effects::~Effects() {
  run(StopTasks{});
}

void Effects::run(const Effect& effect) {
  std::visit([this](const auto& one) { (*this)(one); }, effect);
}

std::vector<Action> Effects::take() {
  tasks_.remove_if([](const Task& task) { return task.done.load(); });
  std::vector<Action> actions;
  {
    const std::lock_guard lock(mutex_);
    actions = std::exchange(posted_, {});
  }
  if (auto result = worker_.take()) actions.emplace_back(MapReady{std::move(*result)});
  if (auto preview = preview_worker_.take()) actions.emplace_back(PreviewReady{std::move(*preview)});
  if (auto sheet = sheet_worker_.take()) actions.emplace_back(SheetReady{std::move(*sheet)});
  return actions;
}

std::optional<double> Effects::computing() {
  const auto now = std::chrono::steady_clock::now();
  for (const Task& task : tasks_) {
    if (!task.done && task.progress.total > 0 && now - task.since > kNoticed) return task.progress.fraction();
  }
  if (!worker_.busy()) {
    computing_since_.reset();
  } else if (!computing_since_) {
    computing_since_ = now;
  }
  if (!computing_since_ || now - *computing_since_ < kNoticed) return std::nullopt;
  return worker_.progress();
}

void Effects::watch(const std::filesystem::path& path) {
  if (path == watched_) return;
  watched_ = path;
  file_watch_.watch(path);
}

void Effects::post(Action action) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(action));
  }
  Window::wake();
}

void Effects::in_background(std::function<Action(Progress&)> work) {
  Task& task = tasks_.emplace_back();
  task.thread = std::jthread([this, &task, work = std::move(work)] {
    Action action = Say{};
    try {
      action = work(task.progress);
    } catch (const std::bad_alloc&) {
      action = Refuse{out_of_memory("an answer", "Ask for one head, or for less.")};
    }
    if (!task.progress.cancelled) post(std::move(action));
    task.done = true;
    Window::wake();
  });
}

void Effects::operator()(const ReadFile& effect) {
  in_background([effect](Progress& progress) {
    std::error_code ignored;
    const auto path = std::filesystem::absolute(effect.path, ignored);
    if (effect.figure) return open_for_figure(path, *effect.figure, &progress);
    Action action = open_anything(path, {effect.document, effect.known, &progress});
    if (auto* read = std::get_if<DocumentRead>(&action)) read->reload = effect.reload;
    return action;
  });
}

void Effects::operator()(const ReadText& effect) {
  in_background([text = effect.text](Progress&) { return open_text(text); });
}

void Effects::operator()(const Compute& effect) {
  worker_.post(effect.request);
}

void Effects::operator()(const ComputeSheet& effect) {
  sheet_worker_.post(effect.request);
}

void Effects::operator()(const WriteFigure& effect) {
  in_background([effect, threads = threads_](Progress& progress) -> Action {
    const auto format = figure_format_of(effect.path);
    if (!format) return Refuse{format.error()};
    auto bytes = figure_file(effect.job, *format, threads, &progress);
    if (!bytes) return Refuse{in_file(bytes.error(), effect.path.string())};
    if (progress.cancelled) return Say{};
    return written(write_file(effect.path, *bytes), effect.path);
  });
}

void Effects::operator()(const ComposePreview& effect) {
  preview_worker_.post(effect.request);
}

void Effects::operator()(const CopyFigure& effect) {
  in_background([job = effect.job, threads = threads_](Progress& progress) -> Action {
    const auto png = figure_file(job, FigureFormat::png, threads, &progress);
    if (!png) return Refuse{png.error()};
    if (auto copied = copy_image(image_copier(), *png); !copied) return Refuse{copied.error()};
    return Say{"Copied the figure as a picture"};
  });
}

void Effects::operator()(const CopyMap& effect) {
  in_background([effect](Progress&) -> Action {
    const StageMap& map = *effect.map;
    return PutOnClipboard{map_text(map, effect.rows, effect.columns),
                          fmt::format("Copied {} × {} numbers", map.rows, map.columns)};
  });
}

void Effects::operator()(const WriteText& effect) {
  in_background([effect](Progress&) { return written(write_file(effect.path, effect.text), effect.path); });
}

void Effects::operator()(const StopTasks&) {
  for (Task& task : tasks_) task.progress.cancelled = true;
  worker_.cancel();
}

void Effects::operator()(const KeepPreferences& effect) {
  // Likings that cannot be kept are no reason to stop: they are then gone with the window.
  if (preferences_store_.empty() || !ensure_folder(preferences_store_.parent_path())) return;
  static_cast<void>(write_file(preferences_store_, preferences_to_json(effect.preferences).dump(1) + "\n"));
}

void Effects::operator()(const CopyText& effect) {
  window_.set_clipboard(effect.text);
}

void Effects::operator()(const ReadClipboard&) {
  const std::string text = window_.clipboard();
  if (text.empty()) {
    post(Say{"The clipboard holds no text"});
  } else {
    post(OpenText{text});
  }
}

void Effects::operator()(const RememberFile& effect) {
  const RecentFiles files = with_recent(load_recent_files(recent_store_), effect.path);
  if (!recent_store_.empty()) static_cast<void>(save_recent_files(recent_store_, files));
  post(RecentFilesChanged{files});
}

}  // namespace attn::app
