#include "app/effects.hpp"

#include <utility>

#include "app/platform/paths.hpp"
#include "core/base/file.hpp"
#include "core/document/read_document.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {
namespace {

Action opened(Result<Document> document, const std::filesystem::path& path) {
  if (!document) return Refuse{in_file(document.error(), path.string())};
  return DocumentRead{std::make_shared<const Document>(std::move(*document)), path};
}

bool looks_like_json(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

Result<void> write_figure(const WriteFigure& effect, std::size_t threads) {
  auto settings = resolve_settings(*effect.project.document, effect.view.layer, effect.project.settings);
  if (!settings) return tl::unexpected(settings.error());
  settings->view = effect.view.view;
  const FigureJob job{effect.project.document, std::move(*settings), effect.view.head, {}};
  auto png = figure_png(job, threads);
  if (!png) return tl::unexpected(png.error());
  return write_file(effect.path, *png);
}

}  // namespace

Effects::Effects(Window& window, std::size_t threads)
    : window_(window), threads_(threads), worker_(threads, [] { Window::wake(); }) {
  if (auto folder = state_folder()) recent_store_ = *folder / "recent.json";
  post(RecentFilesChanged{load_recent_files(recent_store_)});
}

void Effects::run(const Effect& effect) {
  std::visit([this](const auto& one) { (*this)(one); }, effect);
}

std::vector<Action> Effects::take() {
  std::vector<Action> actions;
  {
    const std::lock_guard lock(mutex_);
    actions = std::exchange(posted_, {});
  }
  if (auto result = worker_.take()) actions.emplace_back(MapReady{std::move(*result)});
  tasks_.remove_if([](const Task& task) { return task.done.load(); });
  return actions;
}

void Effects::post(Action action) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(action));
  }
  Window::wake();
}

void Effects::in_background(std::function<Action()> work) {
  Task& task = tasks_.emplace_back();
  task.thread = std::jthread([this, &task, work = std::move(work)] {
    post(work());
    task.done = true;
  });
}

void Effects::operator()(const ReadFile& effect) {
  std::error_code ignored;
  const auto path = std::filesystem::absolute(effect.path, ignored);
  in_background([path] { return opened(read_document(path), path); });
}

void Effects::operator()(const ReadText& effect) {
  in_background([text = effect.text] {
    return opened(looks_like_json(text) ? parse_document(text, "pasted text") : document_from_text(text), {});
  });
}

void Effects::operator()(const Compute& effect) {
  worker_.post(effect.request);
}

void Effects::operator()(const WriteFigure& effect) {
  in_background([effect, threads = threads_]() -> Action {
    auto written = write_figure(effect, threads);
    if (!written) return Refuse{in_file(written.error(), effect.path.string())};
    return Exported{effect.path};
  });
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
  // A list that cannot be kept is no reason to stop: it is then gone with the window.
  if (!recent_store_.empty()) static_cast<void>(save_recent_files(recent_store_, files));
  post(RecentFilesChanged{files});
}

}  // namespace attn::app
