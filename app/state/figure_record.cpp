#include "app/state/figure_record.hpp"

#include <filesystem>

#include "app/state/command_line.hpp"
#include "app/state/session.hpp"
#include "core/document/json_tree.hpp"

namespace attn::app {
namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "attnscope-figure/1";
constexpr std::size_t kMostText = 64 << 10;  // bytes of a document's text that a figure carries

Result<std::string> word(const Json& record, const char* key) {
  const Json value = record.value(key, Json(""));
  if (!value.is_string()) return wrong_type(std::string("/") + key, "a text", value);
  return value.get<std::string>();
}

}  // namespace

std::string figure_record(const FigureJob& job, const std::string* text) {
  if (!job.options.metadata) return {};
  const Document& document = *job.document;
  Json view = view_to_json(job.view);
  view["layer"] = job.layer;
  view["head"] = to_text(job.head);
  Json record{{"format", kFormat},
              {"title", document.title},
              {"fingerprint", fingerprint_text(document.fingerprint)},
              {"index", document.index},
              {"settings", Json::object()},
              {"view", std::move(view)},
              {"figure", to_json(job.options)}};
  // Whole keys as settings write them; what is changed in parts, because layers differ, by its paths.
  std::vector<SettingChange> parts;
  for (SettingChange& change : canonical_changes(document, job.settings)) {
    if (change.path.find('.') == std::string::npos) {
      record["settings"][change.path] = std::move(change.value);
    } else {
      parts.push_back(std::move(change));
    }
  }
  if (!parts.empty()) record["sets"] = sets_to_json(parts);
  if (text == nullptr && document.source != "-")
    record["document"] = std::filesystem::path(document.source).filename().string();
  if (text != nullptr && text->size() <= kMostText) record["text"] = *text;
  return record.dump(-1, ' ', false, Json::error_handler_t::replace);
}

FigureJob figure_job(const AppState& state) {
  FigureJob job{state.project.document,
                state.project.settings,
                state.view.layer,
                state.view.head,
                state.view.view,
                state.view.figure,
                {}};
  job.metadata = figure_record(job, state.project.source.text.get());
  return job;
}

Result<FigureRecord> figure_record_from(const std::string& text) {
  std::string copy = text;
  if (auto valid = parse_json(copy, 0, copy.size()); !valid) return tl::unexpected(valid.error());
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("format", Json()) != kFormat)
    return wrong_type("/format", std::string("\"") + kFormat + "\"",
                      json.is_object() ? json.value("format", Json()) : json);
  FigureRecord record;
  for (const auto& [key, into] : {std::pair{"document", &record.document},
                                  {"title", &record.title},
                                  {"fingerprint", &record.session.fingerprint}}) {
    auto value = word(json, key);
    if (!value) return tl::unexpected(value.error());
    *into = std::move(*value);
  }
  // A name alone: a record may come from anywhere, and must not lead out of the folders that are looked at.
  record.document = std::filesystem::path(record.document).filename().string();
  const Json index = json.value("index", Json(0u));
  if (!index.is_number_unsigned()) return wrong_type("/index", "which document of its file, from 0", index);
  record.session.index = index.get<std::size_t>();
  if (json.contains("text")) {
    auto own = word(json, "text");
    if (!own) return tl::unexpected(own.error());
    record.session.source.text = std::make_shared<const std::string>(std::move(*own));
  }
  const Json settings = json.value("settings", Json::object());
  if (!settings.is_object()) return wrong_type("/settings", "an object of settings", settings);
  if (auto good = check_settings(settings, "/settings"); !good) return tl::unexpected(good.error());
  record.session.settings.window = settings;
  auto sets = sets_from_json(json.value("sets", Json::array()), "/sets");
  if (!sets) return tl::unexpected(sets.error());
  record.session.settings.sets = std::move(*sets);
  const Json view = json.value("view", Json::object());
  if (!view.is_object()) return wrong_type("/view", "an object", view);
  auto seen = view_from_json(view);
  if (!seen) return tl::unexpected(seen.error());
  record.session.view = std::move(*seen);
  auto options = figure_options_from_json(json.value("figure", Json::object()));
  if (!options) return tl::unexpected(options.error());
  record.session.view.figure = std::move(*options);
  return record;
}

}  // namespace attn::app
