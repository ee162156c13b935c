#include "app/commands/figure_batch.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/document/read_document.hpp"

namespace attn::app {
namespace {

constexpr std::uintmax_t kKeptBytes = std::uintmax_t{1} << 30;  // of files whose documents stay in memory

std::string stem_of(const std::string& file) {
  return file == "-" ? "standard input" : std::filesystem::path(file).stem().string();
}

// What -o says: one name for all, a name a figure, or a folder where each document's figure has its name.
Result<FigureNames> names_of(const Arguments& arguments) {
  std::error_code ignored;
  const std::filesystem::path output = arguments.output;
  if (!std::filesystem::is_directory(output, ignored)) return FigureNames::parse(arguments.output);
  return FigureNames::parse(braces_doubled((output / "").string()) + "{name}.png");
}

// By the name's suffix; PNG for standard output and folders.
Result<FigureFormat> format_of(const Arguments& arguments) {
  std::error_code ignored;
  const std::filesystem::path output = arguments.output;
  if (output == "-" || std::filesystem::is_directory(output, ignored)) return FigureFormat::png;
  return figure_format_of(output);
}

class Planner {
 public:
  Planner(const Arguments& arguments, FigureNames names, std::optional<HeadChoice> head,
          std::optional<Stage> stage)
      : arguments_(arguments), names_(std::move(names)), head_(head), stage_(stage) {}

  Result<Batch> plan(SettingsStack settings) {
    batch_.settings = std::move(settings);
    for (const std::string& file : arguments_.files) {
      if (auto good = add_file(file); !good) return tl::unexpected(good.error());
    }
    return std::move(batch_);
  }

 private:
  void refuse_part(Error error, const std::string& file) {
    batch_.refused.push_back(in_file(std::move(error), file));
  }

  // Standard input is read once, however many of its documents are asked for.
  Result<std::shared_ptr<const Document>> one_of(const std::string& file, std::size_t which) {
    if (file != "-") return open_document(file, which);
    if (!piped_) {
      auto text = read_file(file, limits::kJsonBytes);
      if (!text) return tl::unexpected(text.error());
      piped_ = std::move(*text);
    }
    ReadOptions options;
    options.document = which;
    return parse_document(*piped_, file, options).map([](Document document) {
      return std::make_shared<const Document>(std::move(document));
    });
  }

  Result<void> add_file(const std::string& file) {
    if (!arguments_.all_documents) {
      auto document = open_document(file, arguments_.document);
      if (document) return add_document(file, *document);
      refuse_part(document.error(), file);
      return {};
    }
    // How many there are is known once one of them is read: one that cannot be is no reason to skip the rest.
    std::optional<std::size_t> count;
    for (std::size_t i = 0; !count || i < *count; ++i) {
      auto document = one_of(file, i);
      if (document) {
        count = (*document)->of;
        if (auto good = add_document(file, *document); !good) return good;
        continue;
      }
      const bool beyond = i > 0 && document.error().code == ErrorCode::usage;
      const bool whole_file =
          i > 0 && !count && describe(document.error()) == describe(batch_.refused.back());
      if (beyond || whole_file) break;
      refuse_part(document.error(), file);
    }
    return {};
  }

  Result<void> add_document(const std::string& file, const std::shared_ptr<const Document>& document) {
    auto layers = chosen_layers(arguments_, *document, batch_.settings);
    if (!layers) {
      if (layers.error().code == ErrorCode::usage) return tl::unexpected(layers.error());
      refuse_part(layers.error(), file);
      return {};
    }
    for (const std::size_t layer : *layers) {
      auto settings = resolve_settings(*document, layer, batch_.settings);
      if (!settings) {
        refuse_part(at_its_source(settings.error(), *document, layer, batch_.settings), file);
        continue;
      }
      const std::size_t heads = settings->heads.value_or(document->layers[layer].heads);
      for (std::size_t head = 0; head < (head_ ? 1 : heads); ++head) {
        const HeadChoice one{HeadChoice::Join::none, static_cast<Index>(head)};
        const FigureFacts facts{stem_of(file), document->title,     document->index,
                                layer,         head_.value_or(one), stage_.value_or(settings->view.stage)};
        if (auto good = add_figure(facts); !good) return good;
      }
    }
    keep(file, document);
    return {};
  }

  Result<void> add_figure(const FigureFacts& facts) {
    std::filesystem::path output = names_.name_of(facts);
    if (!taken_.insert(output.lexically_normal()).second) {
      return tl::unexpected(Error{ErrorCode::usage,
                                  output.string(),
                                  {},
                                  "a name of its own for each figure",
                                  "one name for two of them",
                                  "Give a folder after -o, or a name with what differs in it: "
                                  "{name}_L{layer:02}_H{head:02}.png."});
    }
    batch_.figures.push_back({batch_.sources.size(), facts.layer, facts.head, std::move(output)});
    return {};
  }

  void keep(const std::string& file, const std::shared_ptr<const Document>& document) {
    std::error_code unknown;
    const std::uintmax_t size = std::filesystem::file_size(file, unknown);
    // Standard input cannot be read twice.
    const bool kept = unknown || kept_ + size <= kKeptBytes;
    if (kept && !unknown) kept_ += size;
    batch_.sources.push_back({file, document->index, document->fingerprint, kept ? document : nullptr});
  }

  const Arguments& arguments_;
  FigureNames names_;
  std::optional<HeadChoice> head_;  // none: all
  std::optional<Stage> stage_;      // none: as the settings say
  Batch batch_;
  std::set<std::filesystem::path> taken_;
  std::uintmax_t kept_ = 0;
  std::optional<std::string> piped_;  // all of standard input
};

Result<std::optional<HeadChoice>> chosen_head(const Arguments& arguments) {
  if (arguments.head == "all") return std::optional<HeadChoice>();
  auto head = head_choice_from(arguments.head.empty() ? "0" : arguments.head);
  if (head) return head;
  return tl::unexpected(
      Error{ErrorCode::usage, {}, "--head", "an index, all, mean, max or min", arguments.head, {}});
}

}  // namespace

Result<Batch> plan_batch(const Arguments& arguments) {
  auto settings = settings_stack(arguments);
  if (!settings) return tl::unexpected(settings.error());
  auto options = figure_options_of(arguments);
  if (!options) return tl::unexpected(options.error());
  auto names = names_of(arguments);
  if (!names) return tl::unexpected(names.error());
  auto format = format_of(arguments);
  if (!format) return tl::unexpected(format.error());
  const std::size_t frames = options->sweep ? options->sweep->values.size() : 1;
  if (auto good = check_frames(*format, frames); !good)
    return tl::unexpected(in_file(good.error(), arguments.output));
  auto head = chosen_head(arguments);
  if (!head) return tl::unexpected(head.error());
  const auto stage = stage_named(arguments.stage);
  if (!stage && !arguments.stage.empty()) return tl::unexpected(unknown_stage(arguments.stage));
  const bool differ = names->differ();
  auto batch = Planner(arguments, std::move(*names), *head, stage).plan(std::move(*settings));
  if (!batch) return batch;
  batch->options = std::move(*options);
  batch->format = *format;
  batch->stage = stage;
  batch->names_differ = differ;
  return batch;
}

Result<std::shared_ptr<const Document>> document_of(const BatchSource& source) {
  if (source.document) return source.document;
  auto document = open_document(source.file, source.index);
  if (!document || (*document)->fingerprint == source.fingerprint) return document;
  return tl::unexpected(Error{
      ErrorCode::io, source.file, {}, "the file as it was at the start", "one that changed meanwhile", {}});
}

}  // namespace attn::app
