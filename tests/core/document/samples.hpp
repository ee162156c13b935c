#pragma once

#include <string>
#include <vector>

namespace attn::test {

/// Small valid documents, which together use every field that this version reads.
inline const std::vector<std::string>& samples() {
  static const std::vector<std::string> kSamples = {
      R"(["The", "cat", "\u732b\ud83d\ude00"])",
      R"({"text": "The cat 猫\n sat", "heads": 8})",
      R"({"format": "attnscope/1", "title": "T", "sequences": {"src": {"tokens": ["a", "b"], "embeddings": [[1, 0.5],
          [-2e-1, 1]], "attention_mask": [1, 0], "parents": [1, -1], "segments": [0, 1], "positions": [3, 4]},
          "dst": {"text": "x y z"}}, "layers": [{"name": "l", "query": "src", "key": "src", "heads": 2,
          "bias": [[0, -Infinity], [1, 2]], "mask": [[true, false], [true, true]], "settings": {"scale": "none"}},
          {"query": "dst", "key": "src", "scores": [[1, null], [null, 2], [3, -Infinity]]}],
          "settings": {"masks": [{"kind": "causal"}], "temperature": 1.5}})",
      R"({"tokens": ["a", "b"], "embeddings": {"shape": [2, 2], "data": [1, 2, 3, 4]}, "heads": 2, "kv_heads": 1,
          "weight_layout": "out_in", "W_q": [[1, 2], [3, 4]], "W_k": [[1, 2]], "W_v": [[1, 2]], "b_q": [1, 2],
          "b_k": [1], "b_v": [1], "W_o": [[1, 2], [3, 4], [5, 6]], "b_o": [1, 2, 3]})",
      R"({"tokens": ["a", "b"], "q": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "k": [[[1, 2], [3, 4]]],
          "v": [[[1], [2]]], "W_o": [[1, 1], [2, 2]], "b_o": [0, 1]})",
      R"({"query_tokens": ["a"], "key_tokens": ["b", "c"], "attentions": [[[[0.25, 0.75]]], [[[0.5, 0.5]]]]})",
      R"({"attention": [[[[[1, 0], [0.5, 0.5]]]]]})",
      R"([{"tokens": ["a"]}, {"tokens": ["b"], "attn": [[1]]}])",
  };
  return kSamples;
}

}  // namespace attn::test
