#pragma once

#include "src/app/configuration.hpp"
#include "src/app/faults/memory_journal.hpp"
#include "src/app/faults/trader_link.hpp"
#include "src/app/live_trading.hpp"
#include "src/app/order_latencies.hpp"
#include "src/app/slow_operations.hpp"
#include "src/app/timed_broker.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/staged_clock.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace st0ck::app::faults {

/// One process of st0ckd as far as orders go, in simulated time: LiveTrading, Alpaca's adapter over
/// a link, a journal in memory. Destroying it is `kill -9`.
class Trader {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    TraderLink& link;
    MemoryJournal& journal;
    boost::asio::io_context& io;  ///< Where transports over sockets live.
    core::LogSink& log;
    std::function<core::Timestamp()> time;  ///< What the machine's clock shows.
    std::uint64_t seed = 1;                 ///< Of the jitter between attempts.
    std::string key;
    std::string secret;
  };

  /// All outlives it.
  Trader(Parts parts, Configuration configuration);
  ~Trader();
  Trader(const Trader&) = delete;
  Trader& operator=(const Trader&) = delete;

  /// Catches up with the journal and begins; in between calls `on_caught_up`, where there is one.
  /// Errors are those of the catching up.
  core::Status start(const std::function<void(const kernel::Kernel&)>& on_caught_up = {});

  /// What a loop does after each task: handles what it caused, and what is due. Errors end the
  /// process.
  core::Status settle();

  /// Why it could not begin, or gave up.
  const std::optional<core::Error>& failure() const { return failure_; }
  bool is_trading() const { return trading_ && trading_->is_trading(); }
  /// Whether an exit has gone that the journal did not have in time.
  bool has_sent_undurable() const {
    return trading_ && trading_->intent_gate().exits_not_durable() > 0;
  }
  kernel::Kernel& kernel() { return trading_->kernel(); }
  const kernel::Kernel& kernel() const { return trading_->kernel(); }
  const Configuration& configuration() const { return configuration_; }

 private:
  market::DataSource* first_source() const;
  void wake_at(std::optional<core::Timestamp> time);

  Parts parts_;
  Configuration configuration_;
  kernel::StagedClock clock_;
  core::Logger log_;
  kernel::OrderUpdateQueue updates_;
  SlowOperations slow_;
  OrderLatencies latencies_;
  LiveParts provider_;
  std::optional<TimedBroker> sending_;
  std::optional<LiveTrading> trading_;
  std::vector<market::DataSource*> sources_;
  std::optional<core::Timestamp> wakes_at_;
  net::TaskId wake_task_{};
  std::optional<core::Error> failure_;
};

}  // namespace st0ck::app::faults
