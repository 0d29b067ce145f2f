#include "src/adapters/sim/generated/symbol_tape.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace st0ck::adapters::sim::generated {

namespace {

using market::TradingState;

/// The auctions' parts of the day's volume, in thousandths of it.
constexpr std::int64_t kOpeningPart = 20;
constexpr std::int64_t kReopeningPart = 8;
constexpr std::int64_t kClosingPart = 40;
constexpr std::int64_t kLimitStateUs = 15'000'000;
constexpr std::int64_t kPauseUs = 5 * kMinuteUs;
/// Within so much of the close a paused symbol waits for the closing auction.
constexpr std::int64_t kNoReopeningUs = 10 * kMinuteUs;
std::int64_t us_between(core::Timestamp from, core::Timestamp to) {
  return std::chrono::duration_cast<std::chrono::microseconds>(to - from).count();
}

}  // namespace

SymbolTape::SymbolTape(const TapeSettings& settings, const SymbolTraits& traits,
                       core::InstrumentId instrument)
    : seed_{settings.seed},
      instrument_{instrument},
      traits_{traits},
      own_deviation_{fraction_of(traits.own_volatility)},
      market_beta_{fraction_of(traits.market_beta)},
      sector_beta_{fraction_of(traits.sector_beta)},
      spread_{fraction_of(traits.spread)},
      changes_{settings},
      previous_close_{traits.start_price},
      minute_volume_{traits.minute_volume.raw() / core::Volume::kOne},
      halt_one_in_{settings.halt_one_in},
      random_{settings.seed},
      prints_{settings.off_exchange_share} {
  const core::Int128 market = part_of(fraction_of(settings.market_volatility), market_beta_);
  const core::Int128 sector = part_of(fraction_of(settings.sector_volatility), sector_beta_);
  const core::Int128 own = own_deviation_;
  deviation_ = square_root(market * market + sector * sector + own * own);
  day_deviation_ = deviation_ * square_root(core::Int128{390} * 1'000'000) / 1000;
  const core::Int128 events = core::Int128{traits.events_per_minute} * settings.intensity.raw();
  steps_per_minute_ = static_cast<std::int64_t>((events << 16) * kThousand /
                                                ((kThousand + kPrintsOfSteps) * core::Rate::kOne));
  for (const ScriptedDay& day : settings.script)
    if (day.symbol && *day.symbol == traits.symbol) script_.push_back(day);
}

void SymbolTape::begin_day(DayFactors& day) {
  day_ = &day;
  const core::Session& session = day.session();
  random_ = stream_of(seed_, traits_.symbol.view(), session.date);
  DayKind kind = day.kind();
  for (const ScriptedDay& own : script_)
    if (own.session == day.number()) kind = own.kind;
  shape_ = &day.shape(kind);
  open_us_ = us_between(day.begin(), session.open);
  close_us_ = us_between(day.begin(), session.close);

  changes_.begin_day(session.date, instrument_, previous_close_, random_);
  if (!has_begun_) changes_.skip_day();
  previous_close_ = changes_.adjusted(previous_close_);
  minute_volume_ = changes_.adjusted_volume(minute_volume_);
  is_restricted_ = std::exchange(was_triggered_, false);

  moments_.fill(kNever);
  begin_prices();
  has_begun_ = true;
  draw_halt();
  time_of(Moment::Dawn) = 0;
  time_of(Moment::Open) = open_us_;
  // Busy symbols open first; all within a second.
  time_of(Moment::Auction) = open_us_ + 20'000 + random_.below(800'000);
  time_of(Moment::Close) = close_us_ - 1;
  time_of(Moment::Dusk) = close_us_;
  mode_ = Mode::Early;
  state_ = TradingState::Trading;
  reason_ = {};
  limit_ = Limit::None;
  book_ = {};
  excitement_ = 0;
  minute_ = -1;
  steps_ = step_ = 0;
  go_to_next_step();
  find_next_moment();
}

/// Opens the day's prices at the last close and the gap.
void SymbolTape::begin_prices() {
  const std::int64_t base = fine_of(previous_close_);
  close_pips_ = base >> kFineBits;
  const std::int64_t own_gap = draw_move(own_deviation_ * 10, random_);
  Fraction gap = part_of(day_->market_gap(), market_beta_) +
                 part_of(day_->sector_gap(traits_.sector), sector_beta_) + own_gap;
  if (!has_begun_) gap = 0;
  if (shape_->gap != 0) gap = in_thousandths(day_deviation_, shape_->gap);
  gap = std::clamp(gap, -kMoveMax, kMoveMax);
  path_.jump_to(base + part_of(base, gap));
  open_value_ = average_value_ = path_.value();
  past_values_.fill(path_.value());
  bands_.begin_day(day_->session(), open_us_, close_us_, traits_.luld_tier, close_pips_);
}

/// A news halt somewhere between the 15th minute and 70 minutes before the close.
void SymbolTape::draw_halt() {
  const bool halts = halt_one_in_ > 0 && random_.below(halt_one_in_) == 0;
  const std::int64_t span = close_us_ - open_us_ - 85 * kMinuteUs;
  const std::int64_t begin = open_us_ + 15 * kMinuteUs + random_.below(span);
  if (halts) time_of(Moment::Halt) = begin;
}

