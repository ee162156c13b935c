#include "app/commands/options.hpp"

#include <fmt/format.h>

#include "app/state/figure_names.hpp"
#include "core/attention/help_pages.hpp"
#include "core/attention/stage.hpp"
#include "core/base/text.hpp"
#include "core/figure/figure_options.hpp"
#include "core/figure/pages.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMostThreads = 1024;

std::string footer() {
  return "Settings (--set path=value, as JSON; a bare word is a string):\n" + settings_summary() +
         "`attnscope help TOPIC` says all of " + join_or(all_help_topics()) +
         ".\n\nExit codes: " + std::string(kExitCodes);
}

// The settings, and how they are computed.
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
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const FigurePreset& row : figure_presets()) names.emplace_back(row.name);
  return names;
}

void add_document(CLI::App& app, Arguments& arguments) {
  app.add_option("--document", arguments.document, "which one of a file that holds several, from 0")
      ->type_name("N");
}

// `all` is what no --head means.
void add_selection(CLI::App& app, Arguments& arguments, const std::string& output, bool all) {
  app.add_option("-o,--output", arguments.output, output)->required()->type_name("FILE");
  app.add_option("--layer", arguments.layer, "an index (0), or all")->type_name("L");
  app.add_option(
         "--head", arguments.head,
         all ? "an index, all (the default), mean, max or min" : "an index (0), all, mean, max or min")
      ->type_name("H");
}

// `{name}, {title} …: what they stand for`, a line each.
std::string fields_help() {
  std::string text = "A name after -o may hold these words, and is then a name a figure:\n";
  for (const NameField& field : name_fields())
    text += fmt::format("  {:<12}{}\n", fmt::format("{{{}}}", field.name), field.meaning);
  return text + "{layer:02} fills with zeros; {{ and }} are braces. Folders in such a name are made.";
}

}  // namespace

std::vector<std::string> stage_names() {
  std::vector<std::string> names;
  for (const StageInfo& row : kStages) names.emplace_back(row.name);
  return names;
}

std::unique_ptr<CLI::App> command_line_options(Arguments& arguments) {
  auto made = std::make_unique<CLI::App>(
      "attnscope: an oscilloscope for attention. Without a command it opens the window.", "attnscope");
  CLI::App& app = *made;
  app.set_version_flag("--version", std::string("attnscope ") + ATTNSCOPE_VERSION);
  app.footer(footer());
  app.require_subcommand(0, 1);
  app.add_option("files", arguments.files, "documents to open in the window")->type_name("FILE");
  app.add_option("--event-log", arguments.event_log, "")->group("");
  add_common(app, arguments);
  add_document(app, arguments);

  CLI::App& pictures = *app.add_subcommand("export", "write figures, one or a thousand, without a display");
  pictures.footer(fields_help());
  pictures.add_option("files", arguments.files, "documents; - is standard input")
      ->required()
      ->type_name("FILE");
  add_selection(pictures, arguments, "the file to write, a folder, or a name a figure; - is standard output",
                false);
  pictures.add_option("--preset", arguments.preset, join_or(preset_names()) + ": attnscope help figure")
      ->type_name("NAME");
  pictures
      .add_option("--figure", arguments.figure,
                  "option=value: kind, title, width, dpi …; may be repeated: attnscope help figure")
      ->type_name("OPTION=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  pictures.add_flag("--dark", arguments.dark, "the same as --figure theme=dark");
  pictures.add_option("--stage", arguments.stage, join_or(stage_names()) + " (as the settings' view says)")
      ->type_name("STAGE");
  pictures
      .add_option_function<std::string>(
          "--document",
          [&arguments](const std::string& word) {
            arguments.all_documents = word == "all";
            if (!arguments.all_documents && !CLI::detail::lexical_cast(word, arguments.document))
              throw CLI::ValidationError("--document", "expected an index or all, found \"" + word + "\"");
          },
          "which one of a file that holds several, from 0, or all")
      ->type_name("N");
  add_common(pictures, arguments);

  CLI::App& numbers =
      *app.add_subcommand("compute", "write stages' numbers: .npy .npz .safetensors .json .csv");
  numbers.add_option("files", arguments.files, "the document; - is standard input")
      ->required()
      ->expected(1)
      ->type_name("FILE");
  numbers
      .add_option_function<std::string>(
          "--precision", [&arguments](const std::string& word) { arguments.exact = word == "exact"; },
          "fast: float32; exact: double precision, written as float64")
      ->check(CLI::IsMember({"fast", "exact"}));
  numbers.add_flag("--trace", arguments.trace,
                   "say on standard error what each step computed, and how long it took");
  add_selection(numbers, arguments, "the file to write; - is standard output", true);
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
  add_document(numbers, arguments);

  CLI::App& doctor = *app.add_subcommand("check", "say what was read, inferred, and is wrong");
  doctor.add_option("files", arguments.files, "documents, sessions, settings files; - is standard input")
      ->required()
      ->type_name("FILE");
  doctor.add_flag("--json", arguments.json, "as JSON, one line a file");
  doctor.add_flag("--summary", arguments.summary, "one line a file");
  add_common(doctor, arguments);
  add_document(doctor, arguments);

  CLI::App& help = *app.add_subcommand("help", "explain the settings, masks, scores, stages …");
  help.add_option("topic", arguments.topic, "a command, schema, format, man, " + join_or(all_help_topics()))
      ->type_name("TOPIC");
  help.add_option("page", arguments.files, "of format: a page whose tables are brought up to date")
      ->type_name("FILE");
  return made;
}

}  // namespace attn::app
