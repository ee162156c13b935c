#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/npy.hpp"

namespace attn::samples {

/// assets/samples.
[[nodiscard]] std::filesystem::path folder();

/// The names of the sample documents, sorted, with their `.json`.
[[nodiscard]] std::vector<std::string> names();

/// A sample as JSON.
[[nodiscard]] nlohmann::json document(const std::string& name);

/// What `attnscope compute` writes of a layer of a sample: heads × rows × columns (`output`: rows × columns).
/// A refusal fails the test and gives an empty array.
[[nodiscard]] support::Npy computed(const std::string& name, const std::string& stage, int layer = 0);

/// The numbers of one row.
[[nodiscard]] std::vector<double> row_of(const support::Npy& array, std::size_t head, std::size_t row);

}  // namespace attn::samples
