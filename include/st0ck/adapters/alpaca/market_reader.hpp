#pragma once

#include "st0ck/adapters/alpaca/feeds.hpp"
#include "st0ck/adapters/alpaca/rest_reader.hpp"
#include "st0ck/adapters/alpaca/wire/data/history.hpp"
#include "st0ck/adapters/alpaca/wire/data/snapshot.hpp"
#include "st0ck/adapters/alpaca/wire/query.hpp"
#include "st0ck/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace st0ck::alpaca {

struct MarketReaderSettings {
  Feed stock_feed = Feed::Iex;
  Feed option_feed = Feed::Indicative;
  std::size_t symbols_max = 200;        ///< Of one request.
  std::uint32_t chain_rows_max = 1000;  ///< Of one page, the provider's limit.
  std::size_t chain_pages_max = 20;
};

/// What the market says now, asked for: latest values, snapshots, the most active, option chains.
///
/// By symbol; what the provider does not know is not there. Sizes of quotes are shares, also those
/// of before 2025-11-03, when the provider told round lots. Answers come once and never inside the
/// call, and end with the reader. Errors: those of `error_of_read`; `Corrupt` for a body that
/// cannot be read; `OutOfRange` for none or too many symbols, or a chain of too many pages.
class MarketReader {
 public:
  template <typename Value>
  using Done = std::function<void(core::Result<Value>)>;
  using Symbols = std::vector<std::string>;
  using Snapshots = std::map<std::string, Snapshot>;

  /// `reader` is the data host's and outlives this.
  MarketReader(MarketReaderSettings settings, RestReader& reader);

  void latest_quotes(const Symbols& symbols, Done<Latest<TapeQuote>> done);
  void latest_trades(const Symbols& symbols, Done<Latest<TapeTrade>> done);
  void latest_bars(const Symbols& symbols, Done<Latest<TapeBar>> done);
  void snapshots(const Symbols& symbols, Done<Snapshots> done);

  /// By volume, at most 100.
  void most_actives(std::uint32_t count, Done<MostActives> done);

  /// The options of an underlying with quotes, trades and greeks; what could not be computed is
  /// absent. Feed, limit and page of the query are set here.
  void option_chain(const std::string& underlying, ChainQuery query, Done<Snapshots> done);

 private:
  template <typename Value, typename Read>
  void ask(EndpointGroup group, std::string_view path, const Symbols& symbols, Read read,
           Done<Value> done);

  MarketReaderSettings settings_;
  RestReader& reader_;
};

/// The same quote with its sizes in shares.
TapeQuote in_shares(TapeQuote quote);

}  // namespace st0ck::alpaca
