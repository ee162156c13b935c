#include "app/commands/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/commands/saved_file.hpp"
#include "core/attention/help_pages.hpp"
#include "core/base/file.hpp"
#include "core/base/parallel.hpp"
#include "core/base/text.hpp"
#include "core/document/read_document.hpp"
#include "core/figure/pages.hpp"

namespace attn::app {
namespace {

constexpr std::uint64_t kSettingsBytes = 16 << 20;
constexpr std::size_t kMostThreads = 1024;
constexpr std::array<std::string_view, 4> kCommands{"export", "compute", "check", "help"};

std::string footer() {
  return "Settings (--set path=value, as JSON; a bare word is a string):\n" + settings_summary() +
         "`attnscope help TOPIC` says all of " + join_or(all_help_topics()) +
         ".\n\nExit codes: 0 done; 1 an input was refused or a write failed; 2 wrong usage; 3 no display or "
         "OpenGL.";
}

std::vector<std::string> stage_names() {
  std::vector<std::string> names;
  for (const StageInfo& row : kStages) names.emplace_back(row.name);
  return names;
}

void add_common(CLI::App& app, Arguments& arguments) {
  app.add_option("--set", arguments.sets, "path=value: change one setting; may be repeated")
      ->type_name("PATH=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--settings", arguments.settings_files, "a JSON file of settings; may be repeated")
      ->type_name("FILE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--threads", arguments.threads, "threads to compute on; changes no number")
      ->check(CLI::Range(std::size_t{1}, kMostThreads))
      ->option_text("N");
  app.add_option("--document", arguments.document, "which one of a file that holds several, from 0")
      ->type_name("N");
}

void add_selection(CLI::App& app, Arguments& arguments, const std::string& all) {
  app.add_option("-o,--output", arguments.output, "the file to write; - is standard output")
      ->required()
      ->type_name("FILE");
  app.add_option("--layer", arguments.layer, all.empty() ? "an index (0)" : "an index (0), or " + all)
      ->type_name("L");
  app.add_option(
         "--head", arguments.head,
         (all.empty() ? "an index (0), " : "an index, " + all + " (the default), ") + "mean, max or min")
      ->type_name("H");
}

// The window's first file, where there is none of that name and a command's is near.
std::optional<Error> mistyped_command(const std::vector<std::string>& files) {
  std::error_code ignored;
  if (files.empty() || files.front().find_first_of("./-") != std::string::npos ||
      std::filesystem::exists(files.front(), ignored))
    return std::nullopt;
  const std::string near = nearest_name(files.front(), {kCommands.begin(), kCommands.end()});
  if (near.empty()) return std::nullopt;
  return Error{ErrorCode::usage,       {},        "\"" + files.front() + "\"",
               "a command, or a file", "neither", fmt::format("Did you mean {}?", near)};
}

}  // namespace

ParsedArguments parse_arguments(int argc, const char* const* argv) {
  ParsedArguments parsed;
  Arguments& arguments = parsed.arguments;
  CLI::App app{"attnscope: an oscilloscope for attention. Without a command it opens the window.",
               "attnscope"};
  app.set_version_flag("--version", std::string("attnscope ") + ATTNSCOPE_VERSION);
  app.footer(footer());
  app.require_subcommand(0, 1);
  app.add_option("files", arguments.files, "documents to open in the window")->type_name("FILE");
  app.add_option("--event-log", arguments.event_log, "")->group("");
  add_common(app, arguments);

  CLI::App& pictures = *app.add_subcommand("export", "write a heatmap as a picture, without a display");
  pictures.add_option("files", arguments.files, "documents; several go into a folder; - is standard input")
      ->required()
      ->type_name("FILE");
  pictures.add_flag("--dark", arguments.dark, "a dark figure");
  add_selection(pictures, arguments, "");
  pictures.add_option("--stage", arguments.stage, join_or(stage_names()) + " (as the settings' view says)")
      ->type_name("STAGE");
  add_common(pictures, arguments);

  CLI::App& numbers =
      *app.add_subcommand("compute", "write stages' numbers: .npy .npz .safetensors .json .csv");
  numbers.add_option("files", arguments.files, "the document; - is standard input")
      ->required()
      ->expected(1)
      ->type_name("FILE");
  numbers
      .add_option_function<std::string>(
          "--precision", [&](const std::string& word) { arguments.exact = word == "exact"; },
          "fast: float32; exact: double precision, written as float64")
      ->check(CLI::IsMember({"fast", "exact"}));
  numbers.add_flag("--trace", arguments.trace,
                   "say on standard error what each step computed, and how long it took");
  add_selection(numbers, arguments, "all");
  numbers
      .add_option("--stage", arguments.stages,
                  join_or(stage_names()) +
                      ": one (weights); or several, repeated or with commas, or all that there "
                      "are, for .npz and .safetensors. There, arrays are named by stage, and L0.weights, "
                      "L1.weights, … where --layer all meets layers of several shapes")
      ->type_name("STAGE")
      ->take_all()
      ->delimiter(',')
      ->allow_extra_args(false);
  add_common(numbers, arguments);

  CLI::App& doctor = *app.add_subcommand("check", "say what was read, inferred, and is wrong");
  doctor.add_option("files", arguments.files, "documents, sessions, settings files; - is standard input")
      ->required()
      ->type_name("FILE");
  doctor.add_flag("--json", arguments.json, "as JSON, one line a file");
  doctor.add_flag("--summary", arguments.summary, "one line a file");
  add_common(doctor, arguments);

  CLI::App& help = *app.add_subcommand("help", "explain the settings, masks, scores, stages …");
  help.add_option("topic", arguments.topic, "a command, schema, format, " + join_or(all_help_topics()))
      ->type_name("TOPIC");
  help.add_option("page", arguments.files, "of format: a page whose tables are brought up to date")
      ->type_name("FILE");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(end, out, err);
    parsed.exit_code = code == 0 ? kDone : kUsage;
    parsed.text = code == 0 ? out.str() : "attnscope: " + err.str();
    return parsed;
  }
  using Command = Arguments::Command;
  if (pictures.parsed()) arguments.command = Command::export_figure;
  if (numbers.parsed()) arguments.command = Command::compute;
  if (doctor.parsed()) arguments.command = Command::check;
  if (help.parsed()) {
    arguments.command = Command::help;
    // Of the program and its commands: the same as their --help.
    std::vector<const char*> words{argv[0], "--help"};
    if (!arguments.topic.empty()) words.insert(words.begin() + 1, arguments.topic.c_str());
    if (words.size() == 2 || std::ranges::find(kCommands, words[1]) != kCommands.end())
      return parse_arguments(static_cast<int>(words.size()), words.data());
  }
  if (arguments.command == Command::window) {
    if (auto meant = mistyped_command(arguments.files)) {
      parsed.exit_code = kUsage;
      parsed.text = fmt::format("attnscope: {}\n", describe(*meant));
    }
  }
  if (arguments.threads == 0) arguments.threads = default_threads();
  return parsed;
}

