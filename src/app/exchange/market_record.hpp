#pragma once

#include "src/app/exchange/history.hpp"
#include "src/app/exchange/market_listener.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::app::exchange {

struct MarketRecordSettings {
  /// Quotes, and as many prints, kept of an instrument's day; then the oldest quarter is dropped.
  std::size_t ticks_max = 4'000'000;
};

/// What the market of the exchange has said so far, and who listens to it.
///
/// Of the instruments that are in the table when it is made. Fed in the order of simulated time,
/// from the first event of a day's tape on; one-minute bars of the regular hours are fed too. When
/// the next day begins, the one before goes to the history.
class MarketRecord final : public market::EventSink {
 public:
  /// All outlive the record.
  MarketRecord(const core::ExchangeCalendar& calendar, const market::InstrumentTable& instruments,
               History& history, MarketRecordSettings settings = {});

  void on_quote(const market::Quote& quote) override;
  void on_trade(const market::Trade& trade) override;
  void on_bar(const market::Bar& bar) override;
  void on_session_phase(const market::SessionPhase& phase) override;
  void on_provider_status(const market::ProviderStatus&) override {}
  void on_trading_status(const market::TradingStatus& status) override;
  void on_corporate_action(const market::CorporateAction& action) override;

  /// The latest; of the day before only the closing print.
  std::optional<market::Quote> quote(core::InstrumentId instrument) const;
  std::optional<market::Trade> trade(core::InstrumentId instrument) const {
    const auto latest = numbered_trade(instrument);
    return latest ? std::optional{latest->trade} : std::nullopt;
  }
  std::optional<NumberedTrade> numbered_trade(core::InstrumentId instrument) const;
  std::optional<market::TradingStatus> status(core::InstrumentId instrument) const;

  /// Where the instrument's auctions are.
  std::optional<char> listing_exchange(core::InstrumentId instrument) const;

  /// The last minute that is over, of this day or the one before.
  std::optional<market::Bar> minute_bar(core::InstrumentId instrument) const;

  /// The regular hours of the running day up to the last full minute. Before its first one this is
  /// the last day's, and `previous_daily_bar` the one before that.
  std::optional<market::Bar> daily_bar(core::InstrumentId instrument) const;
  std::optional<market::Bar> previous_daily_bar(core::InstrumentId instrument) const;

  /// The running day; nothing before its first event.
  const DayRecord* day() const { return day_ ? &*day_ : nullptr; }
  const DayTicks& ticks() const { return ticks_; }
  History& history() const { return history_; }
  const market::InstrumentTable& instruments() const { return instruments_; }

  /// Events of days without a session, or of instruments that are not in the table.
  std::uint64_t refused() const { return refused_; }

  /// In the order of these calls. A listener leaves before it is destroyed.
  void add_listener(MarketListener& listener);
  void remove_listener(MarketListener& listener);

 private:
  bool enter(core::InstrumentId instrument, core::Timestamp time);
  bool enter_day(core::Timestamp time);
  std::optional<market::Bar> session_bar(core::InstrumentId instrument, std::size_t back) const;
  bool has_minutes(core::InstrumentId instrument) const;

  core::ExchangeCalendar calendar_;
  const market::InstrumentTable& instruments_;
  History& history_;
  MarketRecordSettings settings_;
  std::optional<DayRecord> day_;
  core::Timestamp day_begin_ = core::Timestamp::max();
  core::Timestamp day_end_ = core::Timestamp::min();
  DayTicks ticks_;
  // By instrument.
  std::vector<std::uint64_t> trade_counts_;  ///< Of the day.
  std::vector<std::optional<char>> listing_exchanges_;
  std::vector<std::optional<NumberedTrade>> latest_trades_;
  std::vector<std::optional<market::Quote>> latest_quotes_;
  std::vector<std::optional<market::TradingStatus>> statuses_;
  std::vector<MarketListener*> listeners_;
  std::uint64_t refused_ = 0;
};

}  // namespace st0ck::app::exchange
