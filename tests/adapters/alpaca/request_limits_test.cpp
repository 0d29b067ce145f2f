#include "st0ck/adapters/alpaca/request_limits.hpp"

#include "adapters/alpaca/stream_stage.hpp"
#include "st0ck/adapters/alpaca/market_reader.hpp"
#include "st0ck/adapters/alpaca/reference_reader.hpp"
#include "st0ck/adapters/alpaca/trading_api.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

// Which calls share a limit of requests, and what the limits leave for whom.
namespace st0ck::alpaca::test {
namespace {

using namespace std::chrono_literals;
using net::HttpPriority;

/// One host behind a limiter; how it answers does not matter here.
class RequestLimits : public ::testing::Test {
 protected:
  explicit RequestLimits(const net::RateLimiterSettings& limits)
      : limiter_{scheduler_, clock_, limits} {}

  /// Makes calls, and returns how many of them have reached the host a second later.
  std::uint64_t sent(std::size_t calls, const std::function<void()>& call) {
    const std::uint64_t before = http_.requests_seen();
    for (std::size_t i = 0; i < calls; ++i) call();
    scheduler_.run_for(1s);
    return http_.requests_seen() - before;
  }

  /// The group under which a call is counted.
  std::string group_of(const std::function<void()>& call) {
    const auto before = client_.stats().groups;
    call();
    const auto after = client_.stats().groups;
    for (const auto& [name, group] : after)
      if (const auto known = before.find(name);
          known == before.end() || known->second.calls < group.calls)
        return name;
    return "none";
  }

  net::SimulatedScheduler scheduler_;
  StageClock clock_{scheduler_, at("15:00:00")};
  net::MemoryHttpTransport http_{
      scheduler_, [](const net::HttpRequest&) { return net::HttpResponse{.status = 200}; }};
  net::RateLimiter limiter_;
  net::HttpPool pool_{scheduler_, http_, {.name = "wide", .connections = 1000}};
  net::HttpClient client_{scheduler_, clock_, limiter_, pool_, net::RetrySettings{}, 1};
  RestReader reader_{scheduler_, client_, {.base_url = "http://host"}, {"key", "secret"}};
};

class TradingLimits : public RequestLimits {
 protected:
  TradingLimits() : RequestLimits{rate_limits_of(TradingRequestLimits{})} {}

  auto order(HttpPriority priority) {
    return [this, priority] { api_.send_order({}, priority, ignored_); };
  }
  auto cancel() {
    return [this] { api_.cancel_order("1", ignored_); };
  }

  TradingApi::Done ignored_ = [](const ApiAnswer&) {};
  TradingApi api_{client_, {"http://host", "ws://host"}, {"key", "secret"}, {}};
  ReferenceReader reference_{{}, reader_, clock_};
};

TEST_F(TradingLimits, CountCallsByWhatTheyAreAbout) {
  EXPECT_EQ(group_of(order(HttpPriority::Entry)), "orders");
  EXPECT_EQ(group_of(cancel()), "orders");
  EXPECT_EQ(group_of([&] { api_.replace_order("1", {}, HttpPriority::Exit, ignored_); }), "orders");
  EXPECT_EQ(group_of([&] { api_.order_by_id("1", HttpPriority::Exit, ignored_); }), "orders");
  EXPECT_EQ(group_of([&] { api_.order_by_client_id("1", HttpPriority::Exit, ignored_); }),
            "orders");
  EXPECT_EQ(group_of([&] { api_.orders({}, ignored_); }), "orders");
  EXPECT_EQ(group_of([&] { api_.account(ignored_); }), "account");
  EXPECT_EQ(group_of([&] { api_.positions(ignored_); }), "account");
  EXPECT_EQ(group_of([&] { api_.clock(ignored_); }), "account");
  EXPECT_EQ(group_of([&] { api_.calendar({}, ignored_); }), "account");
  EXPECT_EQ(group_of([&] { reference_.asset("SPY", [](const auto&) {}); }), "assets");
  EXPECT_EQ(group_of([&] { reference_.option_contracts({}, [](const auto&) {}); }), "contracts");
}

TEST_F(TradingLimits, LetNoReadsOfTheAccountHoldUpOrders) {
  EXPECT_EQ(sent(120, [&] { api_.account(ignored_); }), 100U);

  EXPECT_EQ(sent(30, order(HttpPriority::Entry)), 30U);
}

TEST_F(TradingLimits, KeepAFifthForExitsAndCancelsAndHalfOfItForCancels) {
  EXPECT_EQ(sent(200, order(HttpPriority::Entry)), 160U);
  EXPECT_EQ(sent(200, order(HttpPriority::Exit)), 20U);
  EXPECT_EQ(sent(200, cancel()), 20U);
}

TEST_F(TradingLimits, LetNoReadsTakeTheReserveOfOrders) {
  EXPECT_EQ(sent(100, [&] { api_.account(ignored_); }), 100U);
  EXPECT_EQ(sent(100, [&] { api_.orders({}, ignored_); }), 60U);

  EXPECT_EQ(sent(200, order(HttpPriority::Exit)), 20U);
}

class DataLimits : public RequestLimits {
 protected:
  explicit DataLimits(const DataRequestLimits& limits = {})
      : RequestLimits{rate_limits_of(limits)} {}

  auto bars() {
    return [this] { market_.latest_bars({"SPY"}, [](const auto&) {}); };
  }
  auto quotes() {
    return [this] { market_.latest_quotes({"SPY"}, [](const auto&) {}); };
  }
  auto trades() {
    return [this] { market_.latest_trades({"SPY"}, [](const auto&) {}); };
  }
  auto chains() {
    return [this] { market_.option_chain("SPY", {}, [](const auto&) {}); };
  }

  MarketReader market_{{}, reader_};
};

TEST_F(DataLimits, CountCallsByWhatTheyAreAbout) {
  EXPECT_EQ(group_of(quotes()), "quotes");
  EXPECT_EQ(group_of(trades()), "trades");
  EXPECT_EQ(group_of(bars()), "bars");
  EXPECT_EQ(group_of(chains()), "options");
  EXPECT_EQ(group_of([&] { market_.snapshots({"SPY"}, [](const auto&) {}); }), "snapshots");
  EXPECT_EQ(group_of([&] { market_.most_actives(10, [](const auto&) {}); }), "screener");
}

TEST_F(DataLimits, LeaveRoomBesideOptionsButNotBeyondTheFreePlan) {
  EXPECT_EQ(sent(150, chains()), 100U);

  EXPECT_EQ(sent(150, bars()), 100U);
}

class PaidDataLimits : public DataLimits {
 protected:
  PaidDataLimits() : DataLimits{{.requests = kPaidPlanRequests}} {}
};

TEST_F(PaidDataLimits, KeepQuotesAndTradesApartAndLeaveTheRestToThePlan) {
  EXPECT_EQ(sent(210, quotes()), 200U);
  EXPECT_EQ(sent(210, trades()), 200U);

  EXPECT_EQ(sent(900, bars()), 900U);
}

}  // namespace
}  // namespace st0ck::alpaca::test
