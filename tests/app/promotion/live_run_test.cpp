#include "app/filling_broker.hpp"
#include "src/app/live_daemon.hpp"
#include "src/app/promotion/permission.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/orders.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a run asks before it trades live, and what it tells of itself for a promotion.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using st0ck::test::ProbeEngine;
using st0ck::test::utc;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using trading::Side;

constexpr std::string_view kLow = "99.99";
const core::Timestamp kClose = utc("2025-01-02T21:00:00Z");

class LiveRunTest : public testing::Test {
 protected:
  LiveRunTest() {
    world.account = "PA1";
    setenv("APCA_API_KEY_ID", "PK1", 1);
    setenv("APCA_API_SECRET_KEY", "secret", 1);
  }
  ~LiveRunTest() override {
    unsetenv("APCA_API_KEY_ID");
    unsetenv("APCA_API_SECRET_KEY");
  }

  /// A bot that buys at each quote below 100 and sells at each above.
  Configuration configuration(std::string mode, std::string url) {
    Configuration configured =
        live_configuration(folder.path(), heard, [](ProbeEngine& engine, auto spy) {
          // The same again when its journal is executed.
          engine.does_on_quote = [spy](auto& context, const market::Quote& quote) {
            const bool is_low = quote.bid < st0ck::test::price("100");
            context.submit(st0ck::test::one_share(spy, is_low ? Side::Buy : Side::Sell));
          };
        });
    configured.mode = std::move(mode);
    configured.broker.kind = BrokerKind::Alpaca;
    configured.broker.alpaca.url = std::move(url);
    return configured;
  }

  core::Result<RunOutcome> run(const std::string& mode, const std::string& url = "") {
    auto daemon = LiveDaemon::open(
        configuration(mode, url), state,
        [&](const Configuration&, const LiveSurroundings& around) -> core::Result<LiveParts> {
          world.io = &around.io;
          world.updates = &around.updates;
          LiveParts parts;
          parts.stream = std::make_unique<SteppingStream>(world);
          parts.broker = std::make_unique<FillingBroker>(world);
          return parts;
        },
        kernel::LiveClock{[this] { return world.now; }});
    if (!daemon) return tl::unexpected(daemon.error());
    world.steps.emplace_back([&daemon] { (*daemon)->stop(); });
    return (*daemon)->run();
  }

  /// A quote, and the loop's turns until so many orders have reached the broker.
  void quote_until_sent(std::size_t count, std::string_view bid = kLow,
                        std::string_view ask = "100.01") {
    world.steps.emplace_back([this, bid, ask] { world.quote(bid, ask); });
    world.steps.emplace_back([this, count] { wait_for_orders(count); });
  }
  void wait_for_orders(std::size_t count) {
    world.steps.insert(world.steps.begin(), [this, count] {
      if (world.sent.size() < count) wait_for_orders(count);
    });
  }

  /// Turns of the loop until the account was read after the close.
  void see_the_close() {
    world.steps.emplace_back([this] {
      world.now = kClose + 1s;
      world.readings.clear();
      wait_for_close();
    });
  }
  void wait_for_close() {
    world.steps.insert(world.steps.begin(), [this] {
      if (world.readings.empty() || world.readings.back() <= kClose) wait_for_close();
    });
  }

  void promote(const std::string& url = "") {
    const Configuration configured = configuration("live", url);
    const PromotionHolder holder{target_of(configured), configured.account.name, {"PK1", "secret"}};
    const auto record =
        make_promotion(holder, {}, judge({}, holder.target, world.now), "a test of it", world.now);
    std::filesystem::create_directories(state);
    std::ofstream{promotion_file_of(state), std::ios::binary}
        << promotion_text({record, seal_of(record, "secret")});
  }

  std::vector<storage::LoggedAccountCheck> account_checks() const {
    auto log = storage::TradeLogReader::open(state / "trades.db");
    if (!log) return {};
    return log->account_checks().value();
  }

