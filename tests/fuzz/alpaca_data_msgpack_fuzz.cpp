// Feeds arbitrary bytes to the MessagePack decoder of the data stream: whatever they claim to be,
// it must neither fault nor take more memory than they have bytes for.

#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"
#include "st0ck/core/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace st0ck;

class Listener final : public alpaca::DataListener {
 public:
  void on_trade(core::InstrumentId, const alpaca::TapeTrade&) override { ++count; }
  void on_quote(core::InstrumentId, const alpaca::TapeQuote&) override { ++count; }
  void on_bar(core::InstrumentId, alpaca::TapeBarKind, const alpaca::TapeBar&) override { ++count; }
  void on_status(core::InstrumentId, const alpaca::TapeStatus&) override { ++count; }
  void on_bands(core::InstrumentId, const alpaca::TapeBands&) override { ++count; }
  void on_correction(core::InstrumentId, const alpaca::TapeCorrection&) override { ++count; }
  void on_cancel(core::InstrumentId, const alpaca::TapeCancel&) override { ++count; }
  void on_success(std::string_view) override { ++count; }
  void on_error(std::uint32_t, std::string_view) override { ++count; }
  void on_subscription(const alpaca::Channels&) override { ++count; }
  void on_refused(const alpaca::RefusedMessage&) override {}

  std::uint64_t count = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  alpaca::SymbolMap symbols;
  symbols.set("AAPL", core::InstrumentId{1});
  Listener listener;
  alpaca::DataDecoder decoder{symbols, listener};
  decoder.decode_msgpack(bytes);
  ST0CK_ASSERT(decoder.counters().messages == listener.count, "what is given out is counted");
  return 0;
}
