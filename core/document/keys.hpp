#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attn::keys {

// The keys of a document, one table for each kind of object. A shorthand is a document that carries the keys
// of its only sequence, or of its only layer, itself.

inline constexpr std::array<std::string_view, 5> kDocument = {"format", "title", "sequences", "layers",
                                                              "settings"};

inline constexpr std::array<std::string_view, 8> kSequence = {
    "tokens", "text", "embeddings", "attention_mask", "segments", "positions", "parents", "image"};

/// A shorthand's two sequences.
inline constexpr std::array<std::string_view, 2> kTokenLists = {"query_tokens", "key_tokens"};

inline constexpr std::array<std::string_view, 27> kLayer = {
    "name", "query", "key",     "value",      "heads",  "kv_heads",  "weight_layout",
    "W_q",  "W_k",   "W_v",     "W_o",        "b_q",    "b_k",       "b_v",
    "b_o",  "q",     "k",       "v",          "scores", "attention", "attn",
    "bias", "mask",  "weights", "attentions", "score",  "settings"};

/// The keys of a sequence and of a layer that are tensors: a tensor file that is opened by itself has these.
inline constexpr std::array<std::string_view, 5> kSequenceTensors = {"embeddings", "attention_mask",
                                                                     "segments", "positions", "parents"};
inline constexpr std::array<std::string_view, 18> kLayerTensors = {
    "W_q", "W_k", "W_v",  "W_o",  "b_q",    "b_k",       "b_v",        "b_o",  "q",
    "k",   "v",   "bias", "mask", "scores", "attention", "attentions", "attn", "weights"};

/// Given weights under any of their names, the contract's own first.
inline constexpr std::array<std::string_view, 4> kAttention = {"attention", "attentions", "attn", "weights"};

/// A tensor whose numbers stand in a file, or in base64.
inline constexpr std::array<std::string_view, 3> kFileTensor = {"file", "name", "slice"};
inline constexpr std::array<std::string_view, 3> kBase64Tensor = {"base64", "dtype", "shape"};

/// The settings that have no namesake among a document's or a layer's own keys: a person may put them there.
inline constexpr std::array<std::string_view, 16> kSettings = {
    "layer",    "batch",       "head_gates", "embedding_scale",
    "position", "scale",       "softcap",    "softcap_after_bias",
    "masks",    "temperature", "normalizer", "empty_rows",
    "dropout",  "rollout",     "seed",       "view"};

/// Parts of the format that this version cannot compute yet.
struct Unsupported {
  std::string_view owner;  ///< `sequence` or `layer`
  std::string_view key;
  std::string_view what;
};
inline constexpr std::array<Unsupported, 2> kUnsupported = {{
    {"sequence", "times", "times of tokens"},
    {"layer", "recurrence", "recurrent attention"},
}};

/// Some of the tables above as one list.
[[nodiscard]] inline std::vector<std::string> joined(
    std::initializer_list<std::span<const std::string_view>> tables) {
  std::vector<std::string> all;
  for (const auto table : tables) all.insert(all.end(), table.begin(), table.end());
  return all;
}

}  // namespace attn::keys
