#include "st0ck/adapters/alpaca/alpaca_stream.hpp"

#include "stream_impl.hpp"

#include <algorithm>

namespace st0ck::alpaca {

using namespace std::chrono_literals;
using market::DataKind;
using market::ProviderState;

namespace {

/// The provider's words, as far as they go into a message.
std::string_view shown(std::string_view text) { return text.substr(0, 200); }

}  // namespace

AlpacaStream::AlpacaStream(AlpacaStreamSettings settings, DataAuth keys, const Parts& parts,
                           core::ExchangeCalendar calendar)
    : impl_{std::make_shared<Impl>(std::move(settings), std::move(keys), parts, calendar)} {}

AlpacaStream::~AlpacaStream() { impl_->stop(); }

core::Status AlpacaStream::check(std::span<const market::DataNeed> needs) const {
  return impl_->check(needs);
}

void AlpacaStream::start(std::span<const market::DataNeed> needs, market::EventSink& sink) {
  impl_->start(needs, sink);
}

void AlpacaStream::stop() { impl_->stop(); }

AlpacaStreamStats AlpacaStream::stats() const { return impl_->stats(); }

AlpacaStream::Impl::Impl(AlpacaStreamSettings settings, DataAuth keys, const Parts& parts,
                         core::ExchangeCalendar calendar)
    : settings_{std::move(settings)},
      keys_{std::move(keys)},
      parts_{parts},
      calendar_{calendar},
      random_{settings_.seed},
      reconnect_{settings_.reconnect, [this] { return random_(); }},
      statuses_{calendar},
      gate_{calendar, settings_.held_bars_max},
      watch_{settings_.watch, calendar} {
  if (!traits_of(settings_.feed).has_json) settings_.codec = Codec::Msgpack;
}

void AlpacaStream::Impl::start(std::span<const market::DataNeed> needs, market::EventSink& sink) {
  stop();
  const FeedTraits& feed = traits_of(settings_.feed);
  DataListener& listener = *this;
  subscription_ = std::make_shared<Subscription>(WantedData{feed, parts_.instruments, needs},
                                                 listener, settings_.decoder);
  sink_ = &sink;
  lines_.assign(parts_.instruments.size(), {});
  statuses_ = StatusBoard{calendar_};
  watch_ = FeedWatch{settings_.watch, calendar_};
  gate_.begin(subscription_->wanted.barred, parts_.clock.now());
  if (reconnect_.has_given_up())
    reconnect_ = net::Reconnect{settings_.reconnect, [this] { return random_(); }};

  const auto& unavailable = subscription_->wanted.unavailable;
  if (unavailable)
    parts_.log.warn("FEED_INSUFFICIENT", "the feed cannot give all that the bots need",
                    {{"reason", *unavailable}, {"feed", feed.name}, {"it_is", feed.description}});
  if (!subscription_->wanted.is_empty()) return connect_after(0ns);
  // Nothing to connect for: said once, from outside this call.
  arm(connect_task_, 0ns, [](Impl& self) {
    const auto& reason = self.subscription_->wanted.unavailable;
    self.tell(reason ? ProviderState::Down : ProviderState::Connected,
              reason.value_or(core::Code{}));
  });
}

void AlpacaStream::Impl::stop() {
  ++generation_;
  for (auto* task : {&connect_task_, &deadline_task_, &watch_task_, &back_fill_task_})
    parts_.scheduler.cancel(*task);
  if (session_) reconnect_.ended(now(), false);
  connection_.reset();
  lease_.reset();
  session_.reset();
  sink_ = nullptr;
  is_stale_ = false;
  gap_reason_ = {};
  told_.reset();
}

AlpacaStreamStats AlpacaStream::Impl::stats() const {
  AlpacaStreamStats stats = stats_;
  stats.is_streaming = session_ && session_->is_streaming();
  if (subscription_) stats.wire = subscription_->decoder.counters();
  stats.bars = gate_.counters();
  return stats;
}

void AlpacaStream::Impl::look() {
  const bool is_expected = std::ranges::any_of(subscription_->wanted.quoted,
                                               [&](auto id) { return !statuses_.is_halted(id); });
  const auto reading = watch_.look(now(), parts_.clock.now(), is_expected);
  arm(watch_task_, reading.look_again, [](Impl& self) { self.look(); });
  if (reading.state == FeedWatch::State::Silent) return step(Session::Silence{});
  is_stale_ = reading.state == FeedWatch::State::Stale;
  tell_state();
}

void AlpacaStream::Impl::tell_state() {
  if (!gap_reason_.empty()) return tell(ProviderState::Degraded, gap_reason_);
  if (is_stale_) return tell(ProviderState::Degraded, core::Code{"FEED_STALE"});
  // What the feed can never give stays unavailable; that is no reason to distrust the rest.
  tell(ProviderState::Connected, subscription_->wanted.unavailable.value_or(core::Code{}));
}

void AlpacaStream::Impl::tell(ProviderState state, core::Code reason) {
  if (told_ && told_->state == state && told_->reason == reason) return;
  told_ = market::ProviderStatus{settings_.provider, state, reason};
  // A copy: what is told may be told over while it is heard.
  const market::ProviderStatus status = *told_;
  sink_->on_provider_status(status);
}

void AlpacaStream::Impl::catch_up() {
  ++back_fill_;
  gate_.close();
  gap_reason_ = {};
  back_fill_pause_ = settings_.back_fill_pause_first;
  // Bars that end later are the stream's, also by a clock that is slow by that much.
  const core::Timestamp until = parts_.clock.now() + settings_.bar_settle;
  const auto gap = gate_.gap_until(until);
  if (!gap) return caught_up({}, std::chrono::floor<std::chrono::minutes>(until));
  ++stats_.back_fills;
  gap_reason_ = core::Code{"DATA_BACK_FILL"};
  const core::Duration wait = gap->until + settings_.bar_settle - parts_.clock.now();
  arm(back_fill_task_, wait, [gap = *gap](Impl& self) { self.ask_history(gap); });
  tell_state();
}

void AlpacaStream::Impl::ask_history(BarGate::Gap gap) {
  const auto instruments = gate_.instruments();
  parts_.history.minutes_of_all(
      {instruments.begin(), instruments.end()}, gap.from, gap.until,
      later([gap, request = ++back_fill_](Impl& self, core::Result<std::vector<market::Bar>> bars) {
        if (self.back_fill_ == request) self.on_history(gap, std::move(bars));
      }));
}

void AlpacaStream::Impl::on_history(BarGate::Gap gap, core::Result<std::vector<market::Bar>> bars) {
  if (bars) return caught_up(std::move(*bars), gap.until);
  parts_.log.warn("DATA_BACK_FILL_FAILED", bars.error().message,
                  {{"from", gap.from}, {"until", gap.until}});
  gap_reason_ = core::Code{"DATA_BACK_FILL_FAILED"};
  arm(back_fill_task_, back_fill_pause_, [gap](Impl& self) { self.ask_history(gap); });
  back_fill_pause_ = std::min(back_fill_pause_ * 2, settings_.back_fill_pause_max);
  tell_state();
}

void AlpacaStream::Impl::caught_up(std::vector<market::Bar> fetched, core::Timestamp until) {
  const std::uint64_t generation = generation_;
  for (const market::Bar& bar : gate_.fill(std::move(fetched), until)) {
    tell_bar(bar);
    if (generation_ != generation) return;
  }
  gap_reason_ = {};
  tell_state();
}

void AlpacaStream::Impl::on_quote(core::InstrumentId instrument, const TapeQuote& quote) {
  if (!tells(instrument, DataKind::Quotes)) return;
  watch_.heard(frame_time_);
  if (is_stale_) [[unlikely]] {
    look();
    if (!is_current()) return;
  }
  Line& line = lines_[instrument.value()];
  if (quote.time < line.quote_time) {
    ++stats_.late_quotes;
    return;
  }
  line.quote_time = quote.time;
  sink_->on_quote(to_market(instrument, quote));
}

void AlpacaStream::Impl::on_trade(core::InstrumentId instrument, const TapeTrade& tape) {
  if (!tells(instrument, DataKind::Trades)) return;
  const market::Trade trade = to_market(instrument, tape);
  tell_status(statuses_.apply(trade));
  if (!is_current()) return;
  if (!gate_.is_open()) {
    ++stats_.trades_withheld;
    return;
  }
  Line& line = lines_[instrument.value()];
  if (trade.time < line.trade_time) {
    ++stats_.late_trades;
    return;
  }
  line.trade_time = trade.time;
  sink_->on_trade(trade);
}

void AlpacaStream::Impl::on_bar(core::InstrumentId instrument, TapeBarKind kind,
                                const TapeBar& tape) {
  if (kind != TapeBarKind::Minute || !tells(instrument, DataKind::Bars)) return;
  const market::Bar bar{.instrument = instrument,
                        .start = tape.start,
                        .end = tape.start + 1min,
                        .open = tape.open,
                        .high = tape.high,
                        .low = tape.low,
                        .close = tape.close,
                        .volume = tape.volume,
                        .vwap = tape.vwap,
                        .trade_count = tape.trade_count};
  switch (gate_.take(bar)) {
    case BarGate::Verdict::Tell: return tell_bar(bar);
    case BarGate::Verdict::Overflow: return catch_up();
    case BarGate::Verdict::Drop:
    case BarGate::Verdict::Hold: return;
  }
}

void AlpacaStream::Impl::tell_bar(const market::Bar& bar) {
  // A print of this bar that comes after it is late: it cannot be in any bar any more.
  Line& line = lines_[bar.instrument.value()];
  line.trade_time = std::max(line.trade_time, bar.end);
  sink_->on_bar(bar);
}

void AlpacaStream::Impl::on_status(core::InstrumentId instrument, const TapeStatus& status) {
  if (!tells(instrument, DataKind::Statuses)) return;
  tell_status(statuses_.apply(instrument, status));
}

void AlpacaStream::Impl::on_bands(core::InstrumentId instrument, const TapeBands& bands) {
  if (!tells(instrument, DataKind::Statuses)) return;
  tell_status(statuses_.apply(instrument, bands));
}

void AlpacaStream::Impl::tell_status(const market::TradingStatus* status) {
  if (status == nullptr) return;
  const market::TradingStatus copy = *status;
  // A halt or its end changes whether quotes are expected.
  const bool is_halted = copy.state != market::TradingState::Trading;
  const bool was_halted = std::exchange(lines_[copy.instrument.value()].is_halted, is_halted);
  if (is_halted != was_halted && !subscription_->wanted.quoted.empty())
    arm(watch_task_, 0ns, [](Impl& self) { self.look(); });
  sink_->on_trading_status(copy);
}

void AlpacaStream::Impl::on_correction(core::InstrumentId /*instrument*/,
                                       const TapeCorrection& /*correction*/) {
  ++stats_.corrections;
}

void AlpacaStream::Impl::on_cancel(core::InstrumentId /*instrument*/,
                                   const TapeCancel& /*cancel*/) {
  ++stats_.corrections;
}

void AlpacaStream::Impl::on_success(std::string_view message) {
  if (!is_current()) return;
  if (message == "connected") step(Session::Greeted{});
  if (message == "authenticated") step(Session::Authenticated{});
}

void AlpacaStream::Impl::on_error(std::uint32_t code, std::string_view message) {
  if (!is_current()) return;
  parts_.log.warn("DATA_STREAM_ERROR", shown(message), {{"code", code}});
  step(Session::Refused{code});
}

void AlpacaStream::Impl::on_subscription(const Channels& channels) {
  if (is_current()) step(Session::Subscribed{channels});
}

void AlpacaStream::Impl::on_refused(const RefusedMessage& message) {
  if (!is_current()) return;
  parts_.log.debug(
      "DATA_MESSAGE_REFUSED", explanation_of(message.refusal),
      {{"type", shown(message.type)}, {"symbol", shown(message.symbol)}, {"field", message.field}});
}

}  // namespace st0ck::alpaca
