#pragma once

#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace st0ck::adapters::sim {

/// What a market made of bars plays, and what it says beside the bars.
struct BarMarketSettings {
  core::Date from{};  ///< New York dates, both included; a bar belongs to the date of its start.
  core::Date to{};
  core::Code provider{"bars"};  ///< Its name in provider statuses.
  /// Of a derived quote: bid and ask are the close less and plus this, the bid at least a tick.
  core::Price half_spread = core::Price::from_raw(5'000'000);
  core::Volume quote_size = core::Volume::whole(100);  ///< On both sides.
  /// Told at the Prepare phase of the first session on or after their ex-dates, whatever their
  /// order here; those from before the first session are left out.
  std::vector<market::CorporateAction> actions{};

  /// `OutOfRange` with the first setting that is not allowed.
  core::Status validate() const;
};

/// The bars of one instrument.
struct BarFeed {
  core::InstrumentId instrument;
  std::unique_ptr<market::BarSource> bars;
  bool derive_quotes = false;  ///< Whether somebody wants quotes where there are only bars.
};

/// Plays the bars of any number of instruments as a market, against a matching engine.
///
/// At one moment things happen in this order, by instrument: for each bar that ends, what it does
/// to stops, then to limits, then its derived quote, then the bar itself; the phases of the
/// session (at the close DAY orders expire first); for each bar that starts, what its open does
/// to orders. A step ends where the matching engine has spoken, so that its updates are handled
/// before anything else happens; otherwise it goes on to the end of the moment.
///
/// Every session of the calendar from the first to the last date has its phases. One without a
/// bar is reported at its close as Degraded with `NO_DATA`; where only some instruments have
/// none, `NO_DATA_` and the symbol for each; the next session begins with Connected. The last
/// event is Finished.
class BarMarket final : public market::DataSource {
 public:
  /// Reads the first bars; an error is a bad setting, a period without a session, or bad data.
  /// The references outlive the market; the feeds name different instruments.
  static core::Result<std::unique_ptr<BarMarket>> open(const BarMarketSettings& settings,
                                                       const core::ExchangeCalendar& calendar,
                                                       const market::InstrumentTable& instruments,
                                                       MatchingEngine& engine,
                                                       std::vector<BarFeed> feeds);

  std::optional<core::Timestamp> next_time() const override { return next_time_; }

  /// Errors: a bar that is defective, of another instrument, or begins before the one before it
  /// has ended; and whatever the source says.
  core::Status step(market::EventSink& sink) override;

  /// Whether any bar is left to be played; asked at the opening, whether the period has any.
  bool has_bars() const;

  std::uint64_t bars_played() const { return bars_played_; }

 private:
  /// What of a bar comes next.
  enum class Stage : std::uint8_t { Open, Stops, Limits, Publish, Ended };

  struct Lane {
    BarFeed feed;
    core::Price tick;
    std::vector<market::Bar> scratch;
    std::span<const market::Bar> ahead;  ///< Read and not yet played; the current bar first.
    Stage stage = Stage::Ended;
    core::Timestamp read_until{};    ///< End of the last bar that was checked.
    core::Timestamp played_until{};  ///< End of the last bar that was published.

    const market::Bar& bar() const { return ahead.front(); }

    /// When the lane does something next, unless it has ended.
    core::Timestamp next_time() const { return stage == Stage::Open ? bar().start : bar().end; }
    bool is_due(core::Timestamp now) const { return stage != Stage::Ended && next_time() == now; }
  };

  /// The parts of a moment, in their order.
  enum class Part : std::uint8_t { Ends, Session, Opens };

  enum class SessionStep : std::uint8_t { Prepare, Open, Expire, Close };

  BarMarket(const BarMarketSettings& settings, std::vector<core::Session> sessions,
            const market::InstrumentTable& instruments, MatchingEngine& engine,
            std::vector<BarFeed> feeds);

  core::Status read_first_bars();
  core::Status go_to_next_bar(Lane& lane) const;
  core::Status read_ahead(Lane& lane) const;
  core::Status check_bar(const Lane& lane) const;

  core::Result<bool> play_end(Lane& lane, market::EventSink& sink);
  core::Result<bool> play_ends(market::EventSink& sink);
  bool play_session(market::EventSink& sink);
  bool play_actions(const core::Session& session, market::EventSink& sink);
  bool play_opens();
  void publish_quote(const Lane& lane, market::EventSink& sink) const;
  void report_missing_bars(const core::Session& session, market::EventSink& sink);
  void send_status(market::ProviderState state, core::Code reason, market::EventSink& sink) const;

  std::optional<core::Timestamp> next_session_time() const;
  void find_next_moment();

  BarMarketSettings settings_;
  core::Timestamp first_time_;  ///< Bars that start before it are skipped.
  core::Timestamp last_time_;   ///< Exclusive.
  std::vector<core::Session> sessions_;
  const market::InstrumentTable& instruments_;
  MatchingEngine& engine_;
  std::vector<Lane> lanes_;  ///< By instrument.

  std::optional<core::Timestamp> next_time_;
  Part part_ = Part::Ends;
  std::size_t lane_ = 0;     ///< The next one within the part.
  std::size_t session_ = 0;  ///< The next one to have a phase.
  SessionStep session_step_ = SessionStep::Prepare;
  bool is_degraded_ = false;
  std::uint64_t bars_played_ = 0;
};

}  // namespace st0ck::adapters::sim
