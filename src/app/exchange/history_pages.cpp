#include "src/app/exchange/history_pages.hpp"

#include "src/app/exchange/tape_rows.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {

namespace {

using core::Timestamp;

Timestamp time_of(const market::Quote& quote) { return quote.time; }
Timestamp time_of(const NumberedTrade& trade) { return trade.trade.time; }
Timestamp time_of(const alpaca::TapeBar& bar) { return bar.start; }

/// Fills one page with rows that come in the order of the question.
template <typename Row>
class PageFiller {
 public:
  explicit PageFiller(const HistoryRequest& request) : request_{request} {}

  /// Where the page begins in the rows of a symbol; false for one that earlier pages have told.
  bool begin(const std::string& symbol) {
    symbol_ = symbol;
    same_time_ = 0;
    last_.reset();
    skip_ = 0;
    from_ = request_.start;
    until_ = request_.end;
    if (!request_.cursor || symbol > request_.cursor->symbol) return true;
    if (symbol < request_.cursor->symbol) return false;
    skip_ = request_.cursor->skip;
    (request_.is_descending ? until_ : from_) = request_.cursor->time;
    // The cursor is the client's: it may not lead out of the question.
    from_ = std::max(from_, request_.start);
    until_ = std::min(until_, request_.end);
    return true;
  }

  Timestamp from() const { return from_; }
  Timestamp until() const { return until_; }

  /// `rows` are all in the order of time; false when the page is full.
  template <typename Tick, typename Convert>
  bool add(std::span<const Tick> rows, const Convert& convert) {
    const auto first =
        std::ranges::lower_bound(rows, from_, {}, [](const Tick& tick) { return time_of(tick); });
    const auto last =
        std::ranges::upper_bound(rows, until_, {}, [](const Tick& tick) { return time_of(tick); });
    if (first >= last) return true;
    const std::span<const Tick> wanted{first, last};
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (!add_one(wanted[request_.is_descending ? wanted.size() - 1 - i : i], convert))
        return false;
    return true;
  }

  alpaca::HistoryPage<Row> take() { return std::move(page_); }

 private:
  template <typename Tick, typename Convert>
  bool add_one(const Tick& tick, const Convert& convert) {
    const Timestamp time = time_of(tick);
    same_time_ = last_ == time ? same_time_ + 1 : 0;
    last_ = time;
    if (request_.cursor && time == request_.cursor->time && same_time_ < skip_) return true;
    if (rows_ == request_.limit) {
      page_.next_page_token = PageCursor{symbol_, time, same_time_}.token();
      return false;
    }
    page_.rows[symbol_].push_back(convert(tick));
    ++rows_;
    return true;
  }

  const HistoryRequest& request_;
  alpaca::HistoryPage<Row> page_;
  std::string symbol_;
  Timestamp from_{};
  Timestamp until_{};
  std::uint32_t skip_ = 0;
  std::optional<Timestamp> last_;
  std::uint32_t same_time_ = 0;  ///< Rows of the time of the last one, besides itself.
  std::size_t rows_ = 0;
};

/// The sessions of the history and the running one, the oldest first.
class Days {
 public:
  explicit Days(const MarketRecord& record) : record_{record}, past_{record.history().days()} {}

  std::size_t size() const { return past_.size() + (record_.day() != nullptr ? 1U : 0U); }
  const DayRecord& operator[](std::size_t place) const {
    return place < past_.size() ? past_[place] : *record_.day();
  }
  bool is_past(std::size_t place) const { return place < past_.size(); }

