#include "src/app/alpaca_settings.hpp"

#include "cmake/registered_engines.hpp"
#include "src/app/configuration.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {
namespace {

using testing::HasSubstr;

/// Of an authority of nobody's; made once with openssl, of no use to trust.
constexpr std::string_view kCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUKkI9zWIiBGkS5eIvyNMM9GUjTlowCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwIBcNMjYxMTMwMTIxMDQ5WhgPMjEyNjExMDYxMjEwNDla
MA0xCzAJBgNVBAMMAmNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBus9h/ow
BotHFhBnsbe4F3e9kHD/pn+gK1/tRV3hr0PBe2QBfbMj4d4X+2nx1AXA9vCAM/Fe
frnjyi0b7z5aW6NTMFEwHQYDVR0OBBYEFLBzZGUXmfisTsiYQEDKiCKztnPeMB8G
A1UdIwQYMBaAFLBzZGUXmfisTsiYQEDKiCKztnPeMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIgN46/dlBM9XXiHL7zqL2nE/TPWb/KB9b3tciNYfMh
fIwCIQC1HI7m34jgnz70r9/uqLd1Ua0mfxzdWRswUc3ovjKvyQ==
-----END CERTIFICATE-----
)";

struct AlpacaSettings : testing::Test {
  std::string problems(const std::vector<std::string>& settings) {
    kernel::EngineRegistry registry;
    register_engines(registry);
    const auto file = folder / "c.yaml";
    std::ofstream{file} << "market: {kind: alpaca}\nbroker: {kind: alpaca}\n"
                           "bots: {a: {engine: st0cka}}\n";
    loaded = load_configuration(file, settings, registry);
    return loaded.problem_text();
  }

  /// A file of authorities.
  std::filesystem::path certificate() const {
    std::ofstream{folder / "ca.pem"} << kCertificate;
    return folder / "ca.pem";
  }

  test::TemporaryFolder folder;
  LoadedConfiguration loaded;
};

TEST_F(AlpacaSettings, AreGoodByDefault) {
  EXPECT_EQ(problems({}), "");
  EXPECT_TRUE(loaded.configuration.market.is_live());
  EXPECT_EQ(loaded.configuration.broker.kind, BrokerKind::Alpaca);
  EXPECT_TRUE(abilities_of(loaded.configuration.broker).exits_wait_for_whole_entry);
}

TEST_F(AlpacaSettings, AllowSimulatedOrdersOnTheLiveMarket) {
  EXPECT_EQ(problems({"broker.kind=sim", "broker.line.latency=20ms"}), "");
}

TEST_F(AlpacaSettings, SendKeysInTheClearToThisMachineOnly) {
  EXPECT_EQ(problems({"broker.url=http://localhost:1", "market.data_url=http://[::1]:1",
                      "market.stream_url=ws://127.0.0.1:1"}),
            "");
  EXPECT_EQ(
      problems({"mode=live", "broker.url=https://a.example", "market.stream_url=wss://a.example"}),
      "");
  for (const std::string key : {"broker.url", "market.data_url"})
    for (const std::string url : {"http://a.example", "http://10.0.0.7:80", "https://k:s@a.example",
                                  "https://a.example/?x=1", "https://a.example#x", "ftp://a",
                                  "https://", "https://a.example:99999", "http://127.0.0.1:0"})
      EXPECT_THAT(problems({key + "=" + url}), HasSubstr(key)) << url;
  EXPECT_THAT(problems({"market.stream_url=ws://a.example"}), HasSubstr("wss://"));
}

TEST_F(AlpacaSettings, TakeAnEmptyAddressForAlpacasOwnHost) {
  EXPECT_EQ(problems({"broker.url=http://127.0.0.1:1", "broker.url="}), "");
  EXPECT_EQ(loaded.configuration.broker.alpaca.url, "");
  EXPECT_EQ(problems({"broker.url=''"}), "");
  EXPECT_THAT(problems({"market.data_url="}), HasSubstr("market.data_url: found nothing"))
      << "no host stands for it";
}

TEST_F(AlpacaSettings, KeepARealBrokerOffAMadeUpMarket) {
  EXPECT_THAT(problems({"market.kind=generated"}),
              HasSubstr("broker.kind: found 'alpaca'; allowed: sim where the market is made up"));
}

/// Their stops would refuse each other, and one position would have none (found by fault days).
TEST_F(AlpacaSettings, GiveEachSymbolToOneBot) {
  EXPECT_EQ(problems({"bots.b.engine=sma_cross", "bots.b.symbol=QQQ"}), "");
  EXPECT_THAT(problems({"bots.b.engine=sma_cross", "bots.b.symbol=SPY"}),
              HasSubstr("bots.b.symbol: found 'SPY'; allowed: a symbol that no other bot of the "
                        "account trades, as the broker keeps one position of each and refuses "
                        "opposite orders; a trades SPY already (one bot for each symbol, or "));
  EXPECT_THAT(problems({"bots.b.engine=st0cka"}),
              HasSubstr("bots.b.symbol: found the default 'SPY'; allowed: "));
  EXPECT_EQ(problems({"broker.kind=sim", "bots.b.engine=sma_cross", "bots.b.symbol=SPY"}), "");
}

