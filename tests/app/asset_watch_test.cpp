#include "src/app/asset_watch.hpp"

#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/kernel/replay.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using st0ck::test::IntentBuilder;
using st0ck::test::utc;
using testing::ElementsAre;
using testing::HasSubstr;
using trading::Side;
using trading::TradingTerms;

/// Answers a while after it was asked, or not at all.
class HandTerms final : public trading::TermsSource {
 public:
  explicit HandTerms(net::Scheduler& scheduler) : scheduler_{scheduler} {}

  void read_terms(const core::Symbol& symbol, Read done) override {
    asked.push_back(symbol.str());
    if (is_silent) return;
    scheduler_.call_after(10ms,
                          [this, symbol, done = std::move(done)] { done(answer_to(symbol)); });
  }

  std::map<std::string, TradingTerms> known{{"SPY", {}}, {"QQQ", {}}};
  std::vector<std::string> asked;
  bool is_down = false;
  bool is_silent = false;

 private:
  core::Result<TradingTerms> answer_to(const core::Symbol& symbol) const {
    if (is_down) return core::fail(core::Errc::Broker, "503");
    const auto found = known.find(symbol.str());
    if (found == known.end()) return core::fail(core::Errc::NotFound, "404");
    return found->second;
  }

  net::Scheduler& scheduler_;
};

class AssetWatchTest : public testing::Test {
 protected:
  /// What the start was told; nothing while it waits.
  std::optional<core::Status> begin(bool is_new_run = true) {
    watch.begin(is_new_run, [this](core::Status status) { begun.emplace(std::move(status)); });
    EXPECT_FALSE(begun) << "inside the call";
    scheduler.run_for(1s);
    return begun;
  }

  std::string refusal(core::InstrumentId instrument) {
    const trading::OrderIntent entry = *IntentBuilder{Side::Buy, 1}.of(instrument);
    const auto code = gate.refusal_of(entry);
    return code ? code->str() : "";
  }

  /// Of the last line in the log with that code.
  std::string message_of(std::string_view code) {
    std::string message;
    for (const auto& entry : log.entries())
      if (entry.code == code) message = entry.message;
    return message;
  }

  /// The watch's next time has come.
  void step() {
    clock.set(*watch.next_time());
    ASSERT_TRUE(watch.step(sink));
    scheduler.run_for(1s);
  }

  st0ck::test::RecordingLogger log;
  st0ck::test::HandClock clock{utc("2025-01-02T15:00:00Z")};
  net::SimulatedScheduler scheduler;
  st0ck::test::ThreeInstruments instruments;
  kernel::OrderUpdateQueue updates;
  kernel::SilentBroker broker;
  EntryGate gate{{clock, instruments.table, broker, updates, log.get()}};
  HandTerms source{scheduler};
  market::NullEventSink sink;
  std::optional<core::Status> begun;
  AssetWatch watch{{source, gate, instruments.table, clock, scheduler, log.get()}};
};

TEST_F(AssetWatchTest, LetsARunBeginOnceEveryStockIsKnownToBeTraded) {
  const auto status = begin();

  ASSERT_TRUE(status);
  EXPECT_TRUE(*status);
  EXPECT_THAT(source.asked, ElementsAre("SPY", "QQQ")) << "no options";
  EXPECT_EQ(refusal(instruments.spy), "");
}

TEST_F(AssetWatchTest, EndsANewRunNamingAllThatIsNotTraded) {
  source.known = {{"SPY", {.blocked = "its status is not active"}}};

  const auto status = begin();

  ASSERT_TRUE(status);
  ASSERT_FALSE(*status);
  EXPECT_EQ(status->error().code, core::Errc::Broker);
  EXPECT_THAT(status->error().message,
              HasSubstr("SPY (its status is not active), QQQ (the broker does not know it)"));
}

TEST_F(AssetWatchTest, GoesOnWithARunThatMayHavePositionsAndRefusesItsEntries) {
  log.expect("ASSET_NOT_TRADABLE");
  source.known.erase("QQQ");

  const auto status = begin(/*is_new_run=*/false);

  ASSERT_TRUE(status);
  EXPECT_TRUE(*status);
  EXPECT_EQ(refusal(instruments.qqq), "NOT_TRADABLE");
  EXPECT_EQ(refusal(instruments.spy), "");
}

TEST_F(AssetWatchTest, BeginsWithoutAnswersAndRefusesEntriesUntilTheyCome) {
  log.expect("ASSETS_NOT_READ");
  source.is_down = true;

  const auto status = begin();

  ASSERT_TRUE(status);
  EXPECT_TRUE(*status);
  EXPECT_EQ(refusal(instruments.spy), "ASSET_UNKNOWN");
  scheduler.run_for(30s);
  EXPECT_EQ(log.count("ASSETS_NOT_READ"), 3U) << "at once, after 5 s and 10 s more";
  source.is_down = false;
  scheduler.run_for(20s);
  EXPECT_EQ(refusal(instruments.spy), "");
  EXPECT_EQ(refusal(instruments.qqq), "");
}

TEST_F(AssetWatchTest, WaitsForASilentBrokerOnlySoLong) {
  log.expect("ASSETS_NOT_READ");
  source.is_silent = true;
  EXPECT_FALSE(begin());

  scheduler.run_for(5s);

  ASSERT_TRUE(begun);
  EXPECT_TRUE(*begun);
  EXPECT_EQ(refusal(instruments.spy), "ASSET_UNKNOWN");
}

TEST_F(AssetWatchTest, AsksAgainBeforeThePreMarketAndAtThePreparePhase) {
  begin();
  EXPECT_EQ(watch.next_time(), utc("2025-01-03T08:45:00Z"));
  step();
  EXPECT_EQ(watch.next_time(), utc("2025-01-03T14:20:00Z"));
  step();
  EXPECT_EQ(watch.next_time(), utc("2025-01-06T08:45:00Z"));

  EXPECT_THAT(source.asked, ElementsAre("SPY", "QQQ", "SPY", "QQQ", "SPY", "QQQ"));
}

TEST_F(AssetWatchTest, TellsWhatHasChangedAndRefusesWhatIsNoLongerTraded) {
  begin();
  log.expect("ASSET_CHANGED");
  source.known["SPY"].is_shortable = false;
  step();
  EXPECT_THAT(message_of("ASSET_CHANGED"), HasSubstr("traded, not shortable"));
  EXPECT_EQ(refusal(instruments.spy), "");

  log.expect("ASSET_NOT_TRADABLE");
  source.known["SPY"].blocked = "it is not tradable";
  step();
  EXPECT_EQ(refusal(instruments.spy), "NOT_TRADABLE");

  source.known["SPY"].blocked = "";
  step();
  EXPECT_EQ(refusal(instruments.spy), "");
}

TEST_F(AssetWatchTest, KeepsWhatItKnowsWhileALaterReadingFails) {
  begin();
  log.expect("ASSETS_NOT_READ");
  source.is_down = true;
  step();

  EXPECT_EQ(refusal(instruments.spy), "");
}

}  // namespace
}  // namespace st0ck::app
