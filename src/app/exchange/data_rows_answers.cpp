// History, latest values, snapshots and auctions.

#include "src/app/exchange/data_queries.hpp"
#include "src/app/exchange/history_pages.hpp"
#include "src/app/exchange/tape_rows.hpp"
#include "st0ck/adapters/alpaca/wire/data/snapshot.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {

namespace {

net::ServerResponse refusal(const BadRequest& bad) { return data_error(bad.status, bad.message); }

net::ServerResponse json(std::string body) { return {.body = std::move(body)}; }

Asked<std::vector<std::string>> asked_symbols(const DataQuestion& question,
                                              std::string_view symbol) {
  if (symbol.empty()) return symbols_of(question.target);
  auto one = symbol_of(symbol);
  if (!one) return tl::unexpected(std::move(one.error()));
  return std::vector<std::string>{std::move(*one)};
}

template <typename Page>
net::ServerResponse page_answer(const core::Result<Page>& page, std::string_view symbol) {
  if (!page) return data_error(500, page.error().message);
  return json(symbol.empty() ? to_json(*page) : to_json_of_one(*page, symbol));
}

/// The last tick at or before a moment of the running day.
template <typename Tick, typename TimeOf>
std::optional<Tick> last_at(const std::vector<Tick>& ticks, core::Timestamp time,
                            const TimeOf& time_of) {
  const auto after = std::ranges::upper_bound(ticks, time, {}, time_of);
  return after == ticks.begin() ? std::nullopt : std::optional{*std::prev(after)};
}

/// What was the latest at some moment: now, or by a feed that is late.
class Latest {
 public:
  Latest(const DataQuestion& question, Feed feed)
      : record_{question.record},
        is_late_{feed == Feed::DelayedSip},
        time_{is_late_ ? question.now - kSipDelay : question.now} {}

  std::optional<alpaca::TapeTrade> trade(core::InstrumentId id) const {
    const auto found = is_late_ ? last_at(record_.ticks()[id.value()].trades, time_,
                                          [](const auto& each) { return each.trade.time; })
                                : record_.numbered_trade(id);
    if (!found) return std::nullopt;
    return tape_row(*found, tape_listing(record_.listing_exchange(id)));
  }

  std::optional<alpaca::TapeQuote> quote(core::InstrumentId id) const {
    const auto found =
        is_late_ ? last_at(record_.ticks()[id.value()].quotes, time_, &market::Quote::time)
                 : record_.quote(id);
    if (!found) return std::nullopt;
    return tape_row(*found, tape_listing(record_.listing_exchange(id)));
  }

  std::optional<alpaca::TapeBar> minute_bar(core::InstrumentId id) const {
    const auto found =
        is_late_ && record_.day() != nullptr
            ? last_at(record_.day()->instruments[id.value()].minutes, time_, &market::Bar::end)
            : record_.minute_bar(id);
    if (!found) return std::nullopt;
    return tape_row(*found, found->start);
  }

  std::optional<alpaca::TapeBar> daily_bar(core::InstrumentId id) const {
    if (!is_late_ || record_.day() == nullptr) return day_row(record_.daily_bar(id));
    BarFold fold;
    for (const market::Bar& minute : record_.day()->instruments[id.value()].minutes)
      if (minute.end <= time_) fold.add(minute);
    if (auto bar = fold.bar()) return day_row(bar);
    const auto& days = record_.history().days();
    if (days.empty()) return std::nullopt;
    return day_row(days.back().instruments[id.value()].session.bar());
  }

  std::optional<alpaca::TapeBar> previous_daily_bar(
      core::InstrumentId id, const std::optional<alpaca::TapeBar>& daily) const {
    const auto& days = record_.history().days();
    for (auto day = days.rbegin(); day != days.rend(); ++day) {
      const auto row = day_row(day->instruments[id.value()].session.bar());
      if (row && daily && row->start < daily->start) return row;
    }
    return std::nullopt;
  }

 private:
  /// Day bars begin at midnight in New York.
  static std::optional<alpaca::TapeBar> day_row(const std::optional<market::Bar>& bar) {
    if (!bar) return std::nullopt;
    const core::Date date = core::to_new_york(bar->start).date;
    return tape_row(*bar, core::from_new_york(date, core::Duration::zero()));
  }

  const MarketRecord& record_;
  bool is_late_;
  core::Timestamp time_;
};

/// Of many symbols a map of those that have a value; of one its value, or 404.
template <typename Row, typename Find>
net::ServerResponse latest_rows(const DataQuestion& question, std::string_view symbol,
                                std::string_view what, const Find& find) {
  const auto symbols = asked_symbols(question, symbol);
  if (!symbols) return refusal(symbols.error());
  alpaca::Latest<Row> latest;
  for (const std::string& each : *symbols)
    if (const auto* instrument = question.record.instruments().find(core::Symbol{each}))
      if (const auto row = find(instrument->id)) latest.emplace(each, *row);
  if (symbol.empty()) return json(to_json(latest));
  if (latest.empty()) return data_error(404, fmt::format("no {} found for {}", what, symbol));
  return json(alpaca::to_json_of_one(symbol, latest.begin()->second));
}

std::string prints_json(const InstrumentDay& day, std::string_view letters, core::Timestamp until) {
  std::string out;
  for (const NumberedTrade& each : day.auctions) {
    const market::Trade& print = each.trade;
    if (print.time > until || print.conditions.view().find_first_of(letters) == std::string::npos)
      continue;
    if (!out.empty()) out += ',';
    out += fmt::format(R"({{"t":"{}","x":"{}","p":{},"s":{},"c":"{}"}})",
                       core::format_utc(print.time), print.exchange, print.price.to_string(0),
                       print.size.to_string(0), print.conditions);
  }
  return out;
}

/// One row for each day: its opening and closing auctions.
std::string auctions_json(const DayRecord& day, core::InstrumentId id, core::Timestamp until) {
  const InstrumentDay& of = day.instruments[id.value()];
  return fmt::format(R"({{"d":"{}","o":[{}],"c":[{}]}})", core::format_date(day.session.date),
                     prints_json(of, "O", until), prints_json(of, "6", until));
}

}  // namespace