TEST_F(AlpacaSettings, SendOrdersInEachModeToAHostOfThatModeOnly) {
  for (const std::string live : {"https://api.alpaca.markets", "https://API.alpaca.markets:443/"}) {
    EXPECT_EQ(problems({"mode=live", "broker.url=" + live}), "");
    EXPECT_THAT(problems({"mode=paper", "broker.url=" + live}),
                HasSubstr("allowed: Alpaca's paper host, or one on this machine, where mode"));
  }
  // Found by a user's attack: a proxy in front of real money.
  EXPECT_THAT(problems({"mode=paper", "broker.url=https://proxy.example"}),
              HasSubstr("broker.url: found 'https://proxy.example'"));
  EXPECT_EQ(problems({"mode=paper", "broker.url=http://127.0.0.1:9000"}), "");
  const std::string paper = "broker.url=https://paper-api.alpaca.markets";
  EXPECT_EQ(problems({"mode=paper", paper}), "");
  EXPECT_THAT(problems({"mode=live", paper}),
              HasSubstr("allowed: no host for simulated money where mode is live"));
  EXPECT_EQ(problems({"mode=live", "broker.url=http://127.0.0.1:9000"}), "");
  EXPECT_EQ(problems({"mode=live"}), "");
}

/// Found by a user's attack: what was halted and held was forgotten with the process.
TEST_F(AlpacaSettings, KeepAJournalOfOrdersThatGoToABroker) {
  EXPECT_THAT(problems({"journal.enabled=false"}),
              HasSubstr("journal.enabled: found 'false'; allowed: true where orders go to a"));
  EXPECT_EQ(problems({"broker.kind=sim", "journal.enabled=false"}), "");
}

/// Found by a user's attack: a line of a drill half removed.
TEST_F(AlpacaSettings, TradeNoRealMoneyByPricesOfThisMachine) {
  const std::string data = "market.data_url=http://127.0.0.1:1";
  const std::string stream = "market.stream_url=ws://127.0.0.1:1";
  EXPECT_THAT(problems({"mode=live", data}), HasSubstr("market.data_url: found"));
  EXPECT_THAT(problems({"mode=live", stream}), HasSubstr("market.stream_url: found"));
  EXPECT_EQ(problems({"mode=live", "broker.url=http://127.0.0.1:1", data, stream}), "");
  EXPECT_EQ(problems({"mode=paper", data, stream}), "");
}

TEST_F(AlpacaSettings, AllowTheTimeOfAnExchangeOnThisMachineOnly) {
  const std::string broker = "broker.url=http://127.0.0.1:9000";
  const std::string market = "market.data_url=http://127.0.0.1:9000";
  EXPECT_EQ(problems({broker, "clock.source=broker"}), "");
  EXPECT_EQ(problems({"broker.kind=sim", market, "clock.source=market"}), "");

  EXPECT_THAT(problems({market, "clock.source=broker"}),
              HasSubstr("clock.source: found 'broker'; allowed: machine; broker only with a "
                        "broker.url of this machine"));
  const char* const kMarketOnly =
      "clock.source: found 'market'; allowed: machine; market only with broker.kind sim and a "
      "market.data_url of this machine";
  EXPECT_THAT(problems({"broker.kind=sim", "clock.source=market"}), HasSubstr(kMarketOnly));
  EXPECT_THAT(problems({broker, market, "clock.source=market"}), HasSubstr(kMarketOnly));
  EXPECT_THAT(problems({"broker.kind=sim", "market.kind=generated", "clock.source=market"}),
              HasSubstr(kMarketOnly));
}

TEST_F(AlpacaSettings, TakeASpeedOfAnExchangesClockAlone) {
  const std::string broker = "broker.url=http://127.0.0.1:9000";
  EXPECT_EQ(problems({broker, "clock.source=broker", "clock.speed=60"}), "");
  EXPECT_EQ(problems({"clock.speed=1"}), "");

  for (const std::vector<std::string>& machine :
       {std::vector<std::string>{broker, "clock.speed=60"},
        {"clock.source=machine", "clock.speed=60"},
        {"broker.kind=sim", "market.kind=generated", "clock.speed=60"}})
    EXPECT_THAT(problems(machine),
                HasSubstr("--set clock.speed: clock.speed: found '60'; allowed: 1, as the "
                          "machine's clock has no other speed; another one only with "
                          "clock.source broker or market"));
}