  std::vector<std::string> risk_codes() const {
    auto log = storage::TradeLogReader::open(state / "trades.db");
    if (!log) return {log.error().message};
    std::vector<std::string> codes;
    const auto events = log->risk_events().value();
    for (const auto& event : events) codes.push_back(event.row.code.str());
    return codes;
  }

  std::size_t refusals() const {
    auto log = storage::TradeLogReader::open(state / "trades.db");
    if (!log) return 0;
    const auto decisions = log->decisions().value();
    return static_cast<std::size_t>(std::ranges::count_if(decisions, [](const auto& decision) {
      return decision.row.kind == kernel::DecisionKind::Refusal;
    }));
  }

  void remove_trade_log() const {
    for (const std::string ending : {"", "-wal", "-shm"})
      std::filesystem::remove(state / ("trades.db" + ending));
  }

  std::string log_text() const {
    std::ifstream in{state / "log" / "st0ckd.log"};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  test::TemporaryFolder folder;
  std::filesystem::path state = folder / "state";
  FillingWorld world;
  std::vector<std::string> heard;
};

TEST_F(LiveRunTest, IsRefusedWithoutAPromotionBeforeAnythingIsMade) {
  const auto outcome = run("live");

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Refused);
  EXPECT_THAT(outcome.error().message, StartsWith("PROMOTION_MISSING: "));
  EXPECT_FALSE(std::filesystem::exists(state));
}

TEST_F(LiveRunTest, IsRefusedWithoutKeys) {
  unsetenv("APCA_API_SECRET_KEY");

  const auto outcome = run("live");

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Broker);
}

TEST_F(LiveRunTest, TradesWithAPromotionAndSaysOnEveryLineThatItIsLive) {
  promote();
  quote_until_sent(1);

  const auto outcome = run("live");

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(world.sides, ElementsAre(Side::Buy));
  const std::string text = log_text();
  EXPECT_THAT(text, HasSubstr("LIVE: account default at api.alpaca.markets, real money"));
  EXPECT_THAT(text, HasSubstr("OVERRIDE: a test of it"));
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (line.find("LOG_OPENED") == std::string::npos)
      EXPECT_THAT(line, HasSubstr(R"("mode":"live")"));
}

TEST_F(LiveRunTest, IsNotPermittedByARecordOfADrill) {
  promote("http://127.0.0.1:1");

  const auto outcome = run("live");

  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, StartsWith("PROMOTION_OTHER_HOST: "));
}

TEST_F(LiveRunTest, LeavesWhatItHoldsAndEntersNothingWhereItsPromotionIsGone) {
  promote();
  quote_until_sent(1);
  ASSERT_TRUE(run("live"));
  std::filesystem::remove(promotion_file_of(state));

  world.now += 1min;
  world.steps.emplace_back([this] { world.quote(kLow, "100.01"); });
  const auto entering = run("live");

  ASSERT_TRUE(entering) << entering.error().message;
  EXPECT_EQ(refusals(), 1U) << "it was tried";
  EXPECT_EQ(world.sent.size(), 1U) << "nothing more was bought";
  EXPECT_THAT(risk_codes(), Contains("PROMOTION_MISSING"));

  world.now += 1min;
  quote_until_sent(2, "100.09", "100.11");
  ASSERT_TRUE(run("live"));
  EXPECT_THAT(world.sides, ElementsAre(Side::Buy, Side::Sell)) << "exits run always";

  const auto flat = run("live");
  ASSERT_FALSE(flat) << "nothing is left to lead out of";
  EXPECT_THAT(flat.error().message, StartsWith("PROMOTION_MISSING: "));
}

/// Found by a user's attack: what was held was left alone, though its journal told of it.
TEST_F(LiveRunTest, LeavesWhatItHoldsThoughItsTradeLogIsGoneToo) {
  promote();
  quote_until_sent(1);
  ASSERT_TRUE(run("live"));
  std::filesystem::remove(promotion_file_of(state));
  remove_trade_log();

  world.now += 1min;
  quote_until_sent(2, "100.09", "100.11");
  const auto outcome = run("live");

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(world.sides, ElementsAre(Side::Buy, Side::Sell));
}

