#pragma once

#include "app/exchange/faults/raw_client.hpp"
#include "app/loopback_exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// An exchange with a scenario behind real sockets, in the first minutes of a generated session;
/// its time is the test's.
class FaultyExchange : public testing::Test {
 protected:
  void open(const std::string& scenario, std::string_view at = "09:30:00") {
    const auto loaded = parse_scenario(scenario, "test.yaml");
    for (const auto& problem : loaded.problems) ADD_FAILURE() << problem.to_string();
    ExchangeSettings settings;
    settings.scenario = loaded.scenario;
    settings.market.sessions_before = 0;
    settings.market.sessions_after = 1;
    settings.market.at = *core::parse_time_of_day(at);
    exchange_ = std::make_unique<LoopbackExchange>(settings);
    exchange_->run();
    pass(std::chrono::seconds{2});
  }

  /// Goes on by so much of the exchange's time, and serves meanwhile.
  void pass(core::Duration span) {
    const core::Timestamp until = exchange_->clock().now() + span;
    while (exchange_->clock().now() < until) {
      exchange_->step();
      while (exchange_->serve()) {
      }
    }
  }

  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(exchange_->http().substr(17)));
  }

  std::unique_ptr<RawClient> connect() {
    return std::make_unique<RawClient>(port(), [this] { exchange_->serve(); });
  }

  /// One request over a connection of its own.
  std::string ask(std::string_view method, std::string_view target, std::string_view body = "") {
    return connect()->ask(method, target, body);
  }

  static std::string order(std::string_view id = "a", std::string_view more = "") {
    return R"({"symbol":"SPY","qty":"10","side":"buy","time_in_force":"day","client_order_id":")" +
           std::string{id} + "\"" +
           (more.empty() ? R"(,"type":"limit","limit_price":"1")" : std::string{more}) + "}";
  }
  static constexpr std::string_view kMarket = R"(,"type":"market")";

  OrderDesk& desk() { return exchange_->host().venue().find("test", "test")->desk(); }
  std::size_t orders() { return desk().orders().size(); }
  std::string id_of(std::string_view client_id) {
    const OrderRecord* found = desk().find_by_client_id(client_id);
    return found ? found->told.id : std::string{};
  }

  /// A client of `/stream` that listens.
  std::unique_ptr<RawClient> order_stream() {
    auto client = connect();
    EXPECT_TRUE(client->open_stream("/stream"));
    client->say(R"({"action":"authenticate","data":{"key_id":"test","secret_key":"test"}})");
    EXPECT_THAT(client->message(), testing::HasSubstr("\"authorized\""));
    client->say(R"({"action":"listen","data":{"streams":["trade_updates"]}})");
    EXPECT_THAT(client->message(), testing::HasSubstr("listening"));
    return client;
  }

  /// A client of `/v2/iex` that hears SPY's quotes and statuses.
  std::unique_ptr<RawClient> data_stream() {
    auto client = connect();
    EXPECT_TRUE(client->open_stream("/v2/iex"));
    EXPECT_THAT(client->message(), testing::HasSubstr("connected"));
    client->say(R"({"action":"auth","key":"test","secret":"test"})");
    EXPECT_THAT(client->message(), testing::HasSubstr("authenticated"));
    client->say(R"({"action":"subscribe","quotes":["SPY"],"statuses":["SPY"]})");
    EXPECT_THAT(client->message(), testing::HasSubstr("subscription"));
    return client;
  }

  /// All that a stream says by now.
  static std::vector<std::string> messages(RawClient& client) {
    std::vector<std::string> all;
    for (std::string next = client.message(); !next.empty(); next = client.message())
      all.push_back(std::move(next));
    return all;
  }

  /// The events of the order stream's messages.
  static std::vector<std::string> events(RawClient& client) {
    std::vector<std::string> names;
    for (const std::string& message : messages(client)) {
      const auto at = message.find("\"event\":\"");
      if (at == std::string::npos) continue;
      const auto begin = at + 9;
      names.push_back(message.substr(begin, message.find('"', begin) - begin));
    }
    return names;
  }

  std::unique_ptr<LoopbackExchange> exchange_;
};

}  // namespace st0ck::app::exchange
