#pragma once

#include "src/app/exchange/price_board.hpp"
#include "st0ck/adapters/alpaca/wire/reference/activity.hpp"
#include "st0ck/adapters/alpaca/wire/trading/position.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/action_schedule.hpp"
#include "st0ck/trading/fill.hpp"
#include "st0ck/trading/ledger.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::app::exchange {

/// What an account is worth.
struct Worth {
  core::Money cash;
  core::Money long_value;
  core::Money short_value;  ///< Not above zero.
  core::Money maintenance;  ///< What must be there to hold the positions.

  core::Money equity() const { return cash + long_value + short_value; }
  core::Money exposure() const { return long_value - short_value; }
};

/// Cash and positions of one account, and what is told of their changes as activities.
class Holdings {
 public:
  struct Parts {
    const market::InstrumentTable& instruments;
    const PriceBoard& prices;
    /// The id of an asset, and the id of a new activity at a time.
    std::function<std::string(core::InstrumentId)> asset_id;
    std::function<std::string(core::Timestamp)> activity_id;
  };

  /// What the parts hold outlives the holdings.
  Holdings(Parts parts, core::Money cash);

  void on_fill(const trading::Fill& fill);

  /// Tells a fill's row; the order's part of it is the caller's.
  void add_activity(alpaca::Activity activity);

  // Corporate actions are booked before the open of their ex-date.
  void on_corporate_action(const market::CorporateAction& action, core::Timestamp now);
  void on_session_prepare(const core::Session& session, core::Timestamp now);
  void on_session_close();

  core::Money cash() const { return cash_ + ledger_.cash_flow(); }
  core::Quantity position(core::InstrumentId instrument) const;
  Worth worth() const;
  core::Money last_equity() const { return last_equity_; }

  /// What is held, by instrument; nothing for the one where nothing is.
  std::optional<alpaca::Position> tell(core::InstrumentId instrument,
                                       core::Quantity available) const;
  std::vector<core::InstrumentId> held() const;

  const std::deque<alpaca::Activity>& activities() const { return activities_; }
  const trading::Ledger& ledger() const { return ledger_; }

 private:
  static constexpr std::size_t kActivitiesMax = 20'000;

  trading::LedgerKey key(core::InstrumentId instrument) const;
  core::Price mark(const trading::Position& position) const;
  void book(const market::CorporateAction& action, core::Timestamp now);
  void book_split(const trading::Position& position, const market::CorporateAction& split,
                  core::Timestamp now);

  Parts parts_;
  core::Money cash_;
  core::Money last_equity_;
  trading::Ledger ledger_;
  trading::ActionSchedule actions_;
  std::deque<alpaca::Activity> activities_;  ///< The oldest first; those beyond the most are lost.
  std::vector<core::Quantity> at_open_;      ///< By instrument: what was held then.
};

}  // namespace st0ck::app::exchange
