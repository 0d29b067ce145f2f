// Feeds arbitrary requests to the exchange's trading API: the first line is method and target, the
// rest the body. Whatever comes, there is one answer with a status of its own, and cash and shares
// stay what they were told to be.

#include "src/app/exchange/trading_api.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace st0ck;
  using namespace st0ck::app::exchange;
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  net::SimulatedScheduler scheduler;
  kernel::SimulatedClock clock;
  market::InstrumentTable instruments;
  market::Instrument spy;
  spy.symbol = core::Symbol{"SPY"};
  instruments.define(spy);
  const auto calendar = core::ExchangeCalendar::xnys();
  const auto session = *calendar.session_on(core::Date{std::chrono::year{2025} / 6 / 2});
  clock.advance_to(session.open);
  Venue venue{{scheduler, clock, instruments, calendar}, {AccountSettings{}}};
  venue.on_session_phase({market::Phase::Prepare, session});
  venue.on_session_phase({market::Phase::Open, session});
  market::Trade print;
  print.time = session.open;
  print.price = core::Price::whole(100);
  print.size = core::Volume::whole(100);
  print.conditions = market::SaleConditions{"O"};
  venue.on_trade(print);
  market::Quote quote;
  quote.time = session.open;
  quote.bid = core::Price::whole(100);
  quote.ask = core::Price::whole(101);
  quote.bid_size = quote.ask_size = core::Volume::whole(100);
  venue.on_quote(quote);
  const TradingApi api{venue};
  Account& account = *venue.find("test", "test");
  // Requests are parted by a zero byte, so that one may build on another.
  for (int requests = 0; !rest.empty() && requests < 16; ++requests) {
    const std::string_view text = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(text.size() + 1, rest.size()));
    const std::string_view line = text.substr(0, text.find('\n'));
    const auto blank = std::min(line.find(' '), line.size());
    net::ServerRequest request;
    request.method = std::string{line.substr(0, blank)};
    const auto target = net::parse_request_target(line.substr(std::min(blank + 1, line.size())));
    if (!target) continue;
    request.target = *target;
    request.body = std::string{text.substr(std::min(line.size() + 1, text.size()))};
    const auto answer = api.answer(request, account);
    ST0CK_ASSERT(answer.status >= 200 && answer.status < 500, "every request has its answer");
    scheduler.run_for({});
  }
  const alpaca::Account told = account.tell();
  ST0CK_ASSERT(told.equity == told.cash + *told.long_market_value + *told.short_market_value,
               "equity is cash and positions");
  return 0;
}
