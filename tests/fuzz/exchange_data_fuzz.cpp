// Any target must be answered by the exchange's data API with JSON and without a fault of ours;
// what follows the first line is said to a data stream.

#include "src/app/exchange/data_api.hpp"
#include "src/app/exchange/data_session.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace {

using namespace st0ck;
using namespace st0ck::app::exchange;

/// The record has a place for each instrument that is there when it is made.
market::InstrumentTable spy_alone() {
  market::InstrumentTable instruments;
  instruments.define({.id = {}, .symbol = core::Symbol{"SPY"}});
  return instruments;
}

/// A market with a minute of one instrument.
struct Market {
  Market() {
    clock.advance_to(core::timestamp_from_ns(1'735'831'860'000'000'000));
    market::Bar bar;
    bar.end = clock.now();
    bar.start = bar.end - std::chrono::minutes{1};
    bar.open = bar.high = bar.low = bar.close = core::Price::whole(600);
    record.on_bar(bar);
    market::Trade trade;
    trade.time = bar.start;
    trade.price = bar.close;
    trade.size = core::Volume::whole(1);
    for (int i = 0; i < 10; ++i) record.on_trade(trade);
  }

  core::ExchangeCalendar calendar = core::ExchangeCalendar::xnys();
  market::InstrumentTable instruments = spy_alone();
  History history{HistorySettings{}, [] {
                    return core::Result<std::unique_ptr<market::TickSource>>{
                        core::fail(core::Errc::NotFound, "none")};
                  }};
  MarketRecord record{calendar, instruments, history};
  kernel::SimulatedClock clock;
  net::SimulatedScheduler scheduler;
  DataKeys keys{{{}}};
  DataApi api{{record, keys, clock, clock, scheduler}, {.requests_per_minute = 4'000'000'000}};
};

void ask(Market& market, std::string_view text) {
  auto target = net::parse_request_target(text);
  if (!target) return;
  const net::ServerRequest request{
      .method = "GET",
      .target = std::move(*target),
      .headers = {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}},
      .body = {},
      .peer = {}};
  if (!market.api.handles(request)) return;
  const auto response = market.api.answer(request);
  ST0CK_ASSERT(response.status < 500, "a question is answered or refused");
  ST0CK_ASSERT(response.body.starts_with('{') && response.body.ends_with('}'),
               "an answer is an object");
}

void talk(Market& market, std::string_view text) {
  alpaca::DataRequestReader reader;
  DataSession session{{}, market.keys, market.instruments, [](auto) { return true; }};
  session.open({{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}});
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto reply = session.hear(reader.read(text.substr(0, end)));
    ST0CK_ASSERT(reply.frames.size() == 1, "each message has one answer");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Market market;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto line = std::min(bytes.find('\n'), bytes.size());
  ask(market, bytes.substr(0, line));
  talk(market, bytes.substr(std::min(line + 1, bytes.size())));
  return 0;
}
