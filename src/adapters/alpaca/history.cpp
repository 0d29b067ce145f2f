#include "st0ck/adapters/alpaca/history.hpp"

#include "pages.hpp"
#include "st0ck/adapters/alpaca/wire/data/history.hpp"
#include "st0ck/adapters/alpaca/wire/query.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/market/session_cursor.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <tuple>
#include <utility>

namespace st0ck::alpaca {

namespace {

using namespace std::chrono_literals;
using core::Errc;
using market::Bar;
using market::BarInterval;
using BarRows = HistoryPage<TapeBar>;

constexpr core::Duration kHalfHour = 30min;

std::string timeframe_of(BarInterval interval) {
  if (interval.is_session()) return "1Day";
  return fmt::format("{}Min", interval.length() / 1min);
}

std::string_view word_of(market::Adjustment adjustment) {
  switch (adjustment) {
    case market::Adjustment::None: return "raw";
    case market::Adjustment::Splits: return "split";
    case market::Adjustment::All: return "all";
  }
  return "raw";
}

/// A day bar is stamped with midnight in New York.
core::Timestamp stamp_of(BarInterval interval, core::Timestamp time) {
  if (!interval.is_session()) return time;
  return core::from_new_york(core::to_new_york(time).date, 0ns);
}

void append(BarRows& whole, BarRows page) {
  for (auto& [symbol, rows] : page.rows) {
    auto& all = whole.rows[symbol];
    all.insert(all.end(), rows.begin(), rows.end());
  }
}

/// The address of each page of a list of bars.
auto pages_of(const HistoryQuery& asked) {
  return [query = asked](const std::optional<std::string>& token) mutable {
    query.page_token = token;
    return "/v2/stocks/bars?" + to_query(query);
  };
}

/// Gives the rows of regular hours their bars, in the order in which they came.
class BarReader {
 public:
  BarReader(core::ExchangeCalendar calendar, BarInterval interval)
      : sessions_{calendar}, interval_{interval} {}

  /// Nothing for a row outside the regular hours.
  std::optional<Bar> bar_of(core::InstrumentId instrument, const TapeBar& row) {
    const core::Session* session = sessions_.on_date_of(row.start);
    if (session == nullptr) return std::nullopt;
    if (interval_.is_session()) return made(instrument, row, session->open, session->close);
    if (!market::is_regular_hours(*session, row.start)) return std::nullopt;
    const auto bucket = interval_.bucket_at(*session, row.start);
    return made(instrument, row, bucket.start, bucket.end);
  }

 private:
  static Bar made(core::InstrumentId instrument, const TapeBar& row, core::Timestamp start,
                  core::Timestamp end) {
    return {.instrument = instrument,
            .start = start,
            .end = end,
            .open = row.open,
            .high = row.high,
            .low = row.low,
            .close = row.close,
            .volume = row.volume,
            .vwap = row.vwap,
            .trade_count = row.trade_count};
  }

