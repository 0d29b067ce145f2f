// Feeds arbitrary text to the JSON decoder of the data stream: it must not fault, and a trade or
// quote that it gives out must come back the same from what our server writes of it.

#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/core/time_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace {

using namespace st0ck;

/// Every symbol is known.
class AnySymbol final : public alpaca::SymbolLookup {
 public:
  std::optional<core::InstrumentId> find(std::string_view) const override {
    return core::InstrumentId{1};
  }
};

class Listener : public alpaca::DataListener {
 public:
  void on_trade(core::InstrumentId, const alpaca::TapeTrade& it) override { trade = it; }
  void on_quote(core::InstrumentId, const alpaca::TapeQuote& it) override { quote = it; }
  void on_bar(core::InstrumentId, alpaca::TapeBarKind, const alpaca::TapeBar&) override {}
  void on_status(core::InstrumentId, const alpaca::TapeStatus&) override {}
  void on_bands(core::InstrumentId, const alpaca::TapeBands&) override {}
  void on_correction(core::InstrumentId, const alpaca::TapeCorrection&) override {}
  void on_cancel(core::InstrumentId, const alpaca::TapeCancel&) override {}
  void on_success(std::string_view) override {}
  void on_error(std::uint32_t, std::string_view) override {}
  void on_subscription(const alpaca::Channels&) override {}
  void on_refused(const alpaca::RefusedMessage&) override {}

  std::optional<alpaca::TapeTrade> trade;
  std::optional<alpaca::TapeQuote> quote;
};

/// An offset may carry a time over the edge of the years that can be read.
bool is_readable(core::Timestamp time) {
  return core::parse_timestamp(core::format_utc(time)).has_value();
}

template <typename Row>
void check(const std::optional<Row>& row, std::optional<Row> Listener::* heard) {
  if (!row || !is_readable(row->time)) return;
  Row plain = *row;
  // The letters of an option's conditions need not be letters of their own.
  plain.conditions = {};
  alpaca::DataFrame frame{alpaca::Codec::Json};
  frame.add("S", plain);
  const AnySymbol symbols;
  Listener again;
  alpaca::DataDecoder decoder{symbols, again};
  ST0CK_ASSERT(decoder.decode_json(frame.take()) == alpaca::FrameResult::Ok,
               "what we write is a frame");
  ST0CK_ASSERT(again.*heard == plain, "a row that we write is read equal");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const AnySymbol symbols;
  Listener listener;
  alpaca::DataDecoder decoder{symbols, listener};
  decoder.decode_json(bytes);
  check(listener.trade, &Listener::trade);
  check(listener.quote, &Listener::quote);
  return 0;
}
