#include "st0ck/trading/risk_manager.hpp"

#include "support/orders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::trading {
namespace {

using test::IntentBuilder;
using test::money;
using test::price;
using test::quantity;
using test::rate;
using test::shares;
using namespace std::chrono_literals;

/// A request that every check lets pass, for a case to change one thing of.
struct Request {
  OrderIntent intent = *IntentBuilder{Side::Buy, 10}.limit("100.00");
  market::Instrument instrument{};
  RiskFacts facts{.intent = intent, .instrument = instrument, .now = {}};
  RiskLimits limits{};
  RiskReadings readings{};

  Request() {
    facts.quote.staleness = market::Staleness::Fresh;
    facts.quote.quote.bid = price("99.99");
    facts.quote.quote.ask = price("100.01");
    facts.buying_power = core::Money::whole(1'000'000);
    facts.day_pnl = core::Money{};
    facts.equity = facts.equity_peak = core::Money::whole(1'000'000);
    facts.in_session = true;
    limits.order_notional_max = core::Money::whole(1'000'000);
    limits.position_quantity_max = core::Quantity::whole(5000);
    limits.order_quantity_max = core::Quantity::whole(5000);
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  Request& exits_a_long_position() {
    intent = *IntentBuilder{Side::Sell, 10}.limit("100.00").exit();
    facts.position = shares(10);
    return *this;
  }

  /// The refusal's code, empty when the order passed.
  std::string refusal() {
    const auto verdict = RiskManager::review(facts, limits, readings);
    const auto* refused = std::get_if<Refused>(&verdict);
    return refused == nullptr ? "" : refused->code.str();
  }

  const RiskReading& reading(std::string_view code) {
    const auto found =
        std::find_if(readings.begin(), readings.end(),
                     [&](const RiskReading& reading) { return reading.code == code; });
    EXPECT_NE(found, readings.end()) << code;
    return *found;
  }
};

TEST(RiskManager, LetsAGoodOrderPassUnchanged) {
  Request request;

  const auto verdict = RiskManager::review(request.facts, request.limits, request.readings);

  const auto& approved = std::get<Approved<OrderIntent>>(verdict);
  EXPECT_EQ(approved->client_order_id, request.intent.client_order_id);
  EXPECT_EQ(approved->terms, request.intent.terms);
}

TEST(RiskManager, ShowsEveryCheckInTheOrderOfTheList) {
  Request request;
  request.facts.halted = true;
  request.facts.day_pnl = std::nullopt;
  request.refusal();

  const auto checks = RiskManager::checks();
  ASSERT_EQ(request.readings.size(), checks.size());
  for (std::size_t i = 0; i < checks.size(); ++i) {
    EXPECT_EQ(request.readings[i].code, checks[i].code);
    EXPECT_EQ(request.readings[i].setting, checks[i].setting);
    EXPECT_FALSE(checks[i].rule.empty());
  }
}

TEST(RiskManager, HasOneCodePerCheck) {
  std::set<std::string_view> codes;
  for (const RiskCheck& check : RiskManager::checks()) {
    EXPECT_TRUE(codes.insert(check.code).second) << check.code;
    EXPECT_TRUE(core::Code::fits(check.code));
  }
}

/// One check, brought to its limit in its own unit: passes at `set(-1)` and so on.
struct Boundary {
  std::string_view name;
  std::string_view code;
  bool passes_below;
  bool passes_at;
  bool passes_above;
  std::function<void(Request&, int step)> set;  ///< limit + step units
};

const std::vector<Boundary> kBoundaries{
    {"Quantity", "ORDER_QUANTITY", true, true, false,
     [](Request& r, int step) {
       r.limits.order_quantity_max = shares(10);
       r.intent.terms.quantity = core::Quantity::from_raw(shares(10).raw() + step);
     }},
    {"NotionalOfALimit", "ORDER_NOTIONAL", true, true, false,
     [](Request& r, int step) {
       r.limits.order_notional_max = core::Money::from_raw(money("1000").raw() - step);
     }},
    {"NotionalOfAMarketBuyAtTheAsk", "ORDER_NOTIONAL", true, true, false,
     [](Request& r, int step) {
       r.intent = *IntentBuilder{Side::Buy, 10};
       r.limits.order_notional_max = core::Money::from_raw(money("1000.10").raw() - step);
     }},
    {"NotionalOfAMarketSaleAtTheBid", "ORDER_NOTIONAL", true, true, false,
     [](Request& r, int step) {
       r.intent = *IntentBuilder{Side::Sell, 10};
       r.limits.order_notional_max = core::Money::from_raw(money("999.90").raw() - step);
     }},
    {"NotionalOfAStopAtItsPrice", "ORDER_NOTIONAL", true, true, false,
     [](Request& r, int step) {
       r.intent = *IntentBuilder{Side::Buy, 10}.stop("101.00");
       r.limits.order_notional_max = core::Money::from_raw(money("1010").raw() - step);
     }},
    {"NotionalOfAnOption", "ORDER_NOTIONAL", true, true, false,
     [](Request& r, int step) {
       r.instrument.multiplier = core::Multiplier{100};
       r.limits.order_notional_max = core::Money::from_raw(money("100000").raw() - step);
     }},
    {"CollarAbove", "PRICE_COLLAR", true, true, false,
     [](Request& r, int step) {
       r.limits.price_collar = rate("0.01");
       r.instrument.tick = core::Price::from_raw(1);
       r.intent.terms.limit = core::Price::from_raw(price("101.00").raw() + step);
     }},
    {"CollarBelow", "PRICE_COLLAR", true, true, false,
     [](Request& r, int step) {
       r.limits.price_collar = rate("0.01");
       r.instrument.tick = core::Price::from_raw(1);
       r.intent.terms.limit = core::Price::from_raw(price("99.00").raw() - step);
     }},
    {"CollarOfAStop", "PRICE_COLLAR", true, true, false,
     [](Request& r, int step) {
       r.limits.price_collar = rate("0.01");
       r.instrument.tick = core::Price::from_raw(1);
       r.intent = *IntentBuilder{Side::Buy, 10}.stop("101.00");
       r.intent.terms.stop = core::Price::from_raw(price("101.00").raw() + step);
     }},
    {"OrdersOfAMinute", "ORDER_RATE", true, true, false,
     [](Request& r, int step) {
       r.limits.orders_per_minute_max = 60;
       r.facts.orders_last_minute = static_cast<std::uint32_t>(59 + step);
     }},
    {"WaitForTheBroker", "BROKER_PACE", true, true, false,
     [](Request& r, int step) {
       r.facts.broker_wait_max = 2s;
       r.facts.broker_wait = 2s + core::Duration{step};
     }},
    {"OpenOrders", "OPEN_ORDERS", true, true, false,
     [](Request& r, int step) {
       r.limits.open_orders_max = 20;
       r.facts.open_orders = static_cast<std::uint32_t>(19 + step);
     }},
    {"LongPosition", "POSITION_QUANTITY", true, true, false,
     [](Request& r, int step) {
       r.limits.position_quantity_max = shares(100);
       r.facts.position = shares(60);
       r.facts.entries_working = core::Quantity::from_raw(shares(30).raw() + step);
     }},
    {"ShortPosition", "POSITION_QUANTITY", true, true, false,
     [](Request& r, int step) {
       r.intent = *IntentBuilder{Side::Sell, 10};
       r.limits.position_quantity_max = shares(100);
       r.facts.position = shares(-60);
       r.facts.entries_working = core::Quantity::from_raw(shares(30).raw() + step);
     }},
    {"BuyingPower", "BUYING_POWER", true, true, false,
     [](Request& r, int step) {
       r.facts.buying_power = core::Money::from_raw(money("1000").raw() - step);
     }},
    {"LossOfTheDay", "DAILY_LOSS", true, false, false,
     [](Request& r, int step) {
       r.limits.daily_loss_max = money("10");
       r.facts.day_pnl = core::Money::from_raw(money("-10").raw() - step);
     }},
    {"LosingDays", "LOSING_DAYS", true, false, false,
     [](Request& r, int step) {
       r.limits.losing_days_max = 5;
       r.facts.losing_days = static_cast<std::uint32_t>(5 + step);
     }},
    {"TradesOfTheDay", "TRADES_PER_DAY", true, true, false,
     [](Request& r, int step) {
       r.limits.trades_per_day_max = 3;
       r.facts.trades_today = static_cast<std::uint32_t>(2 + step);
     }},
    {"LosingTrades", "LOSING_TRADES", true, false, false,
     [](Request& r, int step) {
       r.limits.losing_trades_max = 3;
       r.facts.losing_trades = static_cast<std::uint32_t>(3 + step);
     }},
    {"SymbolShare", "SYMBOL_SHARE", true, true, false,
     [](Request& r, int step) {
       r.limits.symbol_share_max = rate("0.002");
       r.facts.symbol_exposure = core::Money::from_raw(money("1000").raw() + step);
     }},
    {"CapitalUse", "CAPITAL_USE", true, true, false,
     [](Request& r, int step) {
       r.limits.capital_use_max = rate("0.002");
       r.facts.gross_exposure = core::Money::from_raw(money("1000").raw() + step);
     }},
    {"OpenRiskWithoutAStop", "OPEN_RISK", true, true, false,
     [](Request& r, int step) {
       r.limits.open_risk_max = rate("0.002");
       r.facts.open_risk = core::Money::from_raw(money("1000").raw() + step);
     }},
    {"OpenRiskDownToAStop", "OPEN_RISK", true, true, false,
     [](Request& r, int step) {
       r.limits.open_risk_max = rate("0.002");
       r.facts.planned_stop = price("99.00");
       r.facts.open_risk = core::Money::from_raw(money("1990").raw() + step);
     }},
    {"Drawdown", "DRAWDOWN", true, false, false,
     [](Request& r, int step) {
       r.limits.drawdown_max = rate("0.1");
       r.facts.equity = core::Money::from_raw(money("900000").raw() - step);
     }},
    {"Spread", "SPREAD", true, true, false,
     [](Request& r, int step) {
       r.limits.spread_max = rate("0.0002");
       r.instrument.tick = core::Price::from_raw(1);
       r.facts.quote.quote.ask = core::Price::from_raw(price("100.01").raw() + 2 * step);
     }},
    {"LowerBand", "PRICE_BAND", true, true, false,
     [](Request& r, int step) {
       r.facts.status.emplace().band_low = core::Price::from_raw(price("100").raw() + step);
     }},
    {"UpperBand", "PRICE_BAND", true, true, false,
     [](Request& r, int step) {
       r.facts.status.emplace().band_high = core::Price::from_raw(price("100").raw() - step);
     }},
    {"ShortSaleAboveTheBid", "SHORT_SALE_RESTRICTED", false, false, true,
     [](Request& r, int step) {
       r.intent = *IntentBuilder{Side::Sell, 10}.limit("99.99");
       r.instrument.tick = core::Price::from_raw(1);
       r.intent.terms.limit = core::Price::from_raw(price("99.99").raw() + step);
       r.facts.status.emplace().is_short_sale_restricted = true;
     }},
    {"ExitOfALongPosition", "EXIT_SIZE", true, true, false,
     [](Request& r, int step) {
       r.exits_a_long_position();
       r.facts.position = shares(30);
       r.facts.exits_working = core::Quantity::from_raw(shares(20).raw() + step);
     }},
    {"ExitOfAShortPosition", "EXIT_SIZE", true, true, false,
     [](Request& r, int step) {
       r.intent = *IntentBuilder{Side::Buy, 10}.exit();
       r.facts.position = core::Quantity::from_raw(shares(-10).raw() + step);
     }},
};

TEST(RiskManager, StandsAtEachLimitToTheUnit) {
  for (const Boundary& boundary : kBoundaries)
    for (const auto& [step, passes] : {std::pair{-1, boundary.passes_below},
                                       {0, boundary.passes_at},
                                       {1, boundary.passes_above}}) {
      Request request;
      boundary.set(request, step);
      EXPECT_EQ(request.refusal(), passes ? "" : std::string{boundary.code})
          << boundary.name << " at the limit " << step;
    }
}

/// The status of the request's instrument, for a fault to change one thing of.
market::TradingStatus& status_of(Request& request) {
  if (!request.facts.status) request.facts.status.emplace();
  return *request.facts.status;
}

struct Fault {
  std::string_view code;
  std::function<void(Request&)> set;
};

const std::vector<Fault> kFaults{
    {"ORDER_SHAPE", [](Request& r) { r.intent.terms.limit.reset(); }},
    {"EXIT_SIZE", [](Request& r) { r.intent = *IntentBuilder{Side::Sell, 10}.exit(); }},
    {"INSTRUMENT_EXPIRED",
     [](Request& r) {
       r.instrument.expiry = core::Date{std::chrono::year{2019} / 2 / 8};
       r.facts.session_date = core::Date{std::chrono::year{2019} / 2 / 11};
     }},
    {"RESTRICTED",
     [](Request& r) {
       r.instrument.symbol = core::Symbol{"SPY"};
       r.limits.restricted_symbols = {core::Symbol{"IBM"}, core::Symbol{"SPY"}};
     }},
    {"NOT_TRADING", [](Request& r) { status_of(r).state = market::TradingState::Halted; }},
    {"FEED_DEGRADED", [](Request& r) { r.facts.is_feed_degraded = true; }},
    {"SELF_CROSS", [](Request& r) { r.facts.crosses_own_order = true; }},
    {"SYMBOL_SHARE", [](Request& r) { r.facts.equity.reset(); }},
    {"CAPITAL_USE", [](Request& r) { r.facts.gross_exposure = core::Money::max(); }},
    {"OPEN_RISK", [](Request& r) { r.facts.open_risk = core::Money::max(); }},
    {"DRAWDOWN", [](Request& r) { r.facts.equity_peak.reset(); }},
    {"LOSING_TRADES", [](Request& r) { r.facts.losing_trades = 100; }},
    {"SPREAD", [](Request& r) { r.limits.spread_max = core::Rate::from_raw(1); }},
    {"PRICE_BAND", [](Request& r) { status_of(r).band_high = price("50.00"); }},
    {"NOT_SHORTABLE",
     [](Request& r) {
       r.intent = *IntentBuilder{Side::Sell, 10}.limit("100.00");
       r.instrument.is_shortable = false;
     }},
    {"SHORT_SALE_RESTRICTED",
     [](Request& r) {
       r.intent = *IntentBuilder{Side::Sell, 10};
       status_of(r).is_short_sale_restricted = true;
     }},
    {"HALTED", [](Request& r) { r.facts.halted = true; }},
    {"CLOSING", [](Request& r) { r.facts.is_closing = true; }},
    {"LOSING_DAYS", [](Request& r) { r.facts.losing_days = 5; }},
    {"SESSION_CLOSED", [](Request& r) { r.facts.in_session = false; }},
    {"STALE_QUOTE", [](Request& r) { r.facts.quote.staleness = market::Staleness::Stale; }},
    {"STALE_QUOTE", [](Request& r) { r.facts.quote = {}; }},
    {"UNKNOWN_ORDER", [](Request& r) { r.facts.has_unknown_order = true; }},
    {"DUPLICATE", [](Request& r) { r.facts.is_duplicate = true; }},
    {"ORDER_QUANTITY", [](Request& r) { r.limits.order_quantity_max = shares(1); }},
    {"ORDER_NOTIONAL", [](Request& r) { r.limits.order_notional_max = money("1"); }},
    {"PRICE_COLLAR", [](Request& r) { r.intent.terms.limit = price("200.00"); }},
    {"ORDER_RATE", [](Request& r) { r.facts.orders_last_minute = 1000; }},
    {"BROKER_PACE", [](Request& r) { r.facts.broker_wait = 1s; }},
    {"OPEN_ORDERS", [](Request& r) { r.facts.open_orders = 1000; }},
    {"POSITION_QUANTITY", [](Request& r) { r.facts.position = shares(5000); }},
    {"BUYING_POWER", [](Request& r) { r.facts.buying_power = core::Money{}; }},
    {"DAILY_LOSS", [](Request& r) { r.facts.day_pnl = money("-501"); }},
    {"DAILY_LOSS", [](Request& r) { r.facts.day_pnl.reset(); }},
    {"TRADES_PER_DAY", [](Request& r) { r.facts.trades_today = 1000; }},
};

TEST(RiskManager, RefusesForEachReason) {
  std::set<std::string_view> tried;
  for (const Fault& fault : kFaults) {
    Request request;
    fault.set(request);
    EXPECT_EQ(request.refusal(), fault.code);
    tried.insert(fault.code);
  }
  for (const RiskCheck& check : RiskManager::checks())
    EXPECT_TRUE(tried.contains(check.code)) << check.code << " has no example here";
}

TEST(RiskManager, NamesTheFirstFailingCheckOfTheList) {
  const auto checks = RiskManager::checks();
  const auto place = [&](std::string_view code) {
    return std::find_if(checks.begin(), checks.end(),
                        [&](const RiskCheck& check) { return check.code == code; });
  };
  for (const Fault& first : kFaults)
    for (const Fault& second : kFaults) {
      // These make another order of it, so that the other fault may be gone.
      if (first.code == "EXIT_SIZE" || second.code == "EXIT_SIZE") continue;
      if (first.code == "ORDER_SHAPE" || second.code == "ORDER_SHAPE") continue;
      if (first.code == "NOT_SHORTABLE" || second.code == "NOT_SHORTABLE") continue;
      if (first.code == "SHORT_SALE_RESTRICTED" || second.code == "SHORT_SALE_RESTRICTED") continue;
      Request request;
      first.set(request);
      second.set(request);
      EXPECT_EQ(request.refusal(), std::min(place(first.code), place(second.code))->code);
      EXPECT_EQ(request.readings.size(), checks.size());
      EXPECT_FALSE(request.reading(first.code).passed);
      EXPECT_FALSE(request.reading(second.code).passed);
    }
}

TEST(RiskManager, LetsExitsPassEveryLimitOfEntries) {
  Request request;
  for (const Fault& fault : kFaults) {
    if (fault.code == "ORDER_SHAPE" || fault.code == "EXIT_SIZE" || fault.code == "PRICE_COLLAR" ||
        fault.code == "POSITION_QUANTITY" || fault.code == "INSTRUMENT_EXPIRED")
      continue;
    fault.set(request);
  }
  request.exits_a_long_position();
  request.intent.terms.limit = price("1.00");

  EXPECT_EQ(request.refusal(), "");
  ASSERT_EQ(request.readings.size(), 3U);
  EXPECT_EQ(request.readings[0].code, "ORDER_SHAPE");
  EXPECT_EQ(request.readings[1].code, "EXIT_SIZE");
  EXPECT_EQ(request.readings[2].code, "INSTRUMENT_EXPIRED");
}

TEST(RiskManager, RefusesAMarketExitOfNothingButNotForAMissingQuote) {
  Request request;
  request.intent = *IntentBuilder{Side::Sell, 10}.exit();
  request.facts.position = shares(10);
  request.facts.quote = {};
  EXPECT_EQ(request.refusal(), "");

  request.facts.position = shares(-10);
  EXPECT_EQ(request.refusal(), "EXIT_SIZE") << "a sale enlarges a short position";
  request.facts.position = shares(5);
  request.facts.exits_working = shares(7);
  EXPECT_EQ(request.refusal(), "EXIT_SIZE");
  EXPECT_EQ(request.reading("EXIT_SIZE").limit_text(), "0") << "never a negative quantity";
}

struct Shape {
  std::string_view name;
  bool is_good;
  OrderIntent intent;
};

OrderIntent with(OrderIntent intent, const std::function<void(OrderIntent&)>& change) {
  change(intent);
  return intent;
}

TEST(RiskManager, TakesOnlyWellFormedOrdersForEntriesAndExits) {
  const auto buy = [] { return IntentBuilder{Side::Buy, 10}; };
  const std::vector<Shape> shapes{
      {"market", true, *buy()},
      {"limit", true, *buy().limit("100.01")},
      {"stop", true, *buy().stop("100.01")},
      {"stop limit", true, *buy().stop("100.00").limit("100.01")},
      {"fraction", true, with(*buy(), [](auto& i) { i.terms.quantity = quantity("0.5"); })},
      {"market with a limit", false,
       with(*buy().limit("100.00"), [](auto& i) { i.type = OrderType::Market; })},
      {"limit without price", false, with(*buy(), [](auto& i) { i.type = OrderType::Limit; })},
      {"limit with a stop", false,
       with(*buy().stop("100.00").limit("100.00"), [](auto& i) { i.type = OrderType::Limit; })},
      {"stop limit without stop", false,
       with(*buy().limit("100.00"), [](auto& i) { i.type = OrderType::StopLimit; })},
      {"no quantity", false, with(*buy(), [](auto& i) { i.terms.quantity = {}; })},
      {"negative quantity", false, with(*buy(), [](auto& i) { i.terms.quantity = shares(-1); })},
      {"price of zero", false, *buy().limit("0")},
      {"negative price", false, *buy().limit("-100.00")},
      {"off the tick", false, *buy().limit("100.005")},
      {"stop off the tick", false, *buy().stop("100.005")},
      {"a leg without a ratio", false, with(*buy(), [](auto& i) { i.legs.front().ratio = 0; })}};

  for (const Shape& shape : shapes)
    for (const Purpose purpose : {Purpose::Entry, Purpose::Exit}) {
      Request request;
      request.intent = shape.intent;
      request.intent.purpose = purpose;
      request.facts.position = shares(-10);
      EXPECT_EQ(request.refusal(), shape.is_good ? "" : "ORDER_SHAPE") << shape.name;
      // The rest of the list takes a good shape for granted.
      EXPECT_EQ(request.readings.size() == 1, !shape.is_good) << shape.name;
    }
}

TEST(RiskManager, SaysWhichInputsWereMissing) {
  Request request;
  request.intent = *IntentBuilder{Side::Buy, 10};
  request.facts.quote = {};
  request.facts.day_pnl.reset();
  request.refusal();

  for (const std::string_view code :
       {"STALE_QUOTE", "ORDER_NOTIONAL", "PRICE_COLLAR", "BUYING_POWER", "DAILY_LOSS"}) {
    EXPECT_FALSE(request.reading(code).available) << code;
    EXPECT_FALSE(request.reading(code).passed) << code;
    EXPECT_EQ(request.reading(code).value_text(), "unavailable") << code;
  }
  EXPECT_TRUE(request.reading("ORDER_QUANTITY").available);
}

TEST(RiskManager, ShowsReadingsInTheirUnits) {
  Request request;
  request.facts.quote.age = 1500ms;
  request.facts.day_pnl = money("-12.34");
  request.refusal();

  EXPECT_EQ(request.reading("ORDER_QUANTITY").value_text(), "10");
  EXPECT_EQ(request.reading("ORDER_NOTIONAL").value_text(), "1000.00");
  EXPECT_EQ(request.reading("PRICE_COLLAR").limit_text(), "5.00");
  EXPECT_EQ(request.reading("STALE_QUOTE").value_text(), "1500 ms");
  EXPECT_EQ(request.reading("STALE_QUOTE").limit_text(), "2000 ms");
  EXPECT_EQ(request.reading("OPEN_ORDERS").value_text(), "1");
  EXPECT_EQ(request.reading("DAILY_LOSS").value_text(), "12.34");
  EXPECT_EQ(request.reading("HALTED").value_text(), "yes");
}

TEST(RiskManager, RefusesAbsurdNumbersWithoutOverflow) {
  for (const Side side : {Side::Buy, Side::Sell}) {
    Request request;
    request.intent = *IntentBuilder{side, 10}.limit("100.00");
    request.intent.terms.quantity = core::Quantity::max();
    request.facts.position = side == Side::Buy ? shares(5) : shares(-5);
    request.facts.entries_working = shares(1);

    EXPECT_EQ(request.refusal(), "ORDER_QUANTITY");
    EXPECT_FALSE(request.reading("POSITION_QUANTITY").passed);
    EXPECT_FALSE(request.reading("ORDER_NOTIONAL").available) << "it does not fit Money";
  }
}

TEST(RiskManager, ReviewsAReplaceByTheSameList) {
  Request request;
  const ReplaceIntent replace{request.intent.client_order_id, request.intent.terms,
                              core::Code{"TRAIL"}};

  const auto good = RiskManager::review(request.facts, request.limits, replace, request.readings);
  request.facts.halted = true;
  const auto bad = RiskManager::review(request.facts, request.limits, replace, request.readings);

  EXPECT_EQ(std::get<Approved<ReplaceIntent>>(good)->reason.view(), "TRAIL");
  EXPECT_EQ(std::get<Refused>(bad).code.view(), "HALTED");
}

TEST(RiskManager, IsDocumentedCheckByCheck) {
  const auto file = std::filesystem::current_path() / "docs" / "risk-controls.md";
  std::ifstream in{file};
  ASSERT_TRUE(in) << file << ": run this test in the top folder";
  const std::string text{std::istreambuf_iterator<char>{in}, {}};

  for (const RiskCheck& check : RiskManager::checks()) {
    const auto row = text.find("| `" + std::string{check.code} + "` |");
    EXPECT_NE(row, std::string::npos) << check.code << " has no line in docs/risk-controls.md";
    if (row == std::string::npos || check.setting.empty()) continue;
    const std::string line = text.substr(row, text.find('\n', row) - row);
    EXPECT_NE(line.find("`" + std::string{check.setting} + "`"), std::string::npos)
        << check.code << " does not name its setting " << check.setting;
  }
}

}  // namespace
}  // namespace st0ck::trading
