#pragma once

#include "st0ck/adapters/alpaca/wire/data/data_listener.hpp"
#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::alpaca::test {

/// Keeps what it heard; an instrument's number is all that is kept of whose it was.
class RecordingListener final : public DataListener {
 public:
  template <typename Message>
  using Heard = std::vector<std::pair<std::uint32_t, Message>>;

  struct Bar {
    TapeBarKind kind;
    TapeBar bar;
    friend bool operator==(const Bar&, const Bar&) = default;
  };

  struct Refused {
    std::string type;
    std::string symbol;
    std::string field;
    Refusal refusal;
    friend bool operator==(const Refused&, const Refused&) = default;
  };

  void on_trade(core::InstrumentId instrument, const TapeTrade& trade) override {
    trades.emplace_back(instrument.value(), trade);
  }
  void on_quote(core::InstrumentId instrument, const TapeQuote& quote) override {
    quotes.emplace_back(instrument.value(), quote);
  }
  void on_bar(core::InstrumentId instrument, TapeBarKind kind, const TapeBar& bar) override {
    bars.emplace_back(instrument.value(), Bar{kind, bar});
  }
  void on_status(core::InstrumentId instrument, const TapeStatus& status) override {
    statuses.emplace_back(instrument.value(), status);
  }
  void on_bands(core::InstrumentId instrument, const TapeBands& it) override {
    bands.emplace_back(instrument.value(), it);
  }
  void on_correction(core::InstrumentId instrument, const TapeCorrection& it) override {
    corrections.emplace_back(instrument.value(), it);
  }
  void on_cancel(core::InstrumentId instrument, const TapeCancel& cancel) override {
    cancels.emplace_back(instrument.value(), cancel);
  }
  void on_success(std::string_view message) override { successes.emplace_back(message); }
  void on_error(std::uint32_t code, std::string_view message) override {
    errors.emplace_back(code, std::string{message});
  }
  void on_subscription(const Channels& channels) override { subscriptions.push_back(channels); }
  void on_refused(const RefusedMessage& it) override {
    refused.push_back(
        {std::string{it.type}, std::string{it.symbol}, std::string{it.field}, it.refusal});
  }

  std::size_t count() const {
    return trades.size() + quotes.size() + bars.size() + statuses.size() + bands.size() +
           corrections.size() + cancels.size() + successes.size() + errors.size() +
           subscriptions.size();
  }

  Heard<TapeTrade> trades;
  Heard<TapeQuote> quotes;
  Heard<Bar> bars;
  Heard<TapeStatus> statuses;
  Heard<TapeBands> bands;
  Heard<TapeCorrection> corrections;
  Heard<TapeCancel> cancels;
  std::vector<std::string> successes;
  std::vector<std::pair<std::uint32_t, std::string>> errors;
  std::vector<Channels> subscriptions;
  std::vector<Refused> refused;
};

inline SymbolMap some_symbols() {
  SymbolMap symbols;
  symbols.set("AAPL", core::InstrumentId{1});
  symbols.set("MSFT", core::InstrumentId{2});
  symbols.set("AAPL240621C00190000", core::InstrumentId{3});
  return symbols;
}

}  // namespace st0ck::alpaca::test
