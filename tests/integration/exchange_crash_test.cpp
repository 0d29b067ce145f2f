#include "integration/crash_victim.hpp"
#include "integration/daemon_command.hpp"
#include "st0ck/net/curl_transport.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// st0ckd dies again and again at calls that change a file or send something, while it trades at
// st0ck-exchange, a process of its own that lives on. What is there in the end is what was
// intended, each order once, and nothing is held.
//
// The calls are drawn by ST0CK_SEED; ST0CK_CRASH_RUNS says how many deaths there are.

namespace st0ck::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kModes{"before", "torn", "after"};
/// Simulated seconds in a real one: a bar in 0.6 s.
constexpr int kSpeed = 100;

class ExchangeCrashTest : public testing::Test {
 protected:
  ExchangeCrashTest()
      : exchange_{{program("st0ck-exchange").string(), "--alpaca", "127.0.0.1:0", "--speed",
                   std::to_string(kSpeed), "--at", "09:30:00"}} {}

  void SetUp() override {
    constexpr std::string_view kReady = "ready ";
    ASSERT_TRUE(exchange_.wait_for_text(kReady)) << exchange_.wait().text();
    ASSERT_TRUE(exchange_.wait_for_text(" New York"));
    const std::string& out = exchange_.out();
    const auto begin = out.find(kReady) + kReady.size();
    url_ = out.substr(begin, out.find(' ', begin) - begin);
    std::ofstream{folder_ / "crash.yaml"} << fmt::format(
        "mode: paper\n"
        "log: {{terminal: \"off\"}}\n"
        "clock: {{source: broker, speed: {1}}}\n"
        "market: {{kind: alpaca, data_url: \"{0}\", stream_url: \"ws{2}\"}}\n"
        "broker: {{kind: alpaca, url: \"{0}\"}}\n"
        "bots:\n"
        "  trend: {{engine: sma_cross, symbol: QQQ, fast: 1, slow: 2, direction: both}}\n"
        "  guarded: {{engine: sma_cross, symbol: SPY, fast: 1, slow: 2, direction: both,\n"
        "            target: 0.003, stop: 0.002, exits: [bracket]}}\n",
        url_, kSpeed, url_.substr(4));
  }

  DaemonCommand command() const {
    return DaemonCommand{(folder_ / "crash.yaml").string()}.on(state_);
  }

  static ProcessSettings keys() {
    ProcessSettings settings;
    settings.environment = {"APCA_API_KEY_ID=test", "APCA_API_SECRET_KEY=test"};
    return settings;
  }

  /// Whether it died of itself at a call that is drawn.
  bool die(Chance& chance) {
    ProcessSettings settings = keys();
    settings.environment.push_back("LD_PRELOAD=" +
                                   program("tests/libst0ck_crash_shim.so").string());
    settings.environment.push_back("ST0CK_CRASH_UNDER=" + state_.string());
    settings.environment.push_back(fmt::format("ST0CK_CRASH_AT={}", 40 + chance.below(400)));
    settings.environment.push_back(
        fmt::format("ST0CK_CRASH_MODE={}", kModes[chance.below(kModes.size())]));
    Process daemon{command().words(), settings};
    if (daemon.run_for(20s)) daemon.send(SIGKILL);
    const ProcessOutcome outcome = daemon.wait();
    EXPECT_EQ(outcome.signal, SIGKILL) << outcome.text();
    return outcome.signal == SIGKILL;
  }

  Json get(const std::string& path) const {
    boost::asio::io_context io{1};
    net::CurlTransport http{io};
    net::HttpRequest request;
    request.url = url_ + path;
    request.headers = {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}};
    std::string body;
    http.send(std::move(request), [&](const net::HttpResult& result) {
      body = result ? result->body : result.error().message;
      io.stop();
    });
    io.run();
    const Json json = Json::parse(body, nullptr, false);
    if (json.is_discarded()) ADD_FAILURE() << path << ": " << body;
    return json;
  }

  bool is_flat() const {
    return get("/v2/positions").empty() && get("/v2/orders?status=open&limit=500").empty();
  }

  /// Starts once more, closes all, and ends in an orderly way.
  void come_to_rest() {
    Process daemon{command().words(), keys()};
    const ProcessOutcome flattened =
        run_process({program("st0ck").string(), "flatten", "--reason", "drill", "--state-dir",
                     state_.string(), "--wait", "30"});
    EXPECT_EQ(flattened.exit_code, 0) << flattened.text();
    constexpr int kLooksMax = 200;
    for (int look = 0; look < kLooksMax && !is_flat(); ++look) ASSERT_TRUE(daemon.run_for(100ms));
    EXPECT_TRUE(is_flat()) << get("/v2/positions").dump() << get("/v2/orders?status=open").dump();
    daemon.send(SIGTERM);
    const ProcessOutcome outcome = daemon.wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.text();
  }

  TemporaryFolder folder_;
  std::filesystem::path state_ = folder_ / "state";
  Process exchange_;
  std::string url_;
};

TEST_F(ExchangeCrashTest, LeavesAtTheExchangeWhatTheJournalIntended) {
  const std::uint64_t seed = number_from("ST0CK_SEED", 1);
  Chance chance{seed};
  const std::uint64_t deaths = number_from("ST0CK_CRASH_RUNS", 5);

  for (std::uint64_t death = 0; death < deaths; ++death)
    ASSERT_TRUE(die(chance)) << "seed " << seed;
  come_to_rest();

  auto log = storage::TradeLogReader::open(state_ / "trades.db");
  ASSERT_TRUE(log) << log.error().message;
  std::map<std::string, kernel::OrderRow> intended;
  const auto logged = log->orders().value();
  for (const auto& order : logged) intended.emplace(order.row.client_order_id.str(), order.row);
  std::map<std::string, int> heads;
  std::map<std::string, core::Quantity> held;
  std::size_t orders = 0;
  for (const Json& order : get("/v2/orders?status=all&limit=500&nested=true")) {
    const std::string id = order["client_order_id"];
    ++orders;
    ASSERT_TRUE(intended.contains(id)) << id << " is at the exchange and not in the journal";
    const kernel::OrderRow& row = intended.at(id);
    EXPECT_EQ(++heads[id], 1) << id << " was sent twice";
    EXPECT_EQ(order["symbol"], row.symbol.str()) << id;
    EXPECT_EQ(order["side"], row.side == trading::Side::Buy ? "buy" : "sell") << id;
    EXPECT_EQ(core::Quantity::parse(order["filled_qty"].get<std::string>()).value(), row.filled)
        << id << " has filled otherwise, seed " << seed;
  }
  EXPECT_GE(orders, 2U) << "too little was traded to show anything";
  const auto fills = log->fills().value();
  for (const auto& fill : fills)
    held[fill.row.symbol.str()] += trading::signed_quantity(fill.row.side, fill.row.quantity);
  for (const auto& [symbol, quantity] : held) EXPECT_TRUE(quantity.is_zero()) << symbol;
  std::cout << fmt::format("{} deaths, {} orders at the exchange, {} intended, seed {}\n", deaths,
                           orders, intended.size(), seed);
}

}  // namespace
}  // namespace st0ck::test
