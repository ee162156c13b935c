#include "core/document/tensors/stored_array.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "core/base/large_pages.hpp"

namespace attn {
namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;
constexpr std::size_t kBlockNumbers = kBlockBytes / sizeof(double);

// An axis in the file's order, outermost first.
struct Axis {
  std::uint64_t step;  // numbers in the file between two of its indices
  AxisRange range;
  std::uint64_t target_step;  // numbers in the result
  std::size_t index = 0;      // of the number at hand, from 0 at the range's start
  std::size_t full = 0;       // its length

  [[nodiscard]] std::size_t size() const { return range.to - range.from; }
};

std::vector<Axis> axes_in_file(const StoredArray& array, const std::vector<AxisRange>& ranges) {
  std::vector<Axis> axes(ranges.size());
  std::uint64_t target = 1;
  for (std::size_t i = ranges.size(); i-- > 0;) {
    Axis& axis = axes[array.fortran ? ranges.size() - 1 - i : i];
    axis.range = ranges[i];
    axis.full = array.shape[i];
    axis.target_step = target;
    target *= axis.size();
  }
  std::uint64_t step = 1;
  for (std::size_t i = axes.size(); i-- > 0; step *= axes[i].full) axes[i].step = step;
  return axes;
}

// The next index of the first `count` axes; false behind the last one.
bool advance(std::vector<Axis>& axes, std::size_t count) {
  for (std::size_t i = count; i-- > 0;) {
    if (++axes[i].index < axes[i].size()) return true;
    axes[i].index = 0;
  }
  return false;
}

// A moving piece of the source: neighbouring reads share one call.
class Window {
 public:
  Window(ByteSource& source, std::uint64_t end) : source_(source), end_(end) {}

  // `size` bytes at `offset`, at most a block; `ahead`: what lies behind them is wanted too.
  Result<const std::byte*> at(std::uint64_t offset, std::size_t size, bool ahead) {
    if (offset >= start_ + filled_) {
      start_ = offset;
      filled_ = 0;
    } else if (offset + size > start_ + filled_) {
      const auto passed = static_cast<std::size_t>(offset - start_);
      filled_ -= passed;
      std::memmove(buffer_.data(), buffer_.data() + passed, filled_);
      start_ = offset;
    }
    if (offset + size > start_ + filled_) {
      const std::uint64_t wanted = ahead ? std::min<std::uint64_t>(kBlockBytes, end_ - offset) : size;
      const auto more = static_cast<std::size_t>(wanted) - filled_;
      auto read = source_.read(start_ + filled_, std::span(buffer_).subspan(filled_, more));
      if (!read) return tl::unexpected(std::move(read.error()));
      filled_ += more;
      bytes_ += more;
    }
    return buffer_.data() + (offset - start_);
  }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  ByteSource& source_;
  std::uint64_t end_;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(kBlockBytes);
  std::uint64_t start_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t bytes_ = 0;
};

Error bad_number(const StoredArray& array, const std::vector<AxisRange>& ranges, const ReadNumbers& read) {
  const Conversion::Bad& bad = *read.conversion.bad;
  // Numbers were met in the file's order, along the axes of the part that was read.
  std::vector<std::size_t> index(read.shape.size());
  std::size_t rest = bad.index;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const std::size_t axis = array.fortran ? i : index.size() - 1 - i;
    index[axis] = ranges[axis].from + rest % read.shape[axis];
    rest /= read.shape[axis];
  }
  return {ErrorCode::value,
          {},
          array.place,
          bad.expected,
          fmt::format("{} at [{}]", bad.found, fmt::join(index, ", ")),
          {}};
}

Error cancelled() {
  return {ErrorCode::cancelled, {}, {}, "the numbers of a file", "a reading that was cancelled", {}};
}

}  // namespace

std::optional<std::uint64_t> checked_product(const std::vector<std::size_t>& lengths) {
  std::uint64_t product = 1;
  for (const std::size_t length : lengths) {
    if (length != 0 && product > std::numeric_limits<std::uint64_t>::max() / length) return std::nullopt;
    product *= length;
  }
  return product;
}

Result<ReadNumbers> read_numbers(const StoredArray& array, const std::vector<AxisRange>& ranges,
                                 Progress* progress) {
  std::vector<Axis> axes = axes_in_file(array, ranges);
  ReadNumbers read;
  for (const AxisRange& range : ranges) read.shape.push_back(range.to - range.from);
  const auto numbers = static_cast<std::size_t>(*checked_product(read.shape));
  read.values.reserve(numbers);
  prefer_large_pages(read.values.data(), numbers * sizeof(float));
  read.values.resize(numbers);

  // From axis `inner` on, the numbers of one index of the axes before lie side by side.
  std::size_t inner = axes.empty() ? 0 : axes.size() - 1;
  while (inner > 0 && axes[inner].size() == axes[inner].full) --inner;
  const std::uint64_t run = axes.empty() ? 1 : axes[inner].size() * axes[inner].step;
  const std::uint64_t gap = inner == 0 ? 0 : axes[inner - 1].step - run;
  const std::size_t size = array.dtype->size;
  const bool ahead = gap * size < kBlockBytes / 8;
  const bool scatter = array.fortran && axes.size() > 1;

  std::uint64_t end = 1;
  for (const Axis& axis : axes) end += (axis.range.to - 1) * axis.step;
  Window window(*array.bytes, array.begin + end * size);
  std::vector<Axis> targets = axes;
  std::vector<float> block(scatter ? kBlockNumbers : 0);
  std::size_t filled = 0;
  do {
    std::uint64_t offset = axes.empty() ? 0 : axes[inner].range.from * axes[inner].step;
    for (std::size_t i = 0; i < inner; ++i) offset += (axes[i].range.from + axes[i].index) * axes[i].step;
    for (std::uint64_t done = 0; done < run;) {
      if (progress != nullptr && progress->stopped()) return tl::unexpected(cancelled());
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(run - done, kBlockNumbers));
      auto bytes = window.at(array.begin + (offset + done) * size, count * size, ahead);
      if (!bytes) return tl::unexpected(std::move(bytes.error()));
      float* const to = scatter ? block.data() : read.values.data() + filled;
      array.dtype->convert(*bytes, count, array.swapped, to, read.conversion);
      for (std::size_t i = 0; scatter && i < count; ++i) {
        std::uint64_t target = 0;
        for (const Axis& axis : targets) target += axis.index * axis.target_step;
        read.values[static_cast<std::size_t>(target)] = block[i];
        advance(targets, targets.size());
      }
      filled += count;
      done += count;
      if (progress != nullptr) progress->done += count;
    }
  } while (advance(axes, inner));
  read.bytes = window.bytes();
  if (auto sound = array.bytes->finish(); !sound) return tl::unexpected(std::move(sound.error()));
  if (read.conversion.bad) return tl::unexpected(bad_number(array, ranges, read));
  return read;
}

}  // namespace attn
