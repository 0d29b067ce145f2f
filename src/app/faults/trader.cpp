#include "src/app/faults/trader.hpp"

#include "src/app/alpaca_parts.hpp"
#include "src/app/run_mark.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app::faults {

Trader::Trader(Parts parts, Configuration configuration)
    : parts_{std::move(parts)},
      configuration_{std::move(configuration)},
      clock_{kernel::LiveClock{parts_.time}},
      log_{parts_.log, clock_, {configuration_.account.name, {}, {}}},
      slow_{log_, parts_.scheduler},
      latencies_{{parts_.scheduler, updates_, slow_}} {
  AlpacaTransports transports;
  transports.sockets = parts_.link.make_web_sockets();
  transports.make_http = [this] { return parts_.link.make_http(); };
  transports.seed = [seed = parts_.seed]() mutable { return ++seed; };
  provider_ = open_alpaca_over(
      configuration_,
      {parts_.io, parts_.scheduler, clock_, configuration_.instruments, latencies_, log_, &slow_},
      {parts_.key, parts_.secret}, std::move(transports));
  sending_.emplace(TimedBroker::Place::Sent, *provider_.broker, latencies_);
  trading_.emplace(
      LiveTrading::Parts{.configuration = configuration_,
                         .clock = clock_,
                         .scheduler = parts_.scheduler,
                         .log = log_,
                         .updates = updates_,
                         .latencies = latencies_,
                         .provider = provider_,
                         .broker = *sending_,
                         .sink = parts_.journal,
                         .records = parts_.journal,
                         .give_up = [this](const core::Error& error) { failure_ = error; },
                         .new_mark = draw_run_mark(static_cast<std::uint32_t>(parts_.seed))});
}

Trader::~Trader() {
  parts_.journal.on_progress = {};
  parts_.scheduler.cancel(wake_task_);
}

core::Status Trader::start(const std::function<void(const kernel::Kernel&)>& on_caught_up) {
  auto journal = parts_.journal.read();
  if (!journal) return tl::unexpected(journal.error());
  auto caught_up = trading_->catch_up(*journal, [this]() -> core::Result<core::Sequence> {
    if (const auto& sound = parts_.journal.status(); !sound) return tl::unexpected(sound.error());
    return parts_.journal.last_sequence();
  });
  if (!caught_up) return caught_up;
  if (on_caught_up) on_caught_up(trading_->kernel());
  parts_.journal.on_progress = [this] { trading_->intent_gate().on_progress(); };
  sources_ = trading_->sources();
  trading_->go_live();
  trading_->begin();
  return {};
}

/// As LiveLoop does.
core::Status Trader::settle() {
  if (failure_) return tl::unexpected(*failure_);
  kernel::Kernel& kernel = trading_->kernel();
  kernel.drain();
  if (!trading_->is_trading()) return {};
  while (true) {
    market::DataSource* source = first_source();
    const auto deadline = kernel.next_deadline();
    const bool is_data = source != nullptr && (!deadline || *source->next_time() <= *deadline) &&
                         *source->next_time() <= clock_.now();
    if (is_data) {
      if (auto stepped = source->step(kernel); !stepped) return stepped;
      kernel.drain();
    } else if (!kernel.fire_due_timer()) {
      std::optional<core::Timestamp> next = deadline;
      if (source != nullptr && (!next || *source->next_time() < *next)) next = source->next_time();
      wake_at(next);
      return {};
    }
  }
}

market::DataSource* Trader::first_source() const {
  market::DataSource* first = nullptr;
  for (market::DataSource* source : sources_)
    if (source->next_time() && (first == nullptr || *source->next_time() < *first->next_time()))
      first = source;
  return first;
}

/// An empty task: whoever runs it settles afterwards.
void Trader::wake_at(std::optional<core::Timestamp> time) {
  if (wakes_at_ == time) return;
  parts_.scheduler.cancel(wake_task_);
  wakes_at_ = time;
  if (time)
    wake_task_ = parts_.scheduler.call_after(*time - clock_.now(), [this] { wakes_at_.reset(); });
}

}  // namespace st0ck::app::faults
