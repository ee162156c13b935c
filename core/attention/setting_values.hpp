#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/attention/settings.hpp"

namespace attn {

// Readers for rows of the table in setting_keys.cpp: what several keys share, and keys whose value is an
// object. Errors: setting, at `place`.

/// A whole number from 0 to 10^9.
[[nodiscard]] Result<std::size_t> read_index(const nlohmann::json& value, const std::string& place);
/// A whole number from 0; every one of 64 bits where JSON writes it without a point.
[[nodiscard]] Result<std::uint64_t> read_seed(const nlohmann::json& value, const std::string& place);
/// Whether each key of `object` is one of `known`.
[[nodiscard]] Result<void> check_setting_keys(const nlohmann::json& object, const std::string& place,
                                              const std::vector<std::string>& known);

[[nodiscard]] Result<void> read_head_gates(const nlohmann::json& value, const std::string& place,
                                           Settings& settings);
[[nodiscard]] Result<void> read_temperature(const nlohmann::json& value, const std::string& place,
                                            Settings& settings);
[[nodiscard]] Result<void> read_dropout(const nlohmann::json& value, const std::string& place,
                                        Settings& settings);
[[nodiscard]] Result<void> read_rollout(const nlohmann::json& value, const std::string& place,
                                        Settings& settings);

}  // namespace attn
