#include "core/document/stored_values.hpp"

#include <algorithm>

#include "core/document/tensor_reference.hpp"
#include "core/document/tensors/stored_tensor.hpp"
#include "core/document/weight_counts.hpp"

namespace attn {
namespace {

constexpr std::size_t kPieceNumbers = std::size_t{4} << 20;

// Every tensor that stays in its file; the layer where it is that layer's given weights, else null.
struct Stored {
  const Tensor* tensor = nullptr;
  const Layer* weights_of = nullptr;
};

class Collector {
 public:
  void add(const Tensor& tensor, const Layer* weights_of = nullptr) {
    if (!tensor.at_hand()) found_.push_back({&tensor, weights_of});
  }
  void add(const std::optional<Tensor>& tensor) {
    if (tensor) add(*tensor);
  }
  void add_layer(const Layer& layer) {
    add(layer.bias);
    add(layer.mask);
    if (const auto* p = std::get_if<Projections>(&layer.origin)) {
      for (const Tensor* W : {&p->W_q, &p->W_k, &p->W_v}) add(*W);
      add(p->W_o);
    } else if (const auto* given = std::get_if<GivenQkv>(&layer.origin)) {
      add(given->q);
      add(given->k);
      add(given->v);
      add(given->W_o);
    } else if (const auto* scores = std::get_if<GivenScores>(&layer.origin)) {
      add(scores->scores);
    } else if (const auto* weights = std::get_if<GivenWeights>(&layer.origin)) {
      add(weights->weights, &layer);
    }
  }
  [[nodiscard]] const std::vector<Stored>& found() const { return found_; }

 private:
  std::vector<Stored> found_;
};

std::vector<Stored> stored_tensors(const Document& document) {
  Collector collector;
  for (const Sequence& sequence : document.sequences) collector.add(sequence.embeddings);
  for (const Layer& layer : document.layers) collector.add_layer(layer);
  return collector.found();
}

// Calls visit(from, count) for pieces of a tensor that are read in one go: whole rows of its last axis. In
// Fortran order rows are strewn over the file, and each piece would pass through all of it: that is one
// piece.
template <class Visit>
Result<void> visit_pieces(const Tensor& tensor, Visit visit) {
  const std::size_t size = tensor.size();
  // The outermost axis of which an index fits into a piece; a piece ends where the axis does.
  std::size_t axis = 0;
  std::size_t one = size / tensor.shape().front();
  while (axis + 2 < tensor.rank() && one > kPieceNumbers) one /= tensor.shape()[++axis];
  std::size_t block = one * tensor.shape()[axis];
  std::size_t piece = std::max<std::size_t>(1, kPieceNumbers / one) * one;
  if (tensor.stored()->array.fortran) piece = block = size;
  for (std::size_t from = 0; from < size;) {
    const std::size_t count = std::min(piece, block - from % block);
    if (auto done = visit(tensor.offset() + from, count); !done) return done;
    from += count;
  }
  return {};
}

Result<void> check(const Stored& stored, Progress* progress, std::vector<Note>& notes) {
  const StoredTensor& file = *stored.tensor->stored();
  Conversion conversion;
  WeightCounts weights;
  auto done = visit_pieces(*stored.tensor, [&](std::size_t from, std::size_t count) -> Result<void> {
    auto read = read_stored(file, from, count, progress);
    if (!read) return tl::unexpected(std::move(read.error()));
    conversion.rounded += read->conversion.rounded;
    conversion.vanished += read->conversion.vanished;
    if (stored.weights_of != nullptr) weights.add(read->values, stored.tensor->from_last(0));
    return {};
  });
  if (!done) return done;
  const std::string place = file.pointer.value_or(file.array.shape_place);
  note_conversion(conversion, place, notes);
  if (stored.weights_of == nullptr) return {};
  for (auto& note : {weights.odd_weights(place), weights.odd_rows(*stored.weights_of, place)}) {
    if (note) notes.push_back(*note);
  }
  return {};
}

}  // namespace

std::uint64_t stored_numbers(const Document& document) {
  std::uint64_t numbers = 0;
  for (const Stored& stored : stored_tensors(document)) numbers += stored.tensor->size();
  return numbers;
}

Result<std::vector<Note>> check_stored_values(const Document& document, Progress* progress) {
  std::vector<Note> notes;
  if (progress != nullptr) progress->start(static_cast<std::size_t>(stored_numbers(document)));
  for (const Stored& stored : stored_tensors(document)) {
    if (auto good = check(stored, progress, notes); !good)
      return tl::unexpected(in_file(std::move(good.error()), document.source));
  }
  return notes;
}

}  // namespace attn
