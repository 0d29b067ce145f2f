#include "src/app/exchange/exchange_host.hpp"

#include "app/program.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {
namespace {

using Json = nlohmann::json;

/// A short history, so that tests are quick.
ExchangeSettings quick() {
  ExchangeSettings settings;
  settings.market.sessions_before = 2;
  settings.market.sessions_after = 2;
  return settings;
}

struct Answered {
  int status = 0;
  Json body;
};

Answered ask(ExchangeHost& host, const std::string& method, const std::string& target,
             const std::string& body = "") {
  net::ServerRequest request;
  request.method = method;
  request.target = *net::parse_request_target(target);
  request.headers = {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}};
  request.body = body;
  Answered answered;
  host.on_request(request, net::Responder{[&](net::ServerResponse response) {
                    answered.status = response.status;
                    if (!response.body.empty()) answered.body = Json::parse(response.body);
                  }});
  return answered;
}

/// A time of day that nothing here looks at.
const kernel::SimulatedClock kWall;

std::unique_ptr<ExchangeHost> open(net::SimulatedScheduler& scheduler,
                                   const ExchangeSettings& settings) {
  auto host = ExchangeHost::open(settings, {scheduler, kWall});
  EXPECT_TRUE(host) << host.error().message;
  return host ? std::move(*host) : nullptr;
}

TEST(ExchangeHost, BeginsAtTheOpenAndTradesItsGeneratedMarket) {
  net::SimulatedScheduler scheduler;
  const auto host = open(scheduler, quick());
  ASSERT_NE(host, nullptr);
  host->run();
  scheduler.run_for(std::chrono::seconds{5});
  EXPECT_EQ(ask(*host, "GET", "/v2/clock").body["timestamp"], "2025-06-02T09:30:05-04:00");
  EXPECT_EQ(ask(*host, "GET", "/v2/assets").body[0]["symbol"], "SPY");

  const auto order = ask(*host, "POST", "/v2/orders",
                         R"({"symbol":"SPY","qty":"1","side":"buy","type":"market",)"
                         R"("time_in_force":"day"})");
  ASSERT_EQ(order.status, 200) << order.body.dump();
  scheduler.run_for(std::chrono::minutes{1});

  const auto id = order.body["id"].get<std::string>();
  EXPECT_EQ(ask(*host, "GET", "/v2/orders/" + id).body["status"], "filled");
  EXPECT_EQ(ask(*host, "GET", "/v2/positions/SPY").body["qty"], "1");
}

TEST(ExchangeHost, RefusesAFaultOfASymbolThatItDoesNotTrade) {
  net::SimulatedScheduler scheduler;
  ExchangeSettings settings = quick();
  settings.scenario =
      parse_scenario("faults: {a: {kind: halt, symbols: [GOOGL]}}", "x.yaml").scenario;

  const auto host = ExchangeHost::open(settings, {scheduler, kWall});

  ASSERT_FALSE(host);
  EXPECT_EQ(host.error().code, core::Errc::BadInput);
  EXPECT_EQ(host.error().message.find("x.yaml:1: faults.a.symbols: found 'GOOGL'; allowed: symbols "
                                      "of the market: SPY, QQQ, AAPL, MSFT"),
            0U)
      << host.error().message;
}

TEST(ExchangeHost, TellsOfAnAccountThatIsAsOldAsItsHistory) {
  net::SimulatedScheduler scheduler;
  const auto host = open(scheduler, quick());

  const Json account = ask(*host, "GET", "/v2/account").body;

  EXPECT_EQ(account["created_at"].get<std::string>().substr(0, 10), "2025-05-29");
  EXPECT_EQ(ask(*host, "GET", "/v2/account/portfolio/history?period=1A").body["base_value_asof"],
            "2025-05-29");
}

TEST(ExchangeHost, MakesOtherIdsInAnotherRunOfTheSameMarket) {
  struct Played {
    std::string order;
    Json account;
    Json position;
  };
  const auto play = [](std::uint64_t run) {
    net::SimulatedScheduler scheduler;
    ExchangeSettings settings = quick();
    settings.accounts.front().run = run;
    const auto host = open(scheduler, settings);
    host->run();
    scheduler.run_for(std::chrono::seconds{5});
    const Json order =
        ask(*host, "POST", "/v2/orders",
            R"({"symbol":"SPY","qty":"1","side":"buy","type":"market","time_in_force":"day"})")
            .body;
    scheduler.run_for(std::chrono::minutes{1});
    return Played{order["id"], ask(*host, "GET", "/v2/account").body,
                  ask(*host, "GET", "/v2/positions/SPY").body};
  };

  const Played first = play(3);
  const Played second = play(5);

  EXPECT_NE(first.order, second.order);
  EXPECT_EQ(first.account, second.account);
  EXPECT_EQ(first.position, second.position);
  EXPECT_EQ(play(3).order, first.order);
}

