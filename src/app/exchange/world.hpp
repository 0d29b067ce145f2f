#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/market/bar_aggregator.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/tick_source.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace st0ck::app::exchange {

struct WorldSettings {
  core::Timestamp start;  ///< Where its clock begins; all that the tape has before is history.
  double speed = 1;       ///< Simulated seconds in a real one; above zero.

  // Closed hours are left out but for these, so that clients see a day end and another begin.
  core::Duration after_close = std::chrono::minutes{1};
  core::Duration before_open = std::chrono::minutes{1};
  /// And for so long before and after midnight; nothing there where it is zero.
  core::Duration around_midnight{};

  /// Events in one turn on the thread; requests are answered in between.
  std::size_t events_per_turn = 4096;
};

/// The simulated time of the exchange and the market that happens in it.
///
/// Time goes on with the scheduler's, times the speed. Each event of the tape goes to the orders
/// first, then to the record; bars of one minute are made of the prints and go to both when their
/// minute ends. Where the tape is too much for the thread, time falls behind rather than skip an
/// event. After the last session time goes on and nothing happens any more.
class World {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    kernel::SimulatedClock& clock;
    const market::InstrumentTable& instruments;
    market::EventSink& orders;
    market::EventSink& record;
  };

  /// Plays the history at once; that is when it takes its time. Fails with what the tape says, and
  /// when the tape ends before the start. The parts outlive the world.
  static core::Result<std::unique_ptr<World>> open(std::unique_ptr<market::TickSource> ticks,
                                                   const core::ExchangeCalendar& calendar,
                                                   const WorldSettings& settings,
                                                   const Parts& parts);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Lets time run from now on.
  void run();

  /// Brings the market up to the moment: before every request, so that it meets the last quote.
  void catch_up();

  core::Timestamp now() const { return parts_.clock.now(); }
  bool is_over() const { return ahead_.empty() && !bars_due_; }

  /// What was wrong with the tape, which has ended there.
  const std::optional<core::Error>& fault() const { return fault_; }
  std::uint64_t events_played() const { return events_played_; }

 private:
  World(std::unique_ptr<market::TickSource> ticks, const core::ExchangeCalendar& calendar,
        const WorldSettings& settings, const Parts& parts);

  core::Status play_history();
  core::Status read_ahead();
  std::optional<core::Timestamp> next_time() const;
  core::Status step();
  void publish(const market::TapeEvent& event);
  void publish_bars();
  core::Timestamp target() const;
  void skip_closed_hours();
  void go_on_from(core::Timestamp time);
  void schedule();

  std::unique_ptr<market::TickSource> ticks_;
  core::ExchangeCalendar calendar_;
  WorldSettings settings_;
  Parts parts_;
  std::vector<market::BarAggregator> bars_;  ///< By instrument.
  std::span<const market::TapeEvent> ahead_;
  std::optional<core::Timestamp> bars_due_;
  /// Of the session that is over; absent while one lies ahead or runs.
  std::optional<core::Session> closed_;
  std::optional<core::Timestamp> night_until_;  ///< While time passes about midnight.
  // Simulated time stood at `base_` when the scheduler's was `base_elapsed_`.
  core::Timestamp base_;
  core::Duration base_elapsed_{};
  std::optional<net::TaskId> task_;
  std::optional<core::Error> fault_;
  bool is_running_ = false;
  bool is_behind_ = false;
  std::uint64_t events_played_ = 0;
};

}  // namespace st0ck::app::exchange