void SymbolTape::set(Moment moment, std::int64_t us) {
  time_of(moment) = us;
  find_next_moment();
}

void SymbolTape::find_next_moment() {
  moment_us_ = *std::min_element(moments_.begin(), moments_.end());
  next_us_ = std::min(step_us_, moment_us_);
}

void SymbolTape::play(EventBuffer& out) {
  if (moment_us_ > step_us_) {
    play_step(out);
    return;
  }
  const auto place = std::min_element(moments_.begin(), moments_.end());
  *place = kNever;
  play_moment(static_cast<Moment>(place - moments_.begin()), out);
  find_next_moment();
}

void SymbolTape::play_moment(Moment moment, EventBuffer& out) {
  switch (moment) {
    case Moment::Dawn: return play_dawn(out);
    case Moment::Open: return play_open(out);
    case Moment::Auction: return play_auction(out);
    case Moment::Halt: return play_halt(out);
    case Moment::LimitEnds: return play_limit_end(out);
    case Moment::Resume: return play_resume(out);
    case Moment::Close: return play_close(out);
    case Moment::Dusk: return send_status(next_us_, out);
  }
}

void SymbolTape::play_dawn(EventBuffer& out) {
  const core::Timestamp time = out.at(next_us_);
  if (changes_.dividend()) out.add(time, *changes_.dividend());
  if (changes_.split()) out.add(time, *changes_.split());
  send_status(next_us_, out);
}

void SymbolTape::play_open(EventBuffer& out) {
  mode_ = Mode::Opening;
  take_book(books_.draw(path_.value(), random_.next()), next_us_, out);
}

void SymbolTape::play_auction(EventBuffer& out) {
  open_value_ = path_.value();
  const std::int64_t price = nearest_on_grid(path_.value());
  print_auction('O', kOpeningPart, next_us_, out);
  mode_ = Mode::Continuous;
  bands_.start(next_us_, price);
  watch_rule_201(price, next_us_, out);
  send_status(next_us_, out);
  take_book(books_.draw(path_.value(), random_.next()), next_us_, out);
}

void SymbolTape::play_halt(EventBuffer& out) {
  if (mode_ != Mode::Continuous && mode_ != Mode::Limit) return;
  mode_ = Mode::Stopped;
  time_of(Moment::LimitEnds) = kNever;
  limit_ = Limit::None;
  bands_.stop();
  state_ = TradingState::Halted;
  reason_ = core::Code{"T1"};
  send_status(next_us_, out);
  // The news, which the reopening finds the price of: one to four days' deviations.
  const Fraction news = in_thousandths(day_deviation_, 1000 + random_.below(3001));
  const Fraction change = std::min(news, kMoveMax) * (random_.below(2) == 0 ? 1 : -1);
  path_.shift_by(part_of(path_.value(), change));
  time_of(Moment::Resume) = next_us_ + (10 + random_.below(50)) * kMinuteUs;
}

void SymbolTape::play_limit_end(EventBuffer& out) {
  mode_ = Mode::Stopped;
  limit_ = Limit::None;
  bands_.stop();
  state_ = TradingState::Paused;
  reason_ = core::Code{"LUDP"};
  send_status(next_us_, out);
  const std::int64_t end = next_us_ + kPauseUs;
  if (end < close_us_ - kNoReopeningUs) time_of(Moment::Resume) = end;
}

void SymbolTape::play_resume(EventBuffer& out) {
  const std::int64_t price = nearest_on_grid(path_.value());
  mode_ = Mode::Continuous;
  state_ = TradingState::Trading;
  reason_ = {};
  excitement_ = 3000;
  bands_.start(next_us_, price);
  send_status(next_us_, out);
  print_auction('5', kReopeningPart, next_us_, out);
  watch_rule_201(price, next_us_, out);
  take_book(books_.draw(path_.value(), random_.next()), next_us_, out);
}

/// The closing auction also ends a pause, which nothing else does so late.
void SymbolTape::play_close(EventBuffer& out) {
  time_of(Moment::LimitEnds) = time_of(Moment::Resume) = kNever;
  if (mode_ == Mode::Stopped) {
    state_ = TradingState::Trading;
    reason_ = {};
    send_status(next_us_, out);
  }
  std::int64_t price = nearest_on_grid(path_.value());
  if (bands_.is_in_force()) price = std::clamp(price, bands_.low(), bands_.high());
  path_.jump_to(price << kFineBits);
  print_auction('6', kClosingPart, next_us_, out);
  watch_rule_201(price, next_us_, out);
  mode_ = Mode::Done;
  bands_.stop();
  previous_close_ = price_of_pips(price);
  step_us_ = kNever;
}

