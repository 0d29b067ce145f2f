#include "src/app/exchange/tape_rows.hpp"

#include "st0ck/core/assert.hpp"

#include <string_view>

namespace st0ck::app::exchange {

namespace {

constexpr core::Price kMillionth = core::Price::from_raw(1000);

std::string_view reason_message(std::string_view code) {
  if (code == "T1") return "News Pending";
  if (code == "LUDP") return "Volatility Trading Pause";
  return {};
}

}  // namespace

TapeListing tape_listing(std::optional<char> exchange) {
  if (!exchange || *exchange == ' ') return {};
  const char tape = *exchange == 'N' ? 'A' : *exchange == 'Q' ? 'C' : 'B';
  return {*exchange, tape};
}

alpaca::TapeTrade tape_row(const NumberedTrade& trade, const TapeListing& listing) {
  const market::Trade& print = trade.trade;
  return {.time = print.time,
          .price = print.price,
          .size = print.size,
          .conditions = print.conditions.empty() ? market::SaleConditions{"@"} : print.conditions,
          .exchange = print.exchange,
          .tape = listing.tape,
          .id = trade.number};
}

alpaca::TapeQuote tape_row(const market::Quote& quote, const TapeListing& listing) {
  return {.time = quote.time,
          .bid = quote.bid,
          .ask = quote.ask,
          .bid_size = quote.bid_size,
          .ask_size = quote.ask_size,
          .conditions = market::SaleConditions{"R"},
          .bid_exchange = listing.exchange,
          .ask_exchange = listing.exchange,
          .tape = listing.tape};
}

alpaca::TapeBar tape_row(const market::Bar& bar, core::Timestamp start) {
  alpaca::TapeBar row{.start = start,
                      .open = bar.open,
                      .high = bar.high,
                      .low = bar.low,
                      .close = bar.close,
                      .volume = bar.volume,
                      // Clients take these two for numbers without asking.
                      .trade_count = bar.trade_count.value_or(0),
                      .vwap = bar.vwap.value_or(bar.close)};
  row.vwap = row.vwap->rounded_to(kMillionth, core::Rounding::HalfEven);
  return row;
}

alpaca::TapeStatus tape_status(const market::TradingStatus& status, const TapeListing& listing) {
  alpaca::TapeStatus row;
  row.time = status.time;
  row.tape = listing.tape;
  switch (status.state) {
    case market::TradingState::Trading:
      row.status_code = core::Code{"T"};
      row.status_message = "Trading Resumption";
      break;
    case market::TradingState::Halted:
      row.status_code = core::Code{"H"};
      row.status_message = "Trading Halt";
      break;
    case market::TradingState::Paused:
      row.status_code = core::Code{"P"};
      row.status_message = "Volatility Trading Pause";
      break;
  }
  row.reason_code = status.reason;
  row.reason_message = reason_message(status.reason.view());
  return row;
}

alpaca::TapeBands tape_bands(const market::TradingStatus& status, const TapeListing& listing) {
  ST0CK_ASSERT(status.band_low && status.band_high, "bands are told where there are any");
  return {.time = status.time,
          .up = *status.band_high,
          .down = *status.band_low,
          .indicator = 'B',
          .tape = listing.tape};
}

}  // namespace st0ck::app::exchange
