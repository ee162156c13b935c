#include "tests/bench/ours.hpp"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "core/base/buffer.hpp"
#include "core/engine/fast_heads.hpp"
#include "core/kernels/isa.hpp"
#include "core/kernels/rows.hpp"

namespace attn::bench {
namespace {

// The value, or an end of the program: what is refused here is our own mistake.
template <class T>
T expect(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  return std::move(*result);
}

}  // namespace

std::string our_instruction_set() {
  return std::string(kernels::name(kernels::selected()));
}

Contestant our_weights(const Problem& problem, std::size_t threads, Clock clock) {
  const Settings settings = settings_of(problem);
  const auto inputs =
      std::make_shared<const LayerInputs>(expect(layer_inputs(document_of(problem), 0, settings)));
  const auto equation = std::make_shared<const Equation>(expect(Equation::make(inputs, settings)));
  const auto weights = std::make_shared<Buffer<float>>(problem.cells());
  const std::size_t n = problem.n;
  const auto work = [=] {
    FastPath fast(0);  // nothing is kept from one run to the next
    fast.use(*equation);
    if (!fast.serves(Stage::weights)) throw std::runtime_error("no kernel serves this machine");
    const std::vector<Index> heads = heads_of(fast, Stage::weights, std::nullopt);
    fast_rows(fast, Stage::weights, heads, threads, nullptr, [&](Index head, const FastRow& row) {
      float* const out =
          weights->data() + (static_cast<std::size_t>(head) * n + static_cast<std::size_t>(row.row)) * n;
      kernels::scale_away(row.values, row.factor, row.computed, n, out);
    });
  };
  return {"attnscope", [=] { return clock == Clock::thread ? thread_seconds_of(work) : seconds_of(work); },
          [=] { return std::vector<float>(weights->begin(), weights->end()); }};
}

struct OurDrag::Mailbox {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
};

OurDrag::OurDrag(const Problem& problem, HeadChoice head, std::size_t threads)
    : mailbox_(std::make_unique<Mailbox>()) {
  request_.document = document_of(problem);
  request_.settings = settings_of(problem);
  request_.head = head;
  worker_ = std::make_unique<Worker>(threads, [mailbox = mailbox_.get()] {
    const std::lock_guard lock(mailbox->mutex);
    mailbox->ready = true;
    mailbox->changed.notify_one();
  });
}

OurDrag::~OurDrag() = default;

double OurDrag::turn(double temperature) {
  request_.settings.temperature.all = temperature;
  ++request_.revision;
  return seconds_of([&] {
    worker_->post(request_);
    std::unique_lock lock(mailbox_->mutex);
    mailbox_->changed.wait(lock, [&] { return mailbox_->ready; });
    mailbox_->ready = false;
    last_ = *worker_->take();
    if (last_.error) throw std::runtime_error(describe(*last_.error));
  });
}

std::vector<float> OurDrag::shown() const {
  std::vector<float> values;
  for (Index row = 0; row < last_.map->rows; ++row) {
    for (Index column = 0; column < last_.map->columns; ++column)
      values.push_back(last_.map->value(row, column));
  }
  return values;
}

}  // namespace attn::bench
