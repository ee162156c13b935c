#include "app/commands/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/commands/options.hpp"
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

// `word` is none of the names that `option` takes.
Error unknown_word(const char* option, const std::vector<std::string>& names, const std::string& word) {
  const std::string near = nearest_name(word, names);
  return {ErrorCode::usage,
          {},
          option,
          join_or(names),
          "\"" + word + "\"",
          near.empty() ? "" : fmt::format("Did you mean {}?", near)};
}

}  // namespace

ParsedArguments parse_arguments(int argc, const char* const* argv) {
  ParsedArguments parsed;
  Arguments& arguments = parsed.arguments;
  const auto options = command_line_options(arguments);
  CLI::App& app = *options;

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
  if (app.got_subcommand("export")) arguments.command = Command::export_figure;
  if (app.got_subcommand("compute")) arguments.command = Command::compute;
  if (app.got_subcommand("check")) arguments.command = Command::check;
  if (app.got_subcommand("help")) {
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

Result<FigureOptions> figure_options_of(const Arguments& arguments) {
  auto object = nlohmann::json::object();
  if (!arguments.preset.empty()) {
    std::vector<std::string> names;
    for (const FigurePreset& row : figure_presets()) names.emplace_back(row.name);
    if (std::ranges::find(names, arguments.preset) == names.end())
      return tl::unexpected(unknown_word("--preset", names, arguments.preset));
    object["preset"] = arguments.preset;
  }
  if (arguments.dark) object["theme"] = "dark";
  for (const std::string& text : arguments.figure) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return tl::unexpected(Error{ErrorCode::usage,
                                  {},
                                  "--figure",
                                  "option=value",
                                  fmt::format("\"{}\"", shorten_middle(visible(text), 60)),
                                  {}});
    }
    auto change = parse_setting_change(text);
    if (!change) return tl::unexpected(change.error());
    object[change->path] = std::move(change->value);
  }
  return figure_options_from_json(object, "--figure");
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

Result<std::shared_ptr<const Document>> open_document(const std::string& file, std::size_t which) {
  ReadOptions options;
  options.document = which;
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
  return unknown_word("--stage", stage_names(), name);
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
