#include "st0ck/adapters/alpaca/market_reader.hpp"

#include "pages.hpp"
#include "st0ck/core/new_york_time.hpp"

#include <utility>

namespace st0ck::alpaca {

namespace {

using core::Errc;

constexpr std::int64_t kRoundLot = 100;

/// The first day on which sizes are told in shares.
core::Timestamp shares_since() {
  static const core::Timestamp since =
      core::from_new_york(core::Date{std::chrono::year{2025} / 11 / 3}, {});
  return since;
}

core::Volume lots_in_shares(core::Volume lots) {
  const auto raw = core::narrow(core::Int128{lots.raw()} * kRoundLot);
  return raw ? core::Volume::from_raw(*raw) : core::Volume::max();
}

/// Gives a reading of a body its place among the errors.
template <typename Value>
core::Result<Value> read_or_corrupt(core::Result<Value> value) {
  if (!value) return tl::unexpected(core::Error{Errc::Corrupt, std::move(value.error().message)});
  return value;
}

core::Result<Latest<TapeQuote>> read_quotes_in_shares(std::string_view body) {
  auto quotes = read_latest_quotes(body);
  if (quotes)
    for (auto& [symbol, quote] : *quotes) quote = in_shares(quote);
  return quotes;
}

core::Result<MarketReader::Snapshots> read_snapshots_in_shares(std::string_view body) {
  auto snapshots = read_stock_snapshots(body);
  if (snapshots)
    for (auto& [symbol, snapshot] : *snapshots)
      if (snapshot.latest_quote) snapshot.latest_quote = in_shares(*snapshot.latest_quote);
  return snapshots;
}

}  // namespace

TapeQuote in_shares(TapeQuote quote) {
  if (quote.time >= shares_since()) return quote;
  quote.bid_size = lots_in_shares(quote.bid_size);
  quote.ask_size = lots_in_shares(quote.ask_size);
  return quote;
}

MarketReader::MarketReader(MarketReaderSettings settings, RestReader& reader)
    : settings_{settings}, reader_{reader} {}

template <typename Value, typename Read>
void MarketReader::ask(EndpointGroup group, std::string_view path, const Symbols& symbols,
                       Read read, Done<Value> done) {
  if (symbols.empty() || symbols.size() > settings_.symbols_max) {
    const core::Error refusal{Errc::OutOfRange,
                              fmt::format("{}: found {} symbols, allowed are 1 to {}", path,
                                          symbols.size(), settings_.symbols_max)};
    return reader_.answer_soon(
        [done = std::move(done), refusal] { done(tl::unexpected(refusal)); });
  }
  HistoryQuery query;
  query.symbols = symbols;
  query.feed = traits_of(settings_.stock_feed).name;
  reader_.get(group, fmt::format("{}?{}", path, to_query(query)),
              [read, done = std::move(done)](core::Result<std::string> body) {
                if (!body) return done(tl::unexpected(std::move(body.error())));
                done(read_or_corrupt(read(*body)));
              });
}

void MarketReader::latest_quotes(const Symbols& symbols, Done<Latest<TapeQuote>> done) {
  ask(EndpointGroup::Quotes, "/v2/stocks/quotes/latest", symbols, read_quotes_in_shares,
      std::move(done));
}

void MarketReader::latest_trades(const Symbols& symbols, Done<Latest<TapeTrade>> done) {
  ask(EndpointGroup::Trades, "/v2/stocks/trades/latest", symbols, read_latest_trades,
      std::move(done));
}

void MarketReader::latest_bars(const Symbols& symbols, Done<Latest<TapeBar>> done) {
  ask(EndpointGroup::Bars, "/v2/stocks/bars/latest", symbols, read_latest_bars, std::move(done));
}

void MarketReader::snapshots(const Symbols& symbols, Done<Snapshots> done) {
  ask(EndpointGroup::Snapshots, "/v2/stocks/snapshots", symbols, read_snapshots_in_shares,
      std::move(done));
}

void MarketReader::most_actives(std::uint32_t count, Done<MostActives> done) {
  reader_.get(EndpointGroup::Screener,
              fmt::format("/v1beta1/screener/stocks/most-actives?by=volume&top={}", count),
              [done = std::move(done)](core::Result<std::string> body) {
                if (!body) return done(tl::unexpected(std::move(body.error())));
                done(read_or_corrupt(read_most_actives(*body)));
              });
}

void MarketReader::option_chain(const std::string& underlying, ChainQuery query,
                                Done<Snapshots> done) {
  query.feed = traits_of(settings_.option_feed).name;
  query.limit = settings_.chain_rows_max;
  PageWalk<SnapshotPage>::begin(
      reader_,
      {.group = EndpointGroup::Options,
       .target =
           [underlying, query = std::move(query)](const std::optional<std::string>& token) mutable {
             query.page_token = token;
             return fmt::format("/v1beta1/options/snapshots/{}?{}", percent_encoded(underlying),
                                to_query(query));
           },
       .read = read_option_snapshots,
       .merge = [](SnapshotPage& whole,
                   SnapshotPage page) { whole.snapshots.merge(std::move(page.snapshots)); },
       .pages_max = settings_.chain_pages_max},
      [done = std::move(done)](core::Result<SnapshotPage> whole) {
        if (!whole) return done(tl::unexpected(std::move(whole.error())));
        done(std::move(whole->snapshots));
      });
}

}  // namespace st0ck::alpaca
