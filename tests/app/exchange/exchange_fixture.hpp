#pragma once

#include "src/app/exchange/gatekeeper.hpp"
#include "src/app/exchange/trading_api.hpp"
#include "src/app/exchange/venue.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {

using Json = nlohmann::json;

/// An answer as a client reads it.
struct Reply {
  int status = 0;
  Json body;
  net::HeaderFields headers;

  std::uint64_t code() const { return body.value("code", std::uint64_t{0}); }
  std::string text(const char* name) const;
};

// What texts of answers say; an impossible amount for one that is none.
core::Price price_of(std::string_view text);
core::Quantity quantity_of(std::string_view text);
core::Money money_of(std::string_view text);

/// An exchange whose market is what the test says: SPY and QQQ on 2025-06-02, accounts `test` and
/// `other`, no sockets, no time but the test's.
class ExchangeFixture : public testing::Test {
 protected:
  explicit ExchangeFixture(const Scenario& scenario = {}, std::uint32_t leverage = 2);

  /// The session begins, SPY prints 100 and QQQ 50 at their openings, quotes stand a cent around.
  void open();
  void close();
  void prepare(core::Date date);
  void pass(core::Duration duration);

  void quote(std::string_view symbol, std::string_view bid, std::string_view ask,
             std::int64_t size = 1000);
  void print(std::string_view symbol, std::string_view price, std::string_view conditions = "",
             std::int64_t size = 1000);

  /// Sends a request and lets what it caused happen.
  Reply call(const std::string& method, const std::string& target, const std::string& body = "");
  Reply get(const std::string& target) { return call("GET", target); }
  Reply post(const Json& body) { return call("POST", "/v2/orders", body.dump()); }

  /// The answer itself, before what it caused.
  Reply call_only(const std::string& method, const std::string& target,
                  const std::string& body = "");
  void settle() { scheduler_.run_for({}); }

  /// An order that must be taken; its id.
  std::string buy(int quantity, std::string_view symbol = "SPY");
  std::string order(const Json& body);
  std::string status_of(const std::string& id);

  /// `event status` of each message of the stream so far; they are forgotten then.
  std::vector<std::string> events();

  core::InstrumentId id_of(std::string_view symbol) const;
  Account& account() { return *venue_->find("test", "test"); }

  net::SimulatedScheduler scheduler_;
  kernel::SimulatedClock clock_;
  kernel::SimulatedClock wall_;
  market::InstrumentTable instruments_;
  std::unique_ptr<Venue> venue_;
  std::unique_ptr<Gatekeeper> gatekeeper_;
  std::unique_ptr<TradingApi> api_;
  core::Session session_;
  std::vector<alpaca::TradeUpdate> updates_;
  std::string key_ = "test";
};

}  // namespace st0ck::app::exchange
