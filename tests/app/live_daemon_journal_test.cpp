#include "app/live_daemon_fixture.hpp"
#include "support/own_mounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

// A journal that has lost its end, and one without space.
namespace st0ck::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A run whose journal has lost its end, and with it a halt.
class LiveDaemonAfterALossTest : public LiveDaemonTest {
 protected:
  void lose_a_halt() {
    const auto journal = folder / "state" / "journal";
    const auto copy = folder / "copy";
    let_order_be_accepted();
    go_on_after(0min);
    ASSERT_TRUE(run(Broker::Remote));
    std::filesystem::copy(journal, copy, std::filesystem::copy_options::recursive);
    const CommandInbox inbox{folder / "state" / "commands"};
    trading::OperatorCommand halt;
    halt.id = "h1";
    halt.reason = "news";
    const std::string file = inbox.post(halt).value();
    script.steps.clear();
    wait_for_answer(inbox, file);
    go_on_after(1min);
    ASSERT_TRUE(run(Broker::Remote));
    std::filesystem::remove_all(journal);
    std::filesystem::copy(copy, journal, std::filesystem::copy_options::recursive);
    script.steps.clear();
    go_on_after(1min);
  }

  void go_on_after(core::Duration pause) {
    script.now += pause;
    script.report->broker_time = script.now;
  }

  void expect_halted_once() const {
    EXPECT_THAT(messages_of("JOURNAL_CUT"), ElementsAre(HasSubstr("until `st0ck resume`")));
    auto log = storage::TradeLogReader::open(folder / "state" / "trades.db");
    ASSERT_TRUE(log);
    const auto halts = log->halts();
    ASSERT_EQ(halts->size(), 1U);
    EXPECT_THAT(halts->front().row.reason, HasSubstr("the journal has lost its end"));
  }
};

/// Found by a user's attack: a halt that had been confirmed was gone with the journal's end.
TEST_F(LiveDaemonAfterALossTest, IsHalted) {
  lose_a_halt();

  ASSERT_TRUE(run(Broker::Remote));

  expect_halted_once();
}

/// The trade log, which told of the halt, is made anew by a start that fails too.
TEST_F(LiveDaemonAfterALossTest, IsHaltedThoughTheStartAfterItFails) {
  lose_a_halt();
  const auto report = std::exchange(script.report, core::fail(core::Errc::Broker, "wrong keys"));
  ASSERT_FALSE(run(Broker::Remote));
  script.report = report;

  go_on_after(1min);
  ASSERT_TRUE(run(Broker::Remote));

  expect_halted_once();
}

/// The journal alone lies on a small disk, so that log and figures tell how it fares.
class JournalSpaceTest : public LiveDaemonTest {
 protected:
  void SetUp() override {
    if (!disk) GTEST_SKIP() << "SKIPPED: mounting is not permitted here; run as root";
    script.report->broker_time = script.now;
    let_order_fill();
  }

  /// Many quotes in each turn until it is so, or enough of them.
  void quote_until(std::function<bool()> is_so) {
    script.steps.insert(script.steps.begin(), [this, is_so] {
      if (is_so() || script.now > kLunch) return;
      for (int i = 0; i < 500; ++i) {
        script.now += 1ms;
        script.quote();
      }
      quote_until(is_so);
    });
  }

  void wait_until(std::function<bool()> is_so) {
    script.steps.insert(script.steps.begin(), [this, is_so] {
      if (!is_so()) wait_until(is_so);
    });
  }

  /// How often the bot was told of a provider; the broker is the first.
  auto providers_told() const { return std::ranges::count(heard, "a provider"); }

  std::uintmax_t journal_size() const {
    std::uintmax_t size = 0;
    for (const auto& file : std::filesystem::directory_iterator{journal}) size += file.file_size();
    return size;
  }

  static constexpr std::uint64_t kSmall = 256 << 10;
  static constexpr std::uint64_t kLarge = 64 << 20;
  const std::filesystem::path journal = folder / "state" / "journal";
  std::optional<test::OwnMount> disk = test::OwnMount::small_disk(journal, kSmall);
};

TEST_F(JournalSpaceTest, GoesOnOnceThereIsSpace) {
  script.steps.emplace_back([&] { quote_until([&] { return providers_told() == 2; }); });
  script.steps.emplace_back([&] { disk->resize(kLarge); });
  script.steps.emplace_back([&] { wait_until([&] { return providers_told() == 3; }); });

  const auto outcome = run(Broker::Remote);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(messages_of("JOURNAL_STALLED"),
              ElementsAre(HasSubstr("the disk is full; nothing is entered"), "journal is down"));
  EXPECT_THAT(messages_of("JOURNAL_GOES_ON"), ElementsAre(HasSubstr("there is space again")));
  EXPECT_THAT(messages_of("JOURNAL_FAILED"), IsEmpty());
}

/// Found in review: space again was told as if nothing were missing from the journal.
TEST_F(JournalSpaceTest, IsNotWholeAgainWhereItsBufferWasFullBefore) {
  script.steps.emplace_back([&] { quote_until([&] { return providers_told() == 3; }); });
  script.steps.emplace_back([&] { disk->resize(kLarge); });
  // What waited in the buffer is written in pieces; that there is space was told with the first.
  script.steps.emplace_back([&] { wait_until([&] { return journal_size() > 4 * kSmall; }); });

  const auto outcome = run(Broker::Remote);

  ASSERT_FALSE(outcome) << "its end says that records are missing";
  EXPECT_THAT(messages_of("JOURNAL_FAILED"),
              ElementsAre(HasSubstr("finds the buffer of"), "journal is down"));
  EXPECT_THAT(messages_of("JOURNAL_GOES_ON"), IsEmpty());
  EXPECT_EQ(providers_told(), 3) << "the broker, the full disk, the end of the journal";
}

}  // namespace
}  // namespace st0ck::app
