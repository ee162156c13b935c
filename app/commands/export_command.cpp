#include <algorithm>
#include <filesystem>

#include "app/commands/commands.hpp"
#include "core/base/file.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {
namespace {

Result<FigureJob> job_of(const Arguments& arguments, const std::string& file, const SettingsStack& stack) {
  auto document = open_document(file, arguments);
  if (!document) return tl::unexpected(document.error());
  auto layers = chosen_layers(arguments, **document, stack);
  if (!layers) return tl::unexpected(in_file(layers.error(), file));
  const auto head = head_choice_from(arguments.head.empty() ? "0" : arguments.head);
  if (layers->size() != 1 || !head) {
    return tl::unexpected(Error{ErrorCode::usage,
                                {},
                                layers->size() != 1 ? "--layer" : "--head",
                                "one layer, and one head, mean, max or min",
                                layers->size() != 1 ? "all" : arguments.head,
                                "One figure shows one map."});
  }
  auto settings = resolve_settings(**document, layers->front(), stack);
  if (!settings) return tl::unexpected(in_file(settings.error(), file));
  if (!arguments.stage.empty()) {
    const auto stage = stage_named(arguments.stage);
    if (!stage) return tl::unexpected(unknown_stage(arguments.stage));
    settings->view.stage = *stage;
  }
  FigureJob job{std::move(*document), stack, layers->front(), *head, settings->view, {}, {}};
  if (arguments.dark) job.options.theme = attn::Theme::dark;
  return job;
}

// Standard output has no suffix: PNG.
Result<FigureFormat> format_of(const std::filesystem::path& output) {
  if (output == "-") return FigureFormat::png;
  return figure_format_of(output);
}

// One file may have any name; several go into a folder, each under its own name.
Result<std::filesystem::path> output_for(const Arguments& arguments, const std::string& file) {
  std::filesystem::path output = arguments.output;
  std::error_code ignored;
  if (std::filesystem::is_directory(output, ignored)) {
    output /= std::filesystem::path(file).stem().concat(".png");
  } else if (arguments.files.size() > 1) {
    return tl::unexpected(Error{ErrorCode::usage,
                                arguments.output,
                                {},
                                "a folder that exists, for several figures",
                                "one name",
                                "Give a folder after -o."});
  }
  if (auto format = format_of(output); !format) return tl::unexpected(format.error());
  return output;
}

Result<void> export_one(const Arguments& arguments, const std::string& file,
                        const std::filesystem::path& output, const SettingsStack& stack) {
  auto job = job_of(arguments, file, stack);
  if (!job) return tl::unexpected(job.error());
  const auto format = format_of(output);
  if (!format) return tl::unexpected(format.error());
  auto bytes = figure_file(*job, *format, arguments.threads);
  if (!bytes) {
    return tl::unexpected(in_file(at_its_source(bytes.error(), *job->document, job->layer, stack), file));
  }
  return write_file(output, *bytes);
}

}  // namespace

int run_export(const Arguments& arguments) {
  auto stack = settings_stack(arguments);
  if (!stack) return refuse(stack.error());
  std::vector<std::filesystem::path> outputs;
  for (const std::string& file : arguments.files) {
    auto output = output_for(arguments, file);
    if (!output) return refuse(output.error());
    if (std::ranges::find(outputs, *output) != outputs.end()) {
      return refuse({ErrorCode::usage,
                     output->string(),
                     {},
                     "a name of its own for each figure",
                     "two files of one name",
                     "Export them one by one."});
    }
    outputs.push_back(std::move(*output));
  }
  int worst = kDone;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    auto done = export_one(arguments, arguments.files[i], outputs[i], *stack);
    if (!done) worst = std::max(worst, refuse(done.error()));
    if (worst == kUsage) break;  // the next file would meet the same
  }
  return worst;
}

}  // namespace attn::app
