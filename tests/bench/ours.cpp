#include "tests/bench/ours.hpp"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "core/base/cpu.hpp"
#include "core/engine/stage_array.hpp"

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
  return instruction_set();
}

Contestant our_weights(const Problem& problem, std::size_t threads) {
  const Settings settings = settings_of(problem);
  auto inputs = std::make_shared<const LayerInputs>(expect(layer_inputs(document_of(problem), 0, settings)));
  const auto equation = std::make_shared<const Equation>(expect(Equation::make(inputs, settings)));
  const auto weights = std::make_shared<StageArray>();
  return {"attnscope",
          [=] {
            return seconds_of(
                [&] { *weights = expect(stage_array(*equation, Stage::weights, std::nullopt, threads)); });
          },
          [=] { return std::vector<float>(weights->values.begin(), weights->values.end()); }};
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