 private:
  const MarketRecord& record_;
  const std::deque<DayRecord>& past_;
};

bool overlaps(const core::Session& session, Timestamp from, Timestamp until) {
  const Timestamp begin = core::from_new_york(session.date, core::Duration::zero());
  return begin <= until && begin + std::chrono::hours{25} > from;
}

template <typename Row, typename Tick, typename RowsOf>
core::Result<alpaca::HistoryPage<Row>> ticks_page(const MarketRecord& record,
                                                  const HistoryRequest& request,
                                                  const RowsOf& rows_of) {
  const Days days{record};
  PageFiller<Row> page{request};
  for (const std::string& symbol : request.symbols) {
    const auto* instrument = record.instruments().find(core::Symbol{symbol});
    if (instrument == nullptr || !page.begin(symbol)) continue;
    const TapeListing listing = tape_listing(record.listing_exchange(instrument->id));
    const auto convert = [&](const Tick& tick) { return tape_row(tick, listing); };
    const std::size_t place_in_ticks = instrument->id.value();
    for (std::size_t i = 0; i < days.size(); ++i) {
      const std::size_t place = request.is_descending ? days.size() - 1 - i : i;
      if (!overlaps(days[place].session, page.from(), page.until())) continue;
      bool has_room = true;
      if (days.is_past(place)) {
        const auto ticks = record.history().ticks(place);
        if (!ticks) return tl::unexpected(ticks.error());
        if (place_in_ticks < (*ticks)->size())
          has_room = page.add(std::span<const Tick>{rows_of((**ticks)[place_in_ticks])}, convert);
      } else {
        has_room =
            page.add(std::span<const Tick>{rows_of(record.ticks()[place_in_ticks])}, convert);
      }
      if (!has_room) return page.take();
    }
  }
  return page.take();
}

/// The bars of an instrument from the beginning of one on.
std::vector<alpaca::TapeBar> bars_of(const Days& days, core::InstrumentId instrument,
                                     const Timeframe& timeframe, const Adjustment& adjustment,
                                     Timestamp from) {
  // Back from the last session, because each is adjusted by all actions after it.
  std::vector<std::vector<market::Bar>> sessions;
  BarAdjuster adjuster{adjustment};
  for (std::size_t place = days.size(); place-- > 0;) {
    if (instrument.value() >= days[place].instruments.size()) continue;
    const InstrumentDay& day = days[place].instruments[instrument.value()];
    if (days[place].session.close < from) break;
    auto& minutes = sessions.emplace_back();
    for (const market::Bar& minute : day.minutes) minutes.push_back(adjuster.adjusted(minute));
    std::optional<core::Price> last_close;
    if (place > 0 && !day.actions.empty())
      if (const auto before = days[place - 1].instruments[instrument.value()].session.bar())
        last_close = before->close;
    adjuster.step_over(day.actions, last_close);
  }
  std::vector<alpaca::TapeBar> bars;
  BarFold fold;
  Timestamp start = Timestamp::min();
  const auto finish = [&] {
    if (const auto bar = fold.bar()) bars.push_back(tape_row(*bar, start));
    fold = {};
  };
  for (auto minutes = sessions.rbegin(); minutes != sessions.rend(); ++minutes) {
    for (const market::Bar& minute : *minutes) {
      const Timestamp bucket = timeframe.start_of(minute.start);
      if (bucket != start) finish();
      start = bucket;
      fold.add(minute);
    }
  }
  finish();
  return bars;
}

}  // namespace

core::Result<alpaca::HistoryPage<alpaca::TapeBar>> bars_page(const MarketRecord& record,
                                                             const HistoryRequest& request,
                                                             const Timeframe& timeframe,
                                                             const Adjustment& adjustment) {
  const Days days{record};
  PageFiller<alpaca::TapeBar> page{request};
  for (const std::string& symbol : request.symbols) {
    const auto* instrument = record.instruments().find(core::Symbol{symbol});
    if (instrument == nullptr || !page.begin(symbol)) continue;
    const auto bars =
        bars_of(days, instrument->id, timeframe, adjustment, timeframe.start_of(page.from()));
    const auto same = [](const alpaca::TapeBar& bar) { return bar; };
    if (!page.add(std::span<const alpaca::TapeBar>{bars}, same)) break;
  }
  return page.take();
}

core::Result<alpaca::HistoryPage<alpaca::TapeTrade>> trades_page(const MarketRecord& record,
                                                                 const HistoryRequest& request) {
  return ticks_page<alpaca::TapeTrade, NumberedTrade>(
      record, request, [](const InstrumentTicks& ticks) -> const auto& { return ticks.trades; });
}

core::Result<alpaca::HistoryPage<alpaca::TapeQuote>> quotes_page(const MarketRecord& record,
                                                                 const HistoryRequest& request) {
  return ticks_page<alpaca::TapeQuote, market::Quote>(
      record, request, [](const InstrumentTicks& ticks) -> const auto& { return ticks.quotes; });
}

}  // namespace st0ck::app::exchange
