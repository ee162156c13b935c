#include <algorithm>
#include <cstdio>
#include <mutex>
#include <span>

#include <fmt/format.h>
#include <unistd.h>

#include "app/commands/commands.hpp"
#include "app/commands/figure_batch.hpp"
#include "app/commands/interrupt.hpp"
#include "app/state/figure_record.hpp"
#include "core/base/file.hpp"
#include "core/base/parallel.hpp"
#include "core/base/progress.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {
namespace {

// What is said while the figures are written: errors as they come, each once, and on a terminal how far it
// is.
class Reporter {
 public:
  explicit Reporter(std::size_t total) : total_(total), terminal_(total > 1 && isatty(STDERR_FILENO) == 1) {}

  void written() {
    const std::lock_guard lock(mutex_);
    ++written_;
    show();
  }
  void failed(const Error& error) {
    const std::lock_guard lock(mutex_);
    ++failed_;
    worst_ = std::max(worst_, total_ > 1 || error.code != ErrorCode::usage ? kRefused : kUsage);
    const std::string words = describe(error);
    // What is wrong with a layer is wrong with each of its heads.
    if (words == said_) return;
    clear();
    said_ = words;
    static_cast<void>(std::fputs(fmt::format("attnscope: {}\n", words).c_str(), stderr));
    show();
  }
  // The exit code; where some of several failed, a line says how many.
  int end(bool stopped) {
    clear();
    if ((failed_ > 0 && total_ > 1) || stopped) {
      const std::string left = stopped ? fmt::format(", {} not begun", total_ - written_ - failed_) : "";
      static_cast<void>(std::fputs(
          fmt::format("attnscope: {} written, {} failed{}\n", written_, failed_, left).c_str(), stderr));
    }
    return worst_;
  }

 private:
  void show() const {
    if (!terminal_) return;
    static_cast<void>(std::fputs(fmt::format("\r{} of {}", written_ + failed_, total_).c_str(), stderr));
  }
  void clear() const {
    if (terminal_) static_cast<void>(std::fputs("\r\x1b[K", stderr));
  }

  std::mutex mutex_;
  std::size_t total_;
  bool terminal_;
  std::size_t written_ = 0, failed_ = 0;
  int worst_ = kDone;
  std::string said_;
};

// Figures of one layer that stand in a row: what one thread takes at a time.
using Run = std::span<const BatchFigure>;

std::vector<Run> runs_of(const std::vector<BatchFigure>& figures, std::size_t threads) {
  constexpr std::size_t kRunsAThread = 4;  // so that the last ones end together
  const std::size_t most = std::max<std::size_t>(1, figures.size() / (threads * kRunsAThread));
  std::vector<Run> runs;
  for (std::size_t first = 0; first < figures.size();) {
    std::size_t last = first + 1;
    while (last < figures.size() && last - first < most && figures[last].source == figures[first].source &&
           figures[last].layer == figures[first].layer)
      ++last;
    runs.push_back(Run(figures).subspan(first, last - first));
    first = last;
  }
  return runs;
}

class Exporter {
 public:
  Exporter(const Arguments& arguments, const Batch& batch, Reporter& reporter)
      : arguments_(arguments), batch_(batch), reporter_(reporter) {}

  void write_all(Progress& progress) {
    if (batch_.figures.empty()) return;
    const std::vector<Run> runs = runs_of(batch_.figures, arguments_.threads);
    const std::size_t threads_each = std::max<std::size_t>(1, arguments_.threads / runs.size());
    parallel_for(runs.size(), arguments_.threads, [&](std::size_t i) {
      TextRenderer text;  // dear to make, and for one thread
      for (const BatchFigure& figure : runs[i]) {
        if (progress.cancelled) return;
        Progress own;
        own.outdated = [&] { return progress.cancelled.load(); };
        auto done = write_one(figure, text, threads_each, own);
        if (progress.cancelled && !done) return;
        if (done) {
          reporter_.written();
        } else {
          reporter_.failed(done.error());
        }
      }
    });
  }

 private:
  Result<void> write_one(const BatchFigure& figure, TextRenderer& text, std::size_t threads,
                         Progress& progress) const {
    const BatchSource& source = batch_.sources[figure.source];
    auto document = document_of(source);
    if (!document) return tl::unexpected(document.error());
    const auto refused = [&](const Error& error) {
      return tl::unexpected(
          in_file(at_its_source(error, **document, figure.layer, batch_.settings), source.file));
    };
    auto settings = resolve_settings(**document, figure.layer, batch_.settings);
    if (!settings) return refused(settings.error());
    if (batch_.stage) settings->view.stage = *batch_.stage;
    FigureJob job{*document, batch_.settings, figure.layer, figure.head, settings->view, batch_.options, {}};
    job.metadata = figure_record(job);
    const auto content = compose_figure(job, text, threads, &progress);
    if (!content) return refused(content.error());
    const auto bytes = figure_bytes(*content, batch_.format, text, threads);
    if (!bytes) return refused(bytes.error());
    return write_file(figure.output, *bytes);
  }

  const Arguments& arguments_;
  const Batch& batch_;
  Reporter& reporter_;
};

// The folders of names that were made for each figure.
Result<void> make_folders(const Batch& batch) {
  for (const BatchFigure& figure : batch.figures) {
    if (!figure.output.has_parent_path()) continue;
    std::error_code problem;
    std::filesystem::create_directories(figure.output.parent_path(), problem);
    if (problem) {
      return tl::unexpected(Error{ErrorCode::io,
                                  figure.output.parent_path().string(),
                                  {},
                                  "a folder that can be made",
                                  problem.message(),
                                  {}});
    }
  }
  return {};
}

}  // namespace

int run_export(const Arguments& arguments) {
  auto batch = plan_batch(arguments);
  if (!batch) return refuse(batch.error());
  // Only now: while documents are read there is nothing to finish, and the first signal ends the process.
  Progress progress;
  const Interrupt interrupt([&] { progress.cancelled = true; });
  if (batch->names_differ) {
    if (auto made = make_folders(*batch); !made) return refuse(made.error());
  }
  Reporter reporter(batch->figures.size() + batch->refused.size());
  for (const Error& error : batch->refused) reporter.failed(error);
  Exporter(arguments, *batch, reporter).write_all(progress);
  const int worst = reporter.end(progress.cancelled);
  return progress.cancelled ? interrupt.exit_code() : worst;
}

}  // namespace attn::app