  market::SessionCursor sessions_;
  BarInterval interval_;
};

}  // namespace

/// A gap that is being filled, some symbols at a time.
struct AlpacaHistory::Gap {
  std::vector<core::InstrumentId> instruments;
  core::Timestamp from;
  core::Timestamp until;
  GapDone done;
  std::size_t asked = 0;
  std::vector<Bar> bars{};
};

AlpacaHistory::AlpacaHistory(AlpacaHistorySettings settings, const Parts& parts,
                             core::ExchangeCalendar calendar)
    : settings_{settings}, parts_{parts}, calendar_{calendar} {}

core::Status AlpacaHistory::check(const market::BarsRequest& request) const {
  if (request.instrument.value() >= parts_.instruments.size())
    return core::fail(Errc::NotFound, "history: no instrument {}", request.instrument.value());
  const auto& instrument = parts_.instruments[request.instrument];
  if (instrument.asset_class != market::AssetClass::Equity)
    return core::fail(Errc::OutOfRange, "history {}: an option, allowed are stocks",
                      instrument.symbol);
  if (request.until < request.from)
    return core::fail(Errc::OutOfRange, "history {}: the period ends before it begins",
                      instrument.symbol);
  if (request.bars_max == 0 || request.bars_max > settings_.rows_per_page)
    return core::fail(Errc::OutOfRange, "history {}: found a page of {} bars, allowed are 1 to {}",
                      instrument.symbol, request.bars_max, settings_.rows_per_page);
  const core::Duration length = request.interval.length();
  if (!request.interval.is_session() && (length % 1min != 0ns || kHalfHour % length != 0ns))
    return core::fail(Errc::OutOfRange,
                      "history {}: found bars of {}, allowed are whole minutes that divide half an "
                      "hour, and sessions",
                      instrument.symbol, request.interval.to_string());
  return {};
}

void AlpacaHistory::bars(const market::BarsRequest& request, BarsDone done) {
  if (const auto sound = check(request); !sound)
    return parts_.reader.answer_soon(guard_.wrap(
        [done = std::move(done), error = sound.error()] { done(tl::unexpected(error)); }));
  const std::string symbol = parts_.instruments[request.instrument].symbol.str();

  // What is not over yet has no bar.
  const core::Timestamp until = std::min(request.until, parts_.clock.now());
  HistoryQuery query;
  query.symbols = {symbol};
  query.timeframe = timeframe_of(request.interval);
  query.adjustment = word_of(request.adjustment);
  query.start = stamp_of(request.interval, request.from);
  query.end = stamp_of(request.interval, until);
  query.feed = traits_of(settings_.feed).name;
  query.sort = Direction::Ascending;
  query.limit = static_cast<std::uint32_t>(settings_.rows_per_page);

  // Rows become bars page by page, so that what is outside the hours takes no place.
  auto page = std::make_shared<market::BarsPage>();
  auto reader = std::make_shared<BarReader>(calendar_, request.interval);
  const core::Clock* clock = &parts_.clock;
  auto take = [=](BarRows& /*whole*/, BarRows rows) {
    for (const TapeBar& row : rows.rows[symbol]) {
      const auto bar = reader->bar_of(request.instrument, row);
      if (!bar || bar->start < request.from || bar->start >= request.until) continue;
      if (bar->end > clock->now() || market::defect_of(*bar)) continue;
      page->bars.push_back(*bar);
    }
  };
  PageWalk<BarRows>::begin(
      parts_.reader,
      {.group = EndpointGroup::Bars,
       .target = pages_of(query),
       .read = read_bars_page,
       .merge = std::move(take),
       .is_enough = [page, bars_max = request.bars_max](
                        const BarRows&) { return page->bars.size() >= bars_max; },
       .pages_max = settings_.pages_max},
      guard_.wrap(
          [page, bars_max = request.bars_max, done = std::move(done)](core::Result<BarRows> rows) {
            if (!rows) return done(tl::unexpected(std::move(rows.error())));
            const bool is_cut = page->bars.size() > bars_max;
            if (is_cut)
              page->bars.erase(page->bars.begin() + static_cast<std::ptrdiff_t>(bars_max),
                               page->bars.end());
            if (is_cut || rows->next_page_token) page->next = page->bars.back().start + 1ns;
            done(std::move(*page));
          }));
}

void AlpacaHistory::minutes_of_all(std::vector<core::InstrumentId> instruments,
                                   core::Timestamp from, core::Timestamp until, GapDone done) {
  auto gap = std::make_shared<Gap>(Gap{std::move(instruments), from, until, std::move(done)});
  parts_.reader.answer_soon(guard_.wrap([this, gap] { ask_next(gap); }));
}

void AlpacaHistory::ask_next(std::shared_ptr<Gap> gap) {
  if (gap->asked == gap->instruments.size() || gap->until <= gap->from) {
    std::ranges::sort(gap->bars, {},
                      [](const Bar& bar) { return std::tuple{bar.start, bar.instrument}; });
    return gap->done(std::move(gap->bars));
  }
  std::map<std::string, core::InstrumentId> wanted;
  HistoryQuery query;
  const std::size_t end = std::min(gap->asked + settings_.symbols_max, gap->instruments.size());
  for (; gap->asked < end; ++gap->asked) {
    const auto id = gap->instruments[gap->asked];
    wanted.emplace(parts_.instruments[id].symbol.str(), id);
    query.symbols.push_back(parts_.instruments[id].symbol.str());
  }
  query.timeframe = timeframe_of(BarInterval::minutes(1));
  query.adjustment = word_of(market::Adjustment::None);
  query.start = gap->from;
  query.end = gap->until - 1ns;
  query.feed = traits_of(settings_.feed).name;
  query.sort = Direction::Ascending;
  query.limit = static_cast<std::uint32_t>(settings_.rows_per_page);

  PageWalk<BarRows>::begin(
      parts_.reader,
      {.group = EndpointGroup::Bars,
       .target = pages_of(query),
       .read = read_bars_page,
       .merge = append,
       .pages_max = settings_.pages_max},
      guard_.wrap([this, gap, wanted = std::move(wanted)](core::Result<BarRows> rows) {
        if (!rows) return gap->done(tl::unexpected(std::move(rows.error())));
        BarReader reader{calendar_, BarInterval::minutes(1)};
        for (const auto& [symbol, id] : wanted) {
          for (const TapeBar& row : rows->rows[symbol]) {
            const auto bar = reader.bar_of(id, row);
            if (bar && bar->start >= gap->from && bar->start < gap->until)
              gap->bars.push_back(*bar);
          }
        }
        ask_next(gap);
      }));
}

}  // namespace st0ck::alpaca
