#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/attention/parameter.hpp"
#include "core/attention/stage.hpp"
#include "core/base/error.hpp"
#include "core/document/document.hpp"

namespace attn {

enum class ScaleKind { inv_sqrt_dk, inv_sqrt_dmodel, sqrt_dmodel, inv_dk, none, number };

struct Scale {
  ScaleKind kind = ScaleKind::inv_sqrt_dk;
  double number = 1;  ///< for ScaleKind::number

  [[nodiscard]] bool operator==(const Scale&) const = default;
};

/// Any solo mutes the rest; mute wins over solo.
struct HeadGates {
  std::vector<std::size_t> mute, solo;
  std::map<std::size_t, double> gain;

  /// 0 for a silent head, else its gain.
  [[nodiscard]] double gate(std::size_t head) const;
  [[nodiscard]] bool operator==(const HeadGates&) const = default;
};

struct Temperature {
  double all = 1;
  std::map<std::size_t, double> heads;

  [[nodiscard]] double of(std::size_t head) const;
  [[nodiscard]] bool operator==(const Temperature&) const = default;
};

/// A factor on the embeddings: a number, or √d_model.
struct EmbeddingScale {
  bool sqrt_dmodel = false;
  double number = 1;

  [[nodiscard]] bool operator==(const EmbeddingScale&) const = default;
};

/// Cells (or columns of the output) set to 0 with probability p, the others times 1/(1 − p).
struct Dropout {
  double p = 0;
  std::uint64_t seed = 0;
  bool on_output = false;

  [[nodiscard]] bool operator==(const Dropout&) const = default;
};

/// How layers are joined for rollout and flow.
struct Rollout {
  double residual = 0.5;
  std::string heads = "mean";  ///< mean, max or min

  [[nodiscard]] bool operator==(const Rollout&) const = default;
};

/// One row of the masks list: M = M and m, or M or m, with m negated first.
struct MaskTerm {
  Term term;
  bool combine_or = false;
  bool negate = false;

  [[nodiscard]] bool operator==(const MaskTerm&) const = default;
};

/// How a value's place in its range becomes a place in the colormap: both from 0 to 1, or of a range that is
/// symmetric about 0 from −1 to 1, its sign kept.
enum class Transfer { linear, log, gamma };

struct TransferInfo {
  Transfer transfer;
  std::string_view name, formula;
};
inline constexpr std::array kTransfers{
    TransferInfo{Transfer::linear, "linear", "t"},
    TransferInfo{Transfer::log, "log",
                 "ln(1 + 9999 t) / ln(10⁴): shows values of a thousandth of the largest"},
    TransferInfo{Transfer::gamma, "gamma", "√t: lifts small values a little"},
};

/// Cells [row_from, row_to) × [column_from, column_to) of a map.
struct Region {
  std::size_t row_from = 0, row_to = 0, column_from = 0, column_to = 0;

  [[nodiscard]] bool operator==(const Region&) const = default;
};

/// What is drawn; never a number.
struct View {
  Stage stage = Stage::weights;
  std::string colormap = "auto";                   ///< a name of figure/colormap.hpp, or auto: by the stage
  std::optional<std::pair<double, double>> range;  ///< nothing = auto
  Transfer transfer = Transfer::linear;
  std::optional<Region> region;  ///< of figures; nothing = the whole map
  bool labels = true;

  [[nodiscard]] bool operator==(const View&) const = default;
};

/// Every knob of the equation, typed and in range. Missing optionals mean "as the document says".
struct Settings {
  std::size_t layer = 0, batch = 0;
  std::optional<std::size_t> heads;
  HeadGates head_gates;
  EmbeddingScale embedding_scale;
  Term position{"none"};
  std::optional<nlohmann::json> score;  ///< checked; what it leaves out may stand in the layer's own score
  std::optional<Scale> scale;
  double softcap = 0;  ///< 0 = off
  bool softcap_after_bias = false;
  std::optional<std::vector<Term>> bias;
  std::optional<std::vector<MaskTerm>> masks;
  Temperature temperature;
  Term normalizer{"softmax", nlohmann::json{{"axis", "keys"}}};
  bool uniform_empty_rows = false;
  Dropout dropout;
  Rollout rollout;
  std::uint64_t seed = 0;  ///< of parameters that nobody gives
  View view;

  [[nodiscard]] bool operator==(const Settings&) const = default;
};

/// One key of the settings object: the only place that knows how it is read and what it means.
struct SettingKey {
  std::string_view name;
  std::string_view fallback;  ///< the default, as JSON text
  std::string_view values;    ///< what it may be, for help texts
  std::string_view meaning;   ///< one line
  std::string_view schema;    ///< JSON Schema of a value but null; empty: made from a table of kinds or names
  /// Puts a checked value into `settings`.
  Result<void> (*read)(const nlohmann::json& value, const std::string& place, Settings& settings);
};
[[nodiscard]] std::span<const SettingKey> setting_keys();

/// `path=value` of --set; `value` is JSON, or a string where it is not.
struct SettingChange {
  std::string path;
  nlohmann::json value;

  [[nodiscard]] bool operator==(const SettingChange&) const = default;
};
[[nodiscard]] Result<SettingChange> parse_setting_change(const std::string& text);

/// A settings object and the file it was read from.
struct SettingsFile {
  std::string name;
  nlohmann::json object;

  [[nodiscard]] bool operator==(const SettingsFile&) const = default;
};

/// Where settings come from, lowest first: defaults < document < layer < files < sets in order < window.
/// A key replaces the other whole; a path changes one part.
struct SettingsStack {
  std::vector<SettingsFile> files;
  std::vector<SettingChange> sets;
  nlohmann::json window = nlohmann::json::object();

  [[nodiscard]] bool operator==(const SettingsStack&) const = default;
};

/// The stack with one more change, above all that it holds.
[[nodiscard]] SettingsStack with_change(SettingsStack stack, SettingChange change);

/// Settings as a file holds them. Errors: syntax with line and column, setting.
[[nodiscard]] Result<nlohmann::json> parse_settings(const std::string& text);

/// Checks a settings object on its own: unknown keys (the nearest known one is named), types and ranges.
[[nodiscard]] Result<void> check_settings(const nlohmann::json& object, const std::string& place);

/// The settings in force for `layer` as one JSON object that holds every key.
[[nodiscard]] Result<nlohmann::json> effective_settings(const Document& document, std::size_t layer,
                                                        const SettingsStack& stack);

/// The same, typed.
[[nodiscard]] Result<Settings> resolve_settings(const Document& document, std::size_t layer,
                                                const SettingsStack& stack);

/// An error about `/settings/KEY…`, said of where that key was set: `--set KEY`, the settings file, the
/// layer's or the document's own settings. Other errors stay as they are.
[[nodiscard]] Error at_its_source(Error error, const Document& document, std::size_t layer,
                                  const SettingsStack& stack);

/// The layer that the settings name (0 where they name none). Errors: setting, where it does not exist.
[[nodiscard]] Result<std::size_t> chosen_layer(const Document& document, const SettingsStack& stack);

/// `settings` without the keys that hold their default value; what a session or "copy settings" writes.
[[nodiscard]] nlohmann::json without_defaults(const nlohmann::json& settings);

}  // namespace attn
