// Any bytes must give ticks, bars or one error: no crash, no endless loop, no unbounded memory,
// and never a value that market::defect_of would refuse.

#include "st0ck/core/assert.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "st0ck/market/csv/csv_tick_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace st0ck;

template <typename Reader>
void drain(const core::Result<Reader>& reader) {
  if (!reader) return;
  for (;;) {
    const auto item = (*reader)->next();
    if (!item || !*item) return;
    ST0CK_ASSERT(!market::defect_of(**item), "a reader gives out usable values only");
  }
}

void read_bars(std::string_view bytes, const market::CsvFormat& format,
               market::BarInterval interval) {
  drain(market::CsvBarReader::over("fuzz", bytes, format, {.interval = interval}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  read_bars(bytes, market::kBarCsv, market::BarInterval::minutes(1));
  read_bars(bytes, market::kBarCsv, market::BarInterval::session());
  read_bars(bytes, market::kMinute2019Csv, market::BarInterval::minutes(1));
  read_bars(bytes, market::kEquityDailyCsv, market::BarInterval::session());
  drain(market::CsvQuoteReader::over("fuzz", bytes, {.keep_extended_hours = true}));
  drain(market::CsvTradeReader::over("fuzz", bytes, {}));
  return 0;
}
