#include "core/document/tensors/stored_tensor.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/text.hpp"
#include "core/document/limits.hpp"

namespace attn {
namespace {

// Whether two pointers share their owner, be it alive or not.
template <class A, class B>
bool same_owner(const A& a, const B& b) {
  return !a.owner_before(b) && !b.owner_before(a);
}

// The ranges of `tensor.array` that numbers [from, from + count) of the part it is stand in.
std::vector<AxisRange> ranges_of(const StoredTensor& tensor, std::size_t from, std::size_t count) {
  std::vector<AxisRange> ranges = tensor.ranges;
  std::size_t behind = 1;  // numbers of one index of the axis
  for (const AxisRange& axis : ranges) behind *= axis.to - axis.from;
  for (AxisRange& axis : ranges) {
    behind /= axis.to - axis.from;
    const std::size_t first = axis.from + from / behind;
    from %= behind;
    const bool cut = count >= behind;
    axis = {first, cut ? first + count / behind : first + 1};
    if (cut) break;
  }
  return ranges;
}

}  // namespace

Error StoredTensor::placed(Error error) const {
  error = in_file(std::move(error), file);
  if (!pointer) return error;
  std::string place = pointer->empty() ? "/" : *pointer;
  for (std::string* part : {&error.file, &error.place}) {
    if (!part->empty()) place += ": " + *part;
  }
  error.file.clear();
  error.place = std::move(place);
  return error;
}

std::shared_ptr<const StoredTensor> StoredTensor::transposed() const {
  auto turned = std::make_shared<StoredTensor>(*this);
  // Rows of one order are columns of the other.
  turned->array.fortran = !array.fortran;
  std::ranges::reverse(turned->array.shape);
  std::ranges::reverse(turned->ranges);
  return turned;
}

Result<Tensor::Numbers> TensorCache::get(const std::shared_ptr<const StoredTensor>& tensor, std::size_t from,
                                         std::size_t count, Progress* progress) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.from == from && entry.numbers->size() == count && same_owner(entry.tensor, tensor);
  });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    if (progress != nullptr) progress->done += count;
    return found->numbers;
  }
  auto read = read_stored(*tensor, from, count, progress);
  if (!read) return tl::unexpected(std::move(read.error()));
  read_ += read->bytes;
  auto numbers = std::make_shared<const std::vector<float>>(std::move(read->values));
  const std::uint64_t bytes = count * sizeof(float);
  if (bytes > budget_) return numbers;
  for (kept_ += bytes; kept_ > budget_; entries_.pop_back())
    kept_ -= entries_.back().numbers->size() * sizeof(float);
  entries_.push_front({tensor, from, numbers});
  return numbers;
}

std::uint64_t TensorCache::bytes_read() const {
  const std::lock_guard lock(mutex_);
  return read_;
}

std::uint64_t TensorCache::bytes_kept() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

Result<Tensor> read_tensor(const Tensor& tensor, Progress* progress) {
  if (tensor.at_hand()) return tensor;
  auto numbers = tensor.stored()->cache->get(tensor.stored(), tensor.offset(), tensor.size(), progress);
  if (!numbers) return tl::unexpected(std::move(numbers.error()));
  return Tensor::sharing(tensor.shape(), std::move(*numbers));
}

Result<ReadNumbers> read_stored(const StoredTensor& tensor, std::size_t from, std::size_t count,
                                Progress* progress) {
  if (count > tensor_memory() / sizeof(float)) return tl::unexpected(tensor.placed(beyond_memory(count)));
  auto read = read_numbers(tensor.array, ranges_of(tensor, from, count), progress);
  if (!read) return tl::unexpected(tensor.placed(std::move(read.error())));
  auto good = tensor.zero_one ? check_zero_one(read->values, tensor.array.place) : Result<void>();
  if (!good) return tl::unexpected(tensor.placed(std::move(good.error())));
  return read;
}

Result<void> check_zero_one(std::span<const float> values, const std::string& place) {
  const auto wrong = std::ranges::find_if(values, [](float x) { return x != 0 && x != 1; });
  if (wrong == values.end()) return {};
  return tl::unexpected(Error{ErrorCode::value,
                              {},
                              place,
                              "true and false, or 1 and 0",
                              fmt::format("{}", *wrong),
                              "Numbers that are added to the scores belong into a bias."});
}

std::uint64_t tensor_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return limits::kTensorMemoryBytes;
  return std::min(limits::kTensorMemoryBytes,
                  static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page) / 2);
}

Error beyond_memory(std::uint64_t numbers) {
  return {ErrorCode::limit,
          {},
          {},
          fmt::format("tensors of at most {} bytes together, as float32",
                      grouped(static_cast<std::size_t>(tensor_memory()))),
          fmt::format("{} numbers more", grouped(static_cast<std::size_t>(numbers))),
          "\"slice\" reads a part of a tensor."};
}

}  // namespace attn