net::ServerResponse history_answer(const DataQuestion& question, std::string_view symbol,
                                   std::string_view rows) {
  auto symbols = asked_symbols(question, symbol);
  if (!symbols) return refusal(symbols.error());
  const auto request =
      history_request(question.target, std::move(*symbols), question.now, question.plan);
  if (!request) return refusal(request.error());
  if (rows == "trades") return page_answer(trades_page(question.record, *request), symbol);
  if (rows == "quotes") return page_answer(quotes_page(question.record, *request), symbol);
  const auto timeframe = timeframe_of(question.target);
  if (!timeframe) return refusal(timeframe.error());
  const auto adjustment = adjustment_of(question.target);
  if (!adjustment) return refusal(adjustment.error());
  return page_answer(bars_page(question.record, *request, *timeframe, *adjustment), symbol);
}

net::ServerResponse latest_answer(const DataQuestion& question, std::string_view symbol,
                                  std::string_view rows) {
  const auto feed = latest_feed(question.target, question.plan);
  if (!feed) return refusal(feed.error());
  const Latest latest{question, *feed};
  if (rows == "trades")
    return latest_rows<alpaca::TapeTrade>(question, symbol, "trade",
                                          [&](auto id) { return latest.trade(id); });
  if (rows == "quotes")
    return latest_rows<alpaca::TapeQuote>(question, symbol, "quote",
                                          [&](auto id) { return latest.quote(id); });
  return latest_rows<alpaca::TapeBar>(question, symbol, "bar",
                                      [&](auto id) { return latest.minute_bar(id); });
}

net::ServerResponse snapshots_answer(const DataQuestion& question, std::string_view symbol) {
  const auto symbols = asked_symbols(question, symbol);
  if (!symbols) return refusal(symbols.error());
  const auto feed = latest_feed(question.target, question.plan);
  if (!feed) return refusal(feed.error());
  const Latest latest{question, *feed};
  std::map<std::string, alpaca::Snapshot> snapshots;
  for (const std::string& each : *symbols) {
    const auto* instrument = question.record.instruments().find(core::Symbol{each});
    if (instrument == nullptr) continue;
    const core::InstrumentId id = instrument->id;
    alpaca::Snapshot snapshot{.latest_trade = latest.trade(id),
                              .latest_quote = latest.quote(id),
                              .minute_bar = latest.minute_bar(id),
                              .daily_bar = latest.daily_bar(id)};
    snapshot.previous_daily_bar = latest.previous_daily_bar(id, snapshot.daily_bar);
    snapshots.emplace(each, snapshot);
  }
  if (symbol.empty()) return json(alpaca::stock_snapshots_json(snapshots));
  if (snapshots.empty()) return data_error(404, fmt::format("no snapshot found for {}", symbol));
  return json(alpaca::stock_snapshot_json(symbol, snapshots.begin()->second));
}

net::ServerResponse auctions_answer(const DataQuestion& question, std::string_view symbol) {
  auto symbols = asked_symbols(question, symbol);
  if (!symbols) return refusal(symbols.error());
  const auto request =
      history_request(question.target, std::move(*symbols), question.now, question.plan);
  if (!request) return refusal(request.error());
  const auto& past = question.record.history().days();
  const std::size_t days = past.size() + (question.record.day() != nullptr ? 1U : 0U);
  std::string body;
  std::size_t rows = 0;
  std::optional<std::string> token;
  for (const std::string& each : request->symbols) {
    const auto* instrument = question.record.instruments().find(core::Symbol{each});
    if (instrument == nullptr || (request->cursor && each < request->cursor->symbol)) continue;
    std::string list;
    for (std::size_t i = 0; i < days && !token; ++i) {
      const std::size_t place = request->is_descending ? days - 1 - i : i;
      const DayRecord& day = place < past.size() ? past[place] : *question.record.day();
      const core::Timestamp begin = core::from_new_york(day.session.date, core::Duration::zero());
      // A day is asked for by its sessions' hours.
      if (day.session.close < request->start || day.session.open > request->end) continue;
      if (request->cursor && each == request->cursor->symbol &&
          (request->is_descending ? begin > request->cursor->time : begin < request->cursor->time))
        continue;
      if (rows == request->limit) {
        token = PageCursor{each, begin, 0}.token();
        break;
      }
      ++rows;
      if (!list.empty()) list += ',';
      list += auctions_json(day, instrument->id, request->end);
    }
    if (symbol.empty() && !list.empty())
      body += fmt::format(R"({}"{}":[{}])", body.empty() ? "" : ",", each, list);
    else if (!symbol.empty())
      body = std::move(list);
    if (token) break;
  }
  const std::string next = token ? fmt::format(R"("{}")", *token) : "null";
  if (symbol.empty())
    return json(fmt::format(R"({{"auctions":{{{}}},"next_page_token":{}}})", body, next));
  return json(
      fmt::format(R"({{"auctions":[{}],"symbol":"{}","next_page_token":{}}})", body, symbol, next));
}

}  // namespace st0ck::app::exchange
