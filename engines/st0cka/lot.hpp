#pragma once

#include "engines/st0cka/lot_book.hpp"
#include "engines/st0cka/rules.hpp"
#include "engines/st0cka/settings.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/kernel/engine.hpp"
#include "st0ck/kernel/retry_pause.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::engines::st0cka {

/// What a timer is for; a lot's fill time-out adds the lot's number.
inline constexpr kernel::TimerTopic kEvaluate = 0;
inline constexpr kernel::TimerTopic kFillTimeout = 1;

/// One share from its buy to its sale, in the states of spec st0ck 3.1.
///
/// At most one sell is open. A market sell goes out only when no limit of ours can fill any more,
/// and is never taken back.
class Lot {
 public:
  /// Whose figures say what the lot holds.
  enum class Books : std::uint8_t {
    Ledger,  ///< The bot's position, as the only lot there is.
    Own,     ///< The fills of its own orders, as one of several.
  };

  /// `settings` outlive it.
  Lot(const Settings& settings, core::InstrumentId instrument, std::uint32_t number, Books books);

  State state() const { return state_; }

  /// Whether it can be bought: nothing is held and none of its orders may fill.
  bool is_free(const kernel::EngineContext& context) const;
  core::Quantity held(const kernel::EngineContext& context) const;

  /// The same by the fills of its own orders alone.
  core::Quantity held_in_books() const { return book_.held(); }

  /// Whether an order of this lot has that name, also one that has ended.
  bool owns(const core::ClientOrderId& order) const;

  void begin_session(kernel::EngineContext& context, const Timetable& timetable);
  void evaluate(kernel::EngineContext& context);

  /// Says why nothing is bought.
  void note_waiting(kernel::EngineContext& context);
  void on_fill_timeout(kernel::EngineContext& context);

  /// False when the risk manager refuses.
  bool buy(kernel::EngineContext& context);

  /// News of an order that it owns, or of one that nobody does where the ledger keeps its books.
  void on_order(kernel::EngineContext& context, const kernel::OrderNews& news);

  /// Its part in a fill of an order that no lot has sent: an operator's, or one of another day.
  void on_outside_fill(kernel::EngineContext& context, const trading::Fill& fill,
                       core::Quantity quantity);
  void split(std::uint32_t numerator, std::uint32_t denominator) {
    book_.split(numerator, denominator);
  }

  /// What its last round has earned; told once.
  std::optional<core::Money> take_result() { return book_.take_result(); }

  kernel::Inputs inputs(const kernel::EngineContext& context) const;

 private:
  bool has_open_order() const { return buy_order_ || limit_order_ || exit_order_; }
  void perform(kernel::EngineContext& context, Action action);
  void cancel_buy(kernel::EngineContext& context);
  void place_limit(kernel::EngineContext& context);
  void begin_exit(kernel::EngineContext& context, const core::Code& reason);
  void continue_exit(kernel::EngineContext& context);
  trading::OrderRequest sell_request(const kernel::EngineContext& context,
                                     const core::Code& reason) const;
  std::optional<core::ClientOrderId> send_exit(kernel::EngineContext& context,
                                               const trading::OrderRequest& request);
  void on_buy_news(kernel::EngineContext& context, const kernel::OrderNews& news);
  void on_limit_news(kernel::EngineContext& context, const kernel::OrderNews& news);
  void on_exit_news(kernel::EngineContext& context, const kernel::OrderNews& news);
  void on_late_fill(kernel::EngineContext& context);
  void notice_outside_fill(kernel::EngineContext& context);
  void notice_lost_cancel(kernel::EngineContext& context, const trading::Order& order);
  void warn_of_end(kernel::EngineContext& context, const kernel::OrderNews& news);
  bool finish_when_sold(kernel::EngineContext& context);
  void move_to(kernel::EngineContext& context, State state);
  void pause_retries(kernel::EngineContext& context);
  Facts facts(const kernel::EngineContext& context) const;
  std::optional<core::Price> entry(const kernel::EngineContext& context) const;

  const Settings& settings_;
  core::InstrumentId instrument_;
  std::uint32_t number_;
  Books books_;
  State state_ = State::Idle;
  std::optional<Timetable> timetable_;
  LotBook book_;
  // The orders that may still fill. At most one sell is open: an exit waits for the limit's end.
  std::optional<core::ClientOrderId> buy_order_;
  std::optional<core::ClientOrderId> limit_order_;
  std::optional<core::ClientOrderId> exit_order_;  ///< The sell at the market.
  std::vector<core::ClientOrderId> orders_;        ///< Of this session, and what it took over.
  core::Code exit_reason_;
  bool is_cancel_sent_ = false;  ///< Of the open buy or limit.
  kernel::RetryPause retry_pause_;
};

}  // namespace st0ck::engines::st0cka