void SymbolTape::play_step(EventBuffer& out) {
  const std::int64_t now = step_us_;
  path_.step(random_);
  average_value_ += (path_.value() - average_value_) / 256;
  go_to_next_step();
  next_us_ = std::min(step_us_, moment_us_);
  if (mode_ == Mode::Stopped) return;
  if (bands_.is_due(now) && mode_ == Mode::Continuous && bands_.look(now)) send_status(now, out);
  const Book next = books_.draw(path_.value(), random_.next());
  if (mode_ != Mode::Opening && book_.has_prices()) play_prints(next, now, out);
  take_book(next, now, out);
}

/// Perhaps somebody trades on the book that stands: with the price's move, or by chance.
void SymbolTape::play_prints(const Book& next, std::int64_t now, EventBuffer& out) {
  const std::uint64_t bits = random_.next();
  const std::int64_t chance = mode_ == Mode::Limit ? print_chance_ / 4 : print_chance_;
  if (static_cast<std::int64_t>(bits & 0xffff) >= chance) return;
  bool is_buy = next.bid == book_.bid ? (bits >> 16 & 1) != 0 : next.bid > book_.bid;
  // Held at a band, the far side may not trade.
  if (limit_ != Limit::None) is_buy = limit_ == Limit::Down;
  const Print print = prints_.draw(book_, is_buy, mode_ == Mode::Early, random_);
  send_print(print, now, out);
  const bool sweeps_on = (bits >> 17 & 1) != 0;
  if (sweeps_on && print.conditions.view() == "F")
    send_print(prints_.sweep_on(print, random_), now, out);
}

/// Quotes a book, held inside the bands; enters and leaves the limit state.
void SymbolTape::take_book(Book book, std::int64_t now, EventBuffer& out) {
  if (bands_.is_in_force()) {
    limit_ = hold_in(bands_, book);
    if (limit_ != Limit::None && mode_ == Mode::Continuous) {
      mode_ = Mode::Limit;
      set(Moment::LimitEnds, now + kLimitStateUs);
    } else if (limit_ == Limit::None && mode_ == Mode::Limit) {
      mode_ = Mode::Continuous;
      set(Moment::LimitEnds, kNever);
    }
  }
  book_ = book;
  send_quote(now, out);
}

void SymbolTape::go_to_next_step() {
  while (step_ == steps_) {
    if (minute_ + 1 == day_->early_minutes() + day_->regular_minutes()) {
      step_us_ = kNever;
      return;
    }
    ++minute_;
    begin_minute();
  }
  const auto jitter = static_cast<std::int64_t>(random_.next() & 0xffff);
  step_us_ = minute_begin_ + step_ * step_width_ + (jitter * step_width_ >> 16);
  ++step_;
}

void SymbolTape::print_auction(char letter, std::int64_t part, std::int64_t now, EventBuffer& out) {
  const std::int64_t day_volume = minute_volume_ * day_->regular_minutes();
  const std::int64_t usual = in_thousandths(day_volume, part);
  const std::int64_t shares = in_thousandths(usual, 600 + random_.below(801));
  Print print;
  print.price = nearest_on_grid(path_.value());
  print.size = std::max<std::int64_t>(shares, 100);
  print.exchange = traits_.listing_exchange;
  print.conditions = market::SaleConditions{std::string_view{&letter, 1}};
  print.tells_price = false;
  send_print(print, now, out);
}

void SymbolTape::send_print(const Print& print, std::int64_t now, EventBuffer& out) {
  market::Trade trade;
  trade.instrument = instrument_;
  trade.time = out.at(now);
  std::int64_t price = print.price;
  if (bands_.is_in_force()) price = std::clamp(price, bands_.low(), bands_.high());
  trade.price = price_of_pips(price);
  trade.size = core::Volume::whole(print.size);
  trade.conditions = print.conditions;
  trade.exchange = print.exchange;
  out.add(trade.time, trade);
  if (!print.tells_price) return;
  bands_.add_print(price);
  watch_rule_201(price, now, out);
}

void SymbolTape::send_quote(std::int64_t now, EventBuffer& out) const {
  market::Quote quote;
  quote.instrument = instrument_;
  quote.time = out.at(now);
  quote.bid = price_of_pips(book_.bid);
  quote.ask = price_of_pips(book_.ask);
  quote.bid_size = core::Volume::whole(book_.bid_size);
  quote.ask_size = core::Volume::whole(book_.ask_size);
  out.add(quote.time, quote);
}

void SymbolTape::send_status(std::int64_t now, EventBuffer& out) const {
  market::TradingStatus status;
  status.instrument = instrument_;
  status.time = out.at(now);
  status.state = state_;
  status.reason = reason_;
  status.is_short_sale_restricted = is_restricted_;
  if (bands_.is_in_force()) {
    status.band_low = price_of_pips(bands_.low());
    status.band_high = price_of_pips(bands_.high());
  }
  out.add(status.time, status);
}

/// Rule 201: a print of the regular hours a tenth or more below the last close.
void SymbolTape::watch_rule_201(std::int64_t price, std::int64_t now, EventBuffer& out) {
  if (was_triggered_ || price * 10 > close_pips_ * 9) return;
  was_triggered_ = true;
  if (!std::exchange(is_restricted_, true)) send_status(now, out);
}

}  // namespace st0ck::adapters::sim::generated