TEST(ExchangeHost, GivesTheSameDayForTheSameSeed) {
  const auto play = [](std::uint64_t seed) {
    net::SimulatedScheduler scheduler;
    ExchangeSettings settings = quick();
    settings.market.seed = seed;
    settings.speed = 60;
    const auto host = open(scheduler, settings);
    host->run();
    scheduler.run_for(std::chrono::seconds{10});
    ask(*host, "POST", "/v2/orders",
        R"({"symbol":"AAPL","qty":"10","side":"buy","type":"market","time_in_force":"day"})");
    scheduler.run_for(std::chrono::minutes{5});
    return ask(*host, "GET", "/v2/account").body.dump();
  };

  EXPECT_EQ(play(7), play(7));
  EXPECT_NE(play(7), play(8));
}

TEST(ExchangeHost, GoesFromSessionToSession) {
  net::SimulatedScheduler scheduler;
  ExchangeSettings settings = quick();
  settings.speed = 3600;
  const auto host = open(scheduler, settings);
  host->run();

  scheduler.run_for(std::chrono::seconds{9});

  EXPECT_EQ(core::format_new_york(host->clock().now()).substr(0, 10), "2025-06-03");
}

TEST(ExchangeHost, PlaysRecordedBars) {
  const auto folder = std::filesystem::path{testing::TempDir()} / "exchange_bars";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "SPY.csv"} << "timestamp,open,high,low,close,volume\n"
                                    << "2025-06-02T13:30:00Z,100,102,99,101,4000\n"
                                    << "2025-06-02T13:31:00Z,101,103,100,102,4000\n";
  net::SimulatedScheduler scheduler;
  ExchangeSettings settings;
  settings.market.recorded = folder;
  const auto host = open(scheduler, settings);
  ASSERT_NE(host, nullptr);
  host->run();
  scheduler.run_for(std::chrono::seconds{31});

  const core::InstrumentId spy = host->market().instruments->begin()->id;
  EXPECT_EQ(host->venue().prices().last(spy), core::Price::whole(102));
  scheduler.run_for(std::chrono::minutes{2});
  EXPECT_EQ(host->venue().prices().last(spy), core::Price::whole(102));
  std::filesystem::remove_all(folder);
}

TEST(ExchangeHost, NamesWhatIsWrongWithItsMarket) {
  net::SimulatedScheduler scheduler;
  ExchangeSettings settings = quick();
  settings.market.date = core::Date{std::chrono::year{2025} / 6 / 1};

  const auto host = ExchangeHost::open(settings, {scheduler, kWall});

  ASSERT_FALSE(host);
  EXPECT_NE(host.error().message.find("2025-06-01 is no session"), std::string::npos);
}

