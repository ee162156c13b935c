#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/base/error.hpp"
#include "core/document/document.hpp"
#include "core/engine/head_choice.hpp"
#include "core/figure/figure_options.hpp"

namespace attn::app {

/// What the command line said, as words: each command reads the ones that concern it.
struct Arguments {
  enum class Command { window, export_figure, compute, check, help };
  Command command = Command::window;
  std::vector<std::string> files;
  std::string topic;  ///< of help
  std::string output;
  std::vector<std::string> sets;
  std::vector<std::string> settings_files;
  std::string layer;  ///< an index, `all`, or empty: as the settings say
  std::string head;   ///< an index, `all`, `mean`, `max`, `min`, or empty: the command's default
  std::string stage;  ///< of export; empty: the command's default
  std::vector<std::string> stages;  ///< of compute: names, `all`; empty: the command's default
  std::size_t document = 0;
  bool all_documents = false;  ///< of export: a figure of each document of a file
  std::size_t threads = 0;     ///< 0: the machine's cores
  bool exact = false;
  bool trace = false;
  std::vector<std::string> figure;  ///< of export: `option=value`
  std::string preset;               ///< of export
  bool dark = false;
  bool json = false;
  bool summary = false;
  std::string event_log;  ///< where the window says what it did (scripted tests), or empty
};

/// Either arguments, or the exit code and text that end the program at once (`--help`, wrong usage).
struct ParsedArguments {
  Arguments arguments;
  std::optional<int> exit_code;
  std::string text;
};
[[nodiscard]] ParsedArguments parse_arguments(int argc, const char* const* argv);

/// The settings of --settings and --set. Errors: usage, and all of a file's.
[[nodiscard]] Result<SettingsStack> settings_stack(const Arguments& arguments);

/// The options of --preset, --dark and --figure, the last winning. Errors: usage, setting.
[[nodiscard]] Result<FigureOptions> figure_options_of(const Arguments& arguments);

/// The layers that --layer, or the settings, name. Errors: usage, setting.
[[nodiscard]] Result<std::vector<std::size_t>> chosen_layers(const Arguments& arguments,
                                                             const Document& document,
                                                             const SettingsStack& stack);

/// Reads one file; `document` is which one of several. Errors: the reader's, naming the file.
[[nodiscard]] Result<std::shared_ptr<const Document>> open_document(const std::string& file,
                                                                    std::size_t document);

/// There is no stage of that name; the nearest one is named.
[[nodiscard]] Error unknown_stage(const std::string& name);

/// Prints `attnscope: …` on standard error; the exit code for it: 2 for wrong usage, else 1.
int refuse(const Error& error);

/// Writes to standard output; the exit code: 0, or 1 where it takes no more, which is then said.
[[nodiscard]] int print_results(const std::string& text);

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNoDisplay = 3;

}  // namespace attn::app