Result<SettingsStack> settings_stack(const Arguments& arguments) {
  SettingsStack stack;
  for (const std::string& file : arguments.settings_files) {
    auto text = read_file(file, kSettingsBytes);
    if (!text) return tl::unexpected(text.error());
    auto object = parse_settings(*text);
    if (!object) return tl::unexpected(in_file(object.error(), file));
    stack.files.push_back({file, std::move(*object)});
  }
  for (const std::string& text : arguments.sets) {
    auto change = parse_setting_change(text);
    if (!change) return tl::unexpected(change.error());
    stack.sets.push_back(std::move(*change));
  }
  return stack;
}

Result<std::vector<std::size_t>> chosen_layers(const Arguments& arguments, const Document& document,
                                               const SettingsStack& stack) {
  const std::size_t count = document.layers.size();
  if (arguments.layer.empty()) {
    auto layer = chosen_layer(document, stack);
    if (!layer) return tl::unexpected(layer.error());
    return std::vector{*layer};
  }
  if (arguments.layer == "all") {
    std::vector<std::size_t> all(count);
    for (std::size_t layer = 0; layer < count; ++layer) all[layer] = layer;
    return all;
  }
  std::size_t layer = 0;
  const char* end = arguments.layer.data() + arguments.layer.size();
  const auto [stop, problem] = std::from_chars(arguments.layer.data(), end, layer);
  if (problem != std::errc() || stop != end) {
    return tl::unexpected(
        Error{ErrorCode::usage, {}, "--layer", "an index or all", "\"" + arguments.layer + "\"", {}});
  }
  if (layer >= count) {
    return setting_error("--layer", fmt::format("an index below {}", count), arguments.layer,
                         fmt::format("The document has {} layer{}.", count, count == 1 ? "" : "s"));
  }
  return std::vector{layer};
}

Result<std::shared_ptr<const Document>> open_document(const std::string& file, const Arguments& arguments) {
  ReadOptions options;
  options.document = arguments.document;
  auto document = read_document(file, options);
  if (document) return std::make_shared<const Document>(std::move(*document));
  const auto saved = read_saved_file(file);
  if (!saved || !*saved) return tl::unexpected(in_file(document.error(), file));
  const bool session = (*saved)->kind == FileKind::session;
  return tl::unexpected(Error{ErrorCode::type, file, "/", "a document",
                              session ? "a session, as the window saves it" : "settings alone",
                              session ? fmt::format("Open it with: attnscope {}", file)
                                      : fmt::format("Give them with: --settings {}", file)});
}

Error unknown_stage(const std::string& name) {
  const std::vector<std::string> names = stage_names();
  const std::string near = nearest_name(name, names);
  return {ErrorCode::usage,   {},
          "--stage",          join_or(names),
          "\"" + name + "\"", near.empty() ? "" : fmt::format("Did you mean {}?", near)};
}

int print_results(const std::string& text) {
  auto written = write_file("-", text);
  return written ? kDone : refuse(written.error());
}

int refuse(const Error& error) {
  // A standard error that takes nothing is no reason to end otherwise.
  static_cast<void>(std::fputs(fmt::format("attnscope: {}\n", describe(error)).c_str(), stderr));
  return error.code == ErrorCode::usage ? kUsage : kRefused;
}

}  // namespace attn::app