TEST_F(AlpacaSettings, TrustCertificatesThatAreThere) {
  EXPECT_EQ(problems({"net.ca_file=" + certificate().string()}), "");

  const auto complaint = [](const std::filesystem::path& file, const std::string& why) {
    return HasSubstr("net.ca_file: found '" + file.string() +
                     "'; allowed: a file with certificates of authorities in PEM (" + why + ")");
  };
  const auto empty = folder / "empty.pem";
  std::ofstream{empty} << "none\n";
  EXPECT_THAT(problems({"net.ca_file=" + empty.string()}),
              complaint(empty, "it holds no certificate in PEM"));
  EXPECT_THAT(problems({"net.ca_file=no/such.pem"}),
              complaint("no/such.pem", "there is no such file"));
  EXPECT_THAT(problems({"net.ca_file=" + folder.path().string()}),
              complaint(folder.path(), "it is no plain file"));
}

TEST_F(AlpacaSettings, NameTheKeysOfAnotherChoice) {
  EXPECT_THAT(problems({"market.speed=10"}),
              HasSubstr("this key only where market.kind is generated or recorded"));
  EXPECT_THAT(problems({"broker.kind=sim", "broker.poll_every=10s"}),
              HasSubstr("this key only where broker.kind is alpaca"));
  EXPECT_THAT(problems({"broker.kind=sim", "broker.requests_per_minute=100"}),
              HasSubstr("this key only where broker.kind is alpaca"));
}

TEST_F(AlpacaSettings, LeaveAddressesAndThePlanOutOfTheHash) {
  problems({});
  const std::string hash = loaded.configuration.hash;
  problems({"broker.url=http://127.0.0.1:1", "market.data_url=http://127.0.0.1:1",
            "market.stream_url=ws://127.0.0.1:1", "net.ca_file=" + certificate().string(),
            "market.requests_per_minute=1000"});
  EXPECT_EQ(loaded.configuration.hash, hash);
  problems({"market.feed=sip"});
  EXPECT_NE(loaded.configuration.hash, hash);
}

TEST_F(AlpacaSettings, LimitRequestsAsThePlanOfTheFeedDoes) {
  problems({});
  EXPECT_EQ(loaded.configuration.market.alpaca.request_limits.requests, 200U);
  EXPECT_EQ(loaded.configuration.broker.alpaca.request_limits.requests, 200U);
  problems({"market.feed=sip"});
  EXPECT_EQ(loaded.configuration.market.alpaca.request_limits.requests, 10'000U);
  EXPECT_EQ(loaded.configuration.market.alpaca.request_limits.quotes, 200U);
  EXPECT_EQ(loaded.configuration.broker.alpaca.request_limits.requests, 200U);
}

TEST_F(AlpacaSettings, LetAPlanBeUsedThatIsNotTheUsualOne) {
  EXPECT_EQ(
      problems({"market.requests_per_minute=1000", "market.quote_requests_per_minute=900",
                "market.trade_requests_per_minute=800", "market.option_requests_per_minute=700",
                "broker.requests_per_minute=600", "broker.order_requests_per_minute=500",
                "broker.account_requests_per_minute=400"}),
      "");

  const auto& data = loaded.configuration.market.alpaca.request_limits;
  EXPECT_EQ(data.requests, 1000U);
  EXPECT_EQ(data.quotes, 900U);
  EXPECT_EQ(data.trades, 800U);
  EXPECT_EQ(data.options, 700U);
  const auto& trading = loaded.configuration.broker.alpaca.request_limits;
  EXPECT_EQ(trading.requests, 600U);
  EXPECT_EQ(trading.orders, 500U);
  EXPECT_EQ(trading.account, 400U);
}

TEST_F(AlpacaSettings, LimitDataAlsoWhereOrdersAreSimulated) {
  EXPECT_EQ(problems({"broker.kind=sim", "market.requests_per_minute=1000"}), "");
  EXPECT_EQ(loaded.configuration.market.alpaca.request_limits.requests, 1000U);
}

TEST_F(AlpacaSettings, RefuseLimitsThatNoPlanHas) {
  EXPECT_THAT(problems({"market.requests_per_minute=10001"}),
              HasSubstr("market.requests_per_minute: found '10001'; allowed: a whole number"));
  EXPECT_THAT(problems({"broker.order_requests_per_minute=9"}),
              HasSubstr("broker.order_requests_per_minute: found '9'; allowed: a whole number"));
}

TEST(IsLoopback, KnowsThisMachineAndNothingThatLooksLikeIt) {
  for (const char* url : {"http://127.0.0.1", "https://localhost:8443/x", "ws://[::1]:1"})
    EXPECT_TRUE(is_loopback(url)) << url;
  for (const char* url : {"https://api.alpaca.markets", "http://localhost.example.com",
                          "http://127.0.0.10", "127.0.0.1", ""})
    EXPECT_FALSE(is_loopback(url)) << url;
}

}  // namespace
}  // namespace st0ck::app