TEST_F(LiveRunTest, GoesOnOnlyWhereItBeganAlsoByItsJournal) {
  promote();
  quote_until_sent(1);
  ASSERT_TRUE(run("live"));
  remove_trade_log();
  const std::string elsewhere = "http://127.0.0.1:1";
  promote(elsewhere);

  const auto outcome = run("live", elsewhere);

  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("the live run in it is on api.alpaca.markets"));
}

TEST_F(LiveRunTest, GoesOnOnlyWhereItBegan) {
  promote();
  quote_until_sent(1);
  ASSERT_TRUE(run("live"));
  const std::string elsewhere = "http://127.0.0.1:1";
  promote(elsewhere);

  const auto outcome = run("live", elsewhere);

  ASSERT_FALSE(outcome) << "it would sell there what it holds here";
  EXPECT_THAT(
      outcome.error().message,
      HasSubstr("the live run in it is on api.alpaca.markets, orders would go to loopback"));
}

TEST_F(LiveRunTest, GoesOnOnlyInTheAccountItBeganIn) {
  promote();
  quote_until_sent(1);
  ASSERT_TRUE(run("live"));
  world.account = "PA2";

  const auto outcome = run("live");

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Mismatch);
  EXPECT_THAT(outcome.error().message, HasSubstr("is of account PA1, the keys are of PA2"));
}

/// Found by a user's attack: orders went to an account that the books are not of.
TEST_F(LiveRunTest, GoesOnOnPaperOnlyInTheAccountItBeganIn) {
  ASSERT_TRUE(run("paper"));
  ASSERT_TRUE(run("paper"));
  world.account = "PA2";

  const auto outcome = run("paper");

  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("the run is of account PA1, the keys are of PA2"));
}

TEST_F(LiveRunTest, EntersAgainOnceItIsPromotedAgain) {
  promote();
  quote_until_sent(1);
  ASSERT_TRUE(run("live"));
  std::filesystem::remove(promotion_file_of(state));
  ASSERT_TRUE(run("live"));

  promote();
  world.now += 1min;
  quote_until_sent(2);
  ASSERT_TRUE(run("live"));

  EXPECT_THAT(world.sides, ElementsAre(Side::Buy, Side::Buy));
}

TEST_F(LiveRunTest, DoesNotGoOnWithAPaperRun) {
  ASSERT_TRUE(run("paper"));
  promote();

  const auto outcome = run("live");

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, core::Errc::Mismatch);
  EXPECT_THAT(outcome.error().message,
              HasSubstr("the run in it is in mode paper, this one is in mode live: each has a "
                        "state directory of its own"));
}

TEST_F(LiveRunTest, RecordsWhereItWasAndThatACloseWasCompared) {
  see_the_close();

  ASSERT_TRUE(run("paper"));

  const auto checks = account_checks();
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_EQ(checks[0].row.host, "paper-api.alpaca.markets");
  EXPECT_EQ(checks[0].row.broker_account, "PA1");
  EXPECT_EQ(checks[0].row.clock, "machine");
  EXPECT_EQ(checks[0].row.closed, std::nullopt);
  EXPECT_EQ(checks[1].row.closed, core::parse_date("2025-01-02").value());
}

TEST_F(LiveRunTest, RecordsEachCloseOnceHoweverOftenItStarts) {
  see_the_close();
  ASSERT_TRUE(run("paper"));
  world.now += 1h;

  ASSERT_TRUE(run("paper"));

  const auto checks = account_checks();
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_EQ(checks[2].row.closed, std::nullopt);
}

TEST_F(LiveRunTest, ComparesAtItsStartACloseThatWasNotComparedBefore) {
  ASSERT_TRUE(run("paper"));
  world.now = kClose + 1s;  // Nobody was there at the close.
  see_the_close();

  ASSERT_TRUE(run("paper"));

  EXPECT_EQ(account_checks().back().row.closed, core::parse_date("2025-01-02").value());
}

}  // namespace
}  // namespace st0ck::app
