#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "core/engine/stage_graph.hpp"
#include "core/figure/numbers/number_formats.hpp"

namespace attn::app {
namespace {

// Which stages are wanted: those that are named, or every one that a layer has.
struct StageChoice {
  std::vector<Stage> stages;
  bool all = false;
};

Result<StageChoice> chosen_stages(const Arguments& arguments) {
  StageChoice choice;
  for (const std::string& name : arguments.stages) {
    if (name == "all") {
      choice.all = true;
      continue;
    }
    const auto stage = stage_named(name);
    if (!stage) return tl::unexpected(unknown_stage(name));
    if (std::ranges::find(choice.stages, *stage) == choice.stages.end()) choice.stages.push_back(*stage);
  }
  if (choice.all) choice.stages.clear();
  for (const StageInfo& row : kStages) {
    if (choice.all) choice.stages.push_back(row.stage);
  }
  if (choice.stages.empty()) choice.stages.push_back(Stage::weights);
  return choice;
}

// What all arrays of one run have in common.
struct Job {
  const Arguments& arguments;
  SettingsStack stack;
  StageChoice choice;
  std::optional<HeadChoice> head;
};

NamedArray named(Stage stage, StageArray array, const Job& job) {
  const bool mean = job.head && job.head->join == HeadChoice::Join::mean;
  using Type = NamedArray::Type;
  const Type type = stage == Stage::mask && !mean ? Type::boolean
                    : job.arguments.exact         ? Type::f64
                                                  : Type::f32;
  return {std::string(info(stage).name), std::move(array.shape), std::move(array.values), type};
}

// The wanted stages of one layer; of `all`, those that it has.
Result<std::vector<NamedArray>> arrays_of_layer(const Job& job, std::shared_ptr<const Document> document,
                                                std::size_t layer) {
  auto settings = resolve_settings(*document, layer, job.stack);
  if (!settings) return tl::unexpected(settings.error());
  const auto refused = [&, document](const Error& error) {
    return tl::unexpected(at_its_source(error, *document, layer, job.stack));
  };
  using Precision = StageGraph::Precision;
  StageGraph graph(job.arguments.threads, job.arguments.exact ? Precision::exact : Precision::kernels);
  if (auto good = graph.set(document, *settings); !good) return refused(good.error());
  std::vector<NamedArray> arrays;
  for (const Stage stage : job.choice.stages) {
    if (job.choice.all && !graph.equation().shape(stage)) continue;
    auto array = graph.array(stage, job.head);
    if (!array) return tl::unexpected(array.error());
    arrays.push_back(named(stage, std::move(*array), job));
  }
  if (job.arguments.trace) {
    const std::string table = fmt::format("layer {}\n{}", layer, trace_table(graph.trace()));
    static_cast<void>(std::fputs(table.c_str(), stderr));
  }
  return arrays;
}

bool same_shapes(const std::vector<NamedArray>& a, const std::vector<NamedArray>& b) {
  return std::ranges::equal(a, b, [](const NamedArray& one, const NamedArray& other) {
    return one.name == other.name && one.shape == other.shape;
  });
}

// Layers of one shape as arrays with an axis of layers in front.
std::vector<NamedArray> stacked(std::vector<std::vector<NamedArray>> layers) {
  std::vector<NamedArray> all = std::move(layers.front());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].shape.insert(all[i].shape.begin(), layers.size());
    for (std::size_t layer = 1; layer < layers.size(); ++layer) {
      const auto& more = layers[layer][i].values;
      all[i].values.insert(all[i].values.end(), more.begin(), more.end());
    }
  }
  return all;
}

// Layers of several shapes, each with its own arrays: `L0.weights`, `L1.weights`, …
std::vector<NamedArray> by_layer(std::vector<std::vector<NamedArray>> layers) {
  std::vector<NamedArray> all;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    for (NamedArray& array : layers[layer]) {
      array.name = fmt::format("L{}.{}", layer, array.name);
      all.push_back(std::move(array));
    }
  }
  return all;
}

Result<std::vector<NamedArray>> compute(const Job& job, const NumberFormat& format) {
  auto document = open_document(job.arguments.files.front(), job.arguments.document);
  if (!document) return tl::unexpected(document.error());
  auto chosen = chosen_layers(job.arguments, **document, job.stack);
  if (!chosen) return tl::unexpected(chosen.error());
  std::vector<std::vector<NamedArray>> layers;
  bool alike = true;
  for (const std::size_t layer : *chosen) {
    auto arrays = arrays_of_layer(job, *document, layer);
    if (!arrays) return arrays;
    layers.push_back(std::move(*arrays));
    alike = alike && same_shapes(layers.front(), layers.back());
    if (alike || format.many) continue;
    return tl::unexpected(
        Error{ErrorCode::shape,
              {},
              fmt::format("/layers/{}", layer),
              "layers of one shape",
              shape_text(layers.back().front().shape),
              fmt::format("A {} file holds each as it is; or compute them one by one with --layer.",
                          number_suffixes(true))});
  }
  if (job.arguments.layer != "all") return std::move(layers.front());
  return alike ? stacked(std::move(layers)) : by_layer(std::move(layers));
}

Result<const NumberFormat*> format_of(const std::string& output, const StageChoice& choice) {
  const std::string suffix = output == "-" ? ".json" : std::filesystem::path(output).extension().string();
  const NumberFormat* format = number_format(suffix);
  if (format == nullptr) {
    return tl::unexpected(
        Error{ErrorCode::usage, output, {}, "a name that ends in " + number_suffixes(), "another", {}});
  }
  if (choice.stages.size() > 1 && !format->many) {
    return tl::unexpected(Error{ErrorCode::usage,
                                output,
                                {},
                                "one stage in such a file",
                                fmt::format("{}", choice.stages.size()),
                                fmt::format("A {} file holds several.", number_suffixes(true))});
  }
  return format;
}

}  // namespace

int run_compute(const Arguments& arguments) {
  auto choice = chosen_stages(arguments);
  if (!choice) return refuse(choice.error());
  Job job{arguments, {}, std::move(*choice), {}};
  if (!arguments.head.empty() && arguments.head != "all") {
    job.head = head_choice_from(arguments.head);
    if (!job.head)
      return refuse({ErrorCode::usage, {}, "--head", "an index, all, mean, max or min", arguments.head, {}});
  }
  const auto format = format_of(arguments.output, job.choice);
  if (!format) return refuse(format.error());
  auto stack = settings_stack(arguments);
  if (!stack) return refuse(stack.error());
  job.stack = std::move(*stack);
  auto arrays = compute(job, **format);
  if (!arrays) return refuse(in_file(arrays.error(), arguments.files.front()));
  auto written = write_file(arguments.output, (*format)->write(*arrays));
  if (!written) return refuse(written.error());
  return kDone;
}

}  // namespace attn::app
