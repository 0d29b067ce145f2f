#include "src/app/exchange/bar_ticks.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace st0ck::app::exchange {

namespace {

using market::Phase;
using market::TapeEvent;

constexpr core::Duration kPrepareBefore = std::chrono::minutes{10};
constexpr core::Duration kBeforeEnd = std::chrono::milliseconds{1};
constexpr core::Price kPriceMin = core::Price::from_raw(1'000'000);
constexpr std::int64_t kPrints = 4;

TapeEvent phase_event(Phase phase, const core::Session& session, core::Timestamp time) {
  return {time, market::SessionPhase{phase, session}};
}

}  // namespace

core::Result<std::unique_ptr<BarTicks>> BarTicks::open(
    std::vector<std::unique_ptr<market::BarSource>> sources, const core::ExchangeCalendar& calendar,
    const BarTicksSettings& settings) {
  std::unique_ptr<BarTicks> ticks{new BarTicks{calendar, settings}};
  for (auto& source : sources) {
    Feed feed{.source = std::move(source)};
    const core::Timestamp from{std::chrono::sys_days{settings.from}};
    do {
      if (auto status = ticks->read(feed); !status) return tl::unexpected(status.error());
    } while (feed.next && feed.next->start < from);
    ticks->feeds_.push_back(std::move(feed));
  }
  if (!ticks->next_start())
    return core::fail(core::Errc::BadInput,
                      "market: no bar from the first session on, allowed are recorded bars");
  return ticks;
}

core::Status BarTicks::read(Feed& feed) {
  auto bar = feed.source->next();
  if (!bar) return tl::unexpected(bar.error());
  feed.next = *bar;
  return {};
}

std::optional<core::Timestamp> BarTicks::next_start() const {
  std::optional<core::Timestamp> first;
  for (const Feed& feed : feeds_)
    if (feed.next && (!first || feed.next->start < *first)) first = feed.next->start;
  return first;
}

/// One minute of all instruments, or the end of a session.
core::Result<std::span<const TapeEvent>> BarTicks::next_several() {
  events_.clear();
  const auto start = next_start();
  if (session_ && (!start || *start >= session_->close)) end_session();
  if (!start) return std::span<const TapeEvent>{events_};
  if (!session_) {
    const auto session = calendar_.session_at(*start);
    if (!session)
      return core::fail(core::Errc::BadInput,
                        "market: a bar outside the sessions, allowed are bars of regular hours");
    begin_session(*session);
  }
  for (Feed& feed : feeds_) {
    if (!feed.next || feed.next->start != *start) continue;
    const market::Bar bar = *feed.next;
    if (auto status = read(feed); !status) return tl::unexpected(status.error());
    add_bar(feed, bar, !feed.next || feed.next->start >= session_->close);
  }
  std::ranges::stable_sort(events_, {}, &TapeEvent::time);
  return std::span<const TapeEvent>{events_};
}

void BarTicks::begin_session(const core::Session& session) {
  session_ = session;
  events_.push_back(phase_event(Phase::Prepare, session, session.open - kPrepareBefore));
  events_.push_back(phase_event(Phase::Open, session, session.open));
}

void BarTicks::end_session() {
  events_.push_back(phase_event(Phase::Close, *session_, session_->close));
  session_.reset();
}

void BarTicks::add_bar(Feed& feed, const market::Bar& bar, bool is_last) {
  const bool low_first = bar.open - bar.low <= bar.high - bar.open;
  const std::array<core::Price, kPrints> prices{bar.open, low_first ? bar.low : bar.high,
                                                low_first ? bar.high : bar.low, bar.close};
  const core::Volume part = core::Volume::from_raw(bar.volume.raw() / kPrints)
                                .rounded_to(core::Volume::whole(1), core::Rounding::ToZero);
  const bool is_first = std::exchange(feed.last_session, session_->date) != session_->date;
  const core::Duration step = (bar.end - bar.start) / kPrints;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const bool is_close = i + 1 == prices.size();
    const core::Timestamp time =
        is_close ? bar.end - kBeforeEnd : bar.start + step * static_cast<std::int64_t>(i);
    market::Quote quote;
    quote.instrument = bar.instrument;
    quote.time = time;
    quote.bid = std::max(prices[i] - settings_.half_spread, kPriceMin);
    quote.ask = prices[i] + settings_.half_spread;
    quote.bid_size = quote.ask_size = settings_.quote_size;
    events_.push_back({time, quote});
    market::Trade trade;
    trade.instrument = bar.instrument;
    trade.time = time;
    trade.price = prices[i];
    trade.size = is_close ? bar.volume - part - part - part : part;
    if (is_first && i == 0) trade.conditions = market::SaleConditions{"O"};
    if (is_last && is_close) trade.conditions = market::SaleConditions{"6"};
    trade.exchange = 'P';
    if (trade.size.is_positive()) events_.push_back({time, trade});
  }
}

}  // namespace st0ck::app::exchange
