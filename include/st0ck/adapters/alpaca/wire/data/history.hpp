#pragma once

#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/tape.hpp"
#include "st0ck/core/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// A page of history, rows by symbol: the limit counts all rows, so that a symbol may go on in the
/// next page, and some may not come before it.
template <typename Row>
struct HistoryPage {
  std::map<std::string, std::vector<Row>> rows{};
  std::optional<std::string> next_page_token{};

  friend bool operator==(const HistoryPage&, const HistoryPage&) = default;
};

/// What came last, by symbol.
template <typename Row>
using Latest = std::map<std::string, Row>;

// Pages and latest values come for many symbols or for one; empty ones as `{}` or null. A row that
// is refused refuses all of them. An option's rows have other conditions and no tape.

core::Result<HistoryPage<TapeBar>> read_bars_page(std::string_view body);
core::Result<HistoryPage<TapeTrade>> read_trades_page(std::string_view body);
core::Result<HistoryPage<TapeQuote>> read_quotes_page(std::string_view body);

core::Result<Latest<TapeBar>> read_latest_bars(std::string_view body);
core::Result<Latest<TapeTrade>> read_latest_trades(std::string_view body);
core::Result<Latest<TapeQuote>> read_latest_quotes(std::string_view body);

/// Of many symbols.
std::string to_json(const HistoryPage<TapeBar>& page);
std::string to_json(const HistoryPage<TapeTrade>& page, TapeProduct product = TapeProduct::Stock);
std::string to_json(const HistoryPage<TapeQuote>& page, TapeProduct product = TapeProduct::Stock);

std::string to_json(const Latest<TapeBar>& latest);
std::string to_json(const Latest<TapeTrade>& latest, TapeProduct product = TapeProduct::Stock);
std::string to_json(const Latest<TapeQuote>& latest, TapeProduct product = TapeProduct::Stock);

/// Of one symbol, beside whose rows its name stands.
std::string to_json_of_one(const HistoryPage<TapeBar>& page, std::string_view symbol);
std::string to_json_of_one(const HistoryPage<TapeTrade>& page, std::string_view symbol);
std::string to_json_of_one(const HistoryPage<TapeQuote>& page, std::string_view symbol);
std::string to_json_of_one(std::string_view symbol, const TapeBar& bar);
std::string to_json_of_one(std::string_view symbol, const TapeTrade& trade);
std::string to_json_of_one(std::string_view symbol, const TapeQuote& quote);

}  // namespace st0ck::alpaca
