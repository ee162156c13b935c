#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/spread.hpp"

namespace attn::bench {

/// What a ratio should be.
struct Target {
  enum class Sense { at_least, at_most };
  Sense sense = Sense::at_least;
  double value = 0;

  [[nodiscard]] bool met_by(double ratio) const {
    return sense == Sense::at_least ? ratio >= value : ratio <= value;
  }
};

/// One line of the table of results: us against one peer.
struct Line {
  std::string row;    ///< of PERFORMANCE.md
  std::string work;   ///< what both did
  std::string peer;   ///< who, and how
  double ours = 0;    ///< median
  double theirs = 0;  ///< median
  std::string unit;   ///< of these two: ms, MB
  Spread ratio;       ///< of the pairs, as the target means it: how many times faster, or what share
  std::size_t pairs = 0;
  std::optional<Target> target;
  std::string note;
};

/// A row, or one peer of it, that was not measured.
struct Skip {
  std::string row;
  std::string reason;
};

struct Options {
  bool quick = false;
  std::size_t threads = 2;               ///< of the rows with two threads
  std::filesystem::path attnscope;       ///< the program
  std::filesystem::path peers;           ///< folder of the peers' scripts
  std::filesystem::path peer_libraries;  ///< folder of the peers that were built
  std::filesystem::path self;            ///< this program, for measurements in processes of their own
};

class Problems;
class Torch;

/// What a row gets: how it should run, what rows share, and where its lines go.
struct Bench {
  const Options& options;
  const std::filesystem::path folder;  ///< for files of this run; removed at its end
  Problems& problems;
  Torch* torch = nullptr;  ///< null where it is not installed
  std::function<void(Line)> add;
  std::function<void(Skip)> skip;

  [[nodiscard]] std::size_t least_rounds() const { return options.quick ? 3 : 15; }
  /// Rounds go on until they have taken this long.
  [[nodiscard]] double seconds_a_contest() const { return options.quick ? 0.2 : 3; }
};

}  // namespace attn::bench
