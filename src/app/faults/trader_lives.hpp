#pragma once

#include "src/app/faults/command_line_drill.hpp"
#include "src/app/faults/exchange_books.hpp"
#include "src/app/faults/memory_journal.hpp"
#include "src/app/faults/schedule.hpp"
#include "src/app/faults/timeline_log.hpp"
#include "src/app/faults/trader.hpp"
#include "src/app/faults/trader_link.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace st0ck::app::faults {

/// The traders of a day, one after the other: each is a process that begins from the journal that
/// the one before has left.
class TraderLives {
 public:
  struct Parts {
    const Schedule& schedule;
    net::SimulatedScheduler& scheduler;
    TraderLink& link;
    MemoryJournal& journal;
    boost::asio::io_context& io;
    core::LogSink& log;
    core::Timestamp begin;  ///< Of the day, by the exchange's clock.
    std::function<void(std::string what)> say;
    Blame blame;
    std::function<void(core::Sequence left)> on_lost;  ///< A crash has lost the records after.
    /// A hash of all that a process knows.
    std::function<std::string(const kernel::Kernel&)> state_of;
  };

  explicit TraderLives(Parts parts) : parts_{std::move(parts)} {}

  void start();

  /// After each task of the scheduler. One that gives up is started again, as systemd does.
  void settle(CommandLineDrill& drill);

  void crash(const Crash& crash);

  /// Whoever starts once more stands where the last one stood; the journal sees to it.
  void check_restart();

  /// Null while there is none.
  const Trader* trader() const { return trader_.get(); }

  /// One could not begin from its journal: there will be no other.
  bool are_over() const { return are_over_; }
  std::uint64_t crashes() const { return crashes_; }
  /// Restarts that had to know what the one before knew, as no record was lost.
  std::uint64_t states_compared() const { return states_compared_; }

  /// One goes through the journal of those before it at this moment.
  bool is_catching_up() const { return is_catching_up_; }

 private:
  void kill(Death death);
  void compare_state(const kernel::Kernel& kernel);
  void start_again();

  Parts parts_;
  std::unique_ptr<Trader> trader_;
  std::uint64_t starts_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t states_compared_ = 0;
  std::string left_state_{};  ///< Of the process before; empty where the journal has lost some.
  bool are_over_ = false;
  bool is_catching_up_ = false;
};

}  // namespace st0ck::app::faults