TEST(ExchangeProgram, AnswersOverLoopbackAndStopsCleanly) {
  const auto outcome = test::run_shell(R"(
    coproc exchange { exec "$bin/st0ck-exchange" --alpaca 127.0.0.1:0 --market generated; }
    pid=$exchange_PID
    read -r ready <&"${exchange[0]}"
    echo "$ready"
    port=${ready##*127.0.0.1:}; port=${port%% *}
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET /v2/account HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAPCA-API-KEY-ID: test\r\nAPCA-API-SECRET-KEY: test\r\n\r\n' >&3
    cat <&3
    echo
    kill -TERM "$pid"
    wait "$pid"
    echo "exit $?")");

  EXPECT_EQ(outcome.out.find("ready http://127.0.0.1:"), 0U) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("HTTP/1.1 200"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("X-RateLimit-Remaining: 199"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find(R"("status":"ACTIVE")"), std::string::npos);
  EXPECT_NE(outcome.out.find("exit 0"), std::string::npos);
}

/// A market of two minutes, so that the program is soon ready; a folder for `--market`.
std::string short_market() {
  const auto folder = std::filesystem::path{testing::TempDir()} / "exchange_short_market";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "SPY.csv"} << "timestamp,open,high,low,close,volume\n"
                                    << "2025-06-02T13:30:00Z,100,102,99,101,4000\n"
                                    << "2025-06-02T13:31:00Z,101,103,100,102,4000\n";
  return folder.string();
}

TEST(ExchangeProgram, MakesOtherIdsAtEachStart) {
  const auto outcome = test::run_shell("market=" + short_market() + R"(
    ask() {
      exec 3<>"/dev/tcp/127.0.0.1/$port"
      printf '%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAPCA-API-KEY-ID: test\r\nAPCA-API-SECRET-KEY: test\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "$2" "${#3}" "$3" >&3
      grep -a -o '"id":"[^"]*"' <&3 | head -n 1
    }
    order='{"symbol":"SPY","qty":"1","side":"buy","type":"limit","limit_price":"99","time_in_force":"day"}'
    for start in 1 2; do
      coproc exchange { exec "$bin/st0ck-exchange" --alpaca 127.0.0.1:0 --market "$market" --seed 3; }
      pid=$exchange_PID
      read -r ready <&"${exchange[0]}"
      port=${ready##*127.0.0.1:}; port=${port%% *}
      orders[start]=$(ask POST /v2/orders "$order")
      accounts[start]=$(ask GET /v2/account "")
      kill -TERM "$pid"
      wait "$pid"
    done
    echo "${orders[*]} ${accounts[*]}"
    [[ -n ${orders[1]} && ${orders[1]} != "${orders[2]}" ]] && echo "other ids"
    [[ -n ${accounts[1]} && ${accounts[1]} == "${accounts[2]}" ]] && echo "the same account")");

  EXPECT_NE(outcome.out.find("other ids"), std::string::npos) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("the same account"), std::string::npos) << outcome.out << outcome.err;
}

TEST(ExchangeProgram, RefusesWhatIsNoRequestInTheInterfacesForm) {
  const auto outcome = test::run_shell("market=" + short_market() + R"(
    coproc exchange { exec "$bin/st0ck-exchange" --alpaca 127.0.0.1:0 --market "$market"; }
    pid=$exchange_PID
    read -r ready <&"${exchange[0]}"
    port=${ready##*127.0.0.1:}; port=${port%% *}
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'garbage\r\n\r\n' >&3
    cat <&3
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'POST /v2/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n' >&3
    cat <&3
    kill -TERM "$pid"
    wait "$pid")");

  EXPECT_NE(outcome.out.find("HTTP/1.1 400"), std::string::npos) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find(R"({"code":40010000,"message":)"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("HTTP/1.1 413"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find(R"({"code":41310000,"message":)"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("X-Request-ID: "), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("text/plain"), std::string::npos) << outcome.out;
}

TEST(ExchangeProgram, ListensForOthersWithKeysOfItsOwnOnly) {
  for (const std::vector<std::string>& keys :
       {std::vector<std::string>{}, std::vector<std::string>{"--key", "mine"}}) {
    std::vector<std::string> arguments{"--alpaca", "0.0.0.0:0"};
    arguments.insert(arguments.end(), keys.begin(), keys.end());
    const auto outcome = test::run_program("st0ck-exchange", arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_NE(outcome.err.find("give --key and --secret"), std::string::npos) << outcome.err;
  }
  // Past that check: the market is the next thing that is wrong.
  const auto own = test::run_program("st0ck-exchange", {"--alpaca", "0.0.0.0:0", "--key", "mine",
                                                        "--secret", "x", "--market", "no/folder"});
  EXPECT_EQ(own.exit_code, 2);
  EXPECT_EQ(own.err.find("give --key"), std::string::npos) << own.err;
}

/// Found by hand: a speed that is no number broke a rule of the world's.
TEST(ExchangeProgram, RefusesWhatIsNoValueOfAnOption) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"--speed", "nan"},     {"--speed", "inf"},
      {"--speed", "-1"},      {"--speed", "0"},
      {"--speed", ""},        {"--speed", "1e99"},
      {"--seed", "-1"},       {"--seed", "99999999999999999999"},
      {"--seed", "nan"},      {"--seed", "1.5"},
      {"--margin", "nan"},    {"--cash", "1e5"},
      {"--key", ""},          {"--secret", ""},
      {"--key", "two words"}, {"--market", ""},
      {"--date", ""},         {"--scenario", ""}};
  for (const auto& [option, value] : cases) {
    const auto ended =
        test::run_program("st0ck-exchange", {"--alpaca", "127.0.0.1:0", option, value});
    EXPECT_EQ(ended.exit_code, 2) << option << " '" << value << "'";
    EXPECT_NE(ended.err.find(option + ": "), std::string::npos) << ended.err;
  }
}

TEST(ExchangeProgram, SaysWhatIsWrongWithItsArguments) {
  const auto address = test::run_program("st0ck-exchange", {"--alpaca", "nowhere"});
  EXPECT_EQ(address.exit_code, 2);
  EXPECT_NE(address.err.find("--alpaca: found 'nowhere'"), std::string::npos);
  const auto time =
      test::run_program("st0ck-exchange", {"--alpaca", "127.0.0.1:0", "--at", "noon"});
  EXPECT_EQ(time.exit_code, 2);
  const auto market =
      test::run_program("st0ck-exchange", {"--alpaca", "127.0.0.1:0", "--market", "no/folder"});
  EXPECT_EQ(market.exit_code, 2);
}

}  // namespace
}  // namespace st0ck::app::exchange
