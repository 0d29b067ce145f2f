#pragma once

#include "src/adapters/sim/generated/book.hpp"
#include "src/adapters/sim/generated/day_factors.hpp"
#include "src/adapters/sim/generated/event_buffer.hpp"
#include "src/adapters/sim/generated/price_bands.hpp"
#include "src/adapters/sim/generated/price_path.hpp"
#include "src/adapters/sim/generated/print_maker.hpp"
#include "src/adapters/sim/generated/share_changes.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace st0ck::adapters::sim::generated {

/// Of 1,000 steps so many bring a print; a step brings a quote besides.
inline constexpr std::int64_t kPrintsOfSteps = 350;
/// A minute's change is cut off here, as a part of the price.
inline constexpr Fraction kMoveMax = fraction_of_thousand(250);

/// The events of one symbol, day by day and moment by moment.
///
/// A day is drawn from the seed, the symbol and the date; from the day before come only the close,
/// Rule 201 and the number of shares. Within the day the tape goes from step to step: the value
/// moves, perhaps somebody trades on the book that stands, a new book is quoted. What happens at a
/// set time (auctions, halts, their ends) interrupts the steps.
class SymbolTape {
 public:
  SymbolTape(const TapeSettings& settings, const SymbolTraits& traits,
             core::InstrumentId instrument);

  /// `day` must outlive the day.
  void begin_day(DayFactors& day);

  /// When the next event may come, in us of the day; `kNever` when the day is over.
  std::int64_t next_us() const { return next_us_; }

  /// Plays what is due at `next_us`: no event, one or several.
  void play(EventBuffer& out);

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

 private:
  enum class Mode : std::uint8_t { Early, Opening, Continuous, Limit, Stopped, Done };

  /// What comes at a set time; their order is that at equal times.
  enum class Moment : std::uint8_t { Dawn, Open, Auction, Halt, LimitEnds, Resume, Close, Dusk };
  static constexpr std::size_t kMoments = 8;

  std::int64_t& time_of(Moment moment) { return moments_[static_cast<std::size_t>(moment)]; }
  void set(Moment moment, std::int64_t us);
  void find_next_moment();

  void begin_prices();
  void draw_halt();

  void play_moment(Moment moment, EventBuffer& out);
  void play_dawn(EventBuffer& out);
  void play_open(EventBuffer& out);
  void play_auction(EventBuffer& out);
  void play_halt(EventBuffer& out);
  void play_limit_end(EventBuffer& out);
  void play_resume(EventBuffer& out);
  void play_close(EventBuffer& out);

  void play_step(EventBuffer& out);
  void play_prints(const Book& next, std::int64_t now, EventBuffer& out);
  void take_book(Book book, std::int64_t now, EventBuffer& out);
  void go_to_next_step();
  void begin_minute();
  void plan_activity(const MinuteShape& shape, std::int64_t regular);
  void plan_price(const MinuteShape& shape);

  void print_auction(char letter, std::int64_t part, std::int64_t now, EventBuffer& out);
  void send_print(const Print& print, std::int64_t now, EventBuffer& out);
  void send_quote(std::int64_t now, EventBuffer& out) const;
  void send_status(std::int64_t now, EventBuffer& out) const;
  void watch_rule_201(std::int64_t price, std::int64_t now, EventBuffer& out);

  // Of the symbol.
  std::uint64_t seed_;
  core::InstrumentId instrument_;
  SymbolTraits traits_;
  std::int64_t steps_per_minute_;  ///< In 2^-16.
  Fraction own_deviation_;
  Fraction deviation_;      ///< Of a minute, of all causes.
  Fraction day_deviation_;  ///< Of a full session.
  Fraction market_beta_;
  Fraction sector_beta_;
  Fraction spread_;
  std::vector<ScriptedDay> script_;
  ShareChanges changes_;

  // From day to day.
  core::Price previous_close_;
  std::int64_t minute_volume_;
  std::int64_t halt_one_in_;
  bool has_begun_ = false;
  bool is_restricted_ = false;  ///< By Rule 201, now.
  bool was_triggered_ = false;  ///< Rule 201, in this session or, before it begins, the last.

  // Of the day.
  Random random_;
  DayFactors* day_ = nullptr;
  const DayShape* shape_ = nullptr;
  Mode mode_ = Mode::Done;
  market::TradingState state_ = market::TradingState::Trading;
  core::Code reason_{};
  std::int64_t open_us_ = 0;
  std::int64_t close_us_ = 0;
  std::int64_t close_pips_ = 0;     ///< The last close, as adjusted.
  std::int64_t open_value_ = 0;     ///< Where a day of chop is pulled to.
  std::int64_t average_value_ = 0;  ///< A slow mean of the value.
  std::array<std::int64_t, 8> past_values_{};
  std::int64_t excitement_ = 0;  ///< After news and pauses, in thousandths more activity.
  PricePath path_;
  PriceBands bands_;
  BookMaker books_;
  PrintMaker prints_;
  Book book_;
  Limit limit_ = Limit::None;

  // Of the minute.
  std::int64_t minute_ = -1;
  std::int64_t minute_begin_ = 0;
  std::int64_t steps_ = 0;
  std::int64_t step_ = 0;
  std::int64_t step_width_ = 0;
  std::int64_t print_chance_ = 0;  ///< Of 65,536.

  std::array<std::int64_t, kMoments> moments_{};
  std::int64_t step_us_ = kNever;
  std::int64_t moment_us_ = kNever;
  std::int64_t next_us_ = kNever;
};

}  // namespace st0ck::adapters::sim::generated
