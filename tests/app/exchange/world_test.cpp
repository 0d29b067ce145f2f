#include "src/app/exchange/world.hpp"

#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {
namespace {

using core::Price;
using std::chrono::minutes;
using std::chrono::seconds;

/// Events in groups, as a test wrote them.
class ScriptedTicks final : public market::TickSource {
 public:
  explicit ScriptedTicks(std::vector<market::TapeEvent> events) : events_{std::move(events)} {}

  core::Result<std::span<const market::TapeEvent>> next_several() override {
    if (fails && is_read_) return core::fail(core::Errc::BadInput, "the tape is torn");
    if (std::exchange(is_read_, true)) return std::span<const market::TapeEvent>{};
    return std::span<const market::TapeEvent>{events_};
  }
  bool fails = false;

 private:
  std::vector<market::TapeEvent> events_;
  bool is_read_ = false;
};

/// Writes down what it hears.
class Log final : public market::EventSink {
 public:
  Log(std::string name, std::vector<std::string>& lines) : name_{std::move(name)}, lines_{lines} {}

  void on_quote(const market::Quote&) override { lines_.push_back(name_ + " quote"); }
  void on_trade(const market::Trade& trade) override {
    lines_.push_back(name_ + " trade " + trade.price.to_string(0));
  }
  void on_bar(const market::Bar& bar) override {
    lines_.push_back(name_ + " bar " + bar.open.to_string(0) + " " + bar.close.to_string(0));
  }
  void on_session_phase(const market::SessionPhase& phase) override {
    lines_.push_back(name_ + " " + std::string{market::name_of(phase.phase)});
  }
  void on_provider_status(const market::ProviderStatus&) override {}

 private:
  std::string name_;
  std::vector<std::string>& lines_;
};

class WorldTest : public testing::Test {
 protected:
  WorldTest() {
    market::Instrument instrument;
    instrument.symbol = core::Symbol{"SPY"};
    instruments_.define(instrument);
  }

  static core::Session session_on(unsigned day) {
    return *core::ExchangeCalendar::xnys().session_on(
        core::Date{std::chrono::year{2025} / 6 / static_cast<int>(day)});
  }

  void phase(market::Phase phase, const core::Session& session, core::Timestamp time) {
    events_.push_back({time, market::SessionPhase{phase, session}});
  }

  void trade(core::Timestamp time, std::int64_t price) {
    market::Trade trade;
    trade.time = time;
    trade.price = Price::whole(price);
    trade.size = core::Volume::whole(100);
    events_.push_back({time, trade});
  }

  void day(const core::Session& session, std::int64_t price) {
    phase(market::Phase::Prepare, session, session.open - minutes{10});
    phase(market::Phase::Open, session, session.open);
    trade(session.open + seconds{1}, price);
    trade(session.open + seconds{30}, price + 1);
    phase(market::Phase::Close, session, session.close);
  }

  void open(core::Timestamp start, double speed = 1, std::size_t turn = 4096) {
    WorldSettings settings{.start = start, .speed = speed, .events_per_turn = turn};
    settings.around_midnight = around_midnight_;
    auto world =
        World::open(std::make_unique<ScriptedTicks>(events_), core::ExchangeCalendar::xnys(),
                    settings, {scheduler_, clock_, instruments_, orders_, record_});
    ASSERT_TRUE(world) << world.error().message;
    world_ = std::move(*world);
  }

  std::vector<std::string> heard() { return std::exchange(lines_, {}); }

  core::Duration around_midnight_{};
  std::vector<market::TapeEvent> events_;
  net::SimulatedScheduler scheduler_;
  kernel::SimulatedClock clock_;
  market::InstrumentTable instruments_;
  std::vector<std::string> lines_;
  Log orders_{"orders", lines_};
  Log record_{"record", lines_};
  std::unique_ptr<World> world_;
};

using Lines = std::vector<std::string>;

TEST_F(WorldTest, TellsOrdersOfAnEventFirst) {
  const auto session = session_on(2);
  day(session, 100);
  open(session.open);
  heard();
  world_->run();

  scheduler_.run_for(seconds{1});

  EXPECT_EQ(world_->now(), session.open + seconds{1});
  EXPECT_EQ(heard(), (Lines{"orders open", "record open", "orders trade 100", "record trade 100"}));
}

TEST_F(WorldTest, MakesBarsAtTheEndOfTheirMinute) {
  const auto session = session_on(2);
  day(session, 100);
  open(session.open);
  world_->run();
  scheduler_.run_for(seconds{59});
  heard();

  scheduler_.run_for(seconds{2});

  EXPECT_EQ(heard(), (Lines{"orders bar 100 101", "record bar 100 101"}));
}

TEST_F(WorldTest, RunsFasterThanRealTime) {
  const auto session = session_on(2);
  day(session, 100);
  open(session.open, 60);
  world_->run();

  scheduler_.run_for(seconds{2});

  EXPECT_EQ(world_->now(), session.open + minutes{2});
}

TEST_F(WorldTest, CatchesUpForARequestBetweenTwoTurns) {
  const auto session = session_on(2);
  day(session, 100);
  open(session.open);
  world_->run();
  heard();
  scheduler_.run_for(std::chrono::milliseconds{1});

  world_->catch_up();

  EXPECT_EQ(world_->now(), session.open + std::chrono::milliseconds{1});
}

TEST_F(WorldTest, PlaysHistoryAtOnce) {
  day(session_on(2), 100);
  day(session_on(3), 200);

  open(session_on(3).open);

  EXPECT_EQ(world_->now(), session_on(3).open);
  const Lines lines = heard();
  EXPECT_EQ(lines.front(), "orders prepare");
  EXPECT_EQ(lines.back(), "record prepare");
  EXPECT_NE(std::ranges::find(lines, "record bar 100 101"), lines.end());
}

TEST_F(WorldTest, LeavesOutClosedHours) {
  day(session_on(2), 100);
  day(session_on(3), 200);
  open(session_on(2).close - seconds{10});
  world_->run();

  scheduler_.run_for(seconds{69});
  EXPECT_EQ(world_->now(), session_on(2).close + seconds{59});
  scheduler_.run_for(seconds{2});
  EXPECT_EQ(world_->now(), session_on(3).open - seconds{59});
  scheduler_.run_for(seconds{61});

  EXPECT_EQ(heard().back(), "record trade 200");
}

TEST_F(WorldTest, IsThereAboutMidnightWhereItIsAskedTo) {
  const auto first = session_on(2);
  const auto second = session_on(3);
  day(first, 100);
  day(second, 200);
  around_midnight_ = minutes{1};
  open(first.close - seconds{1});
  world_->run();
  const core::Timestamp midnight = core::Timestamp{std::chrono::sys_days{second.date}} +
                                   std::chrono::hours{4};  // New York's, in June.

  scheduler_.run_for(seconds{61});
  EXPECT_EQ(clock_.now(), midnight - minutes{1});
  scheduler_.run_for(minutes{1});
  EXPECT_EQ(clock_.now(), midnight);
  scheduler_.run_for(seconds{59});
  EXPECT_EQ(clock_.now(), midnight + seconds{59});
  scheduler_.run_for(seconds{1});
  EXPECT_EQ(clock_.now(), second.open - minutes{1});
  scheduler_.run_for(minutes{2});
  EXPECT_EQ(clock_.now(), second.open + minutes{1});
}

/// Where no closed hour is left out no time is lost between them either.
TEST_F(WorldTest, GoesThroughTheNightByItsClockWhereItIsAskedTo) {
  const auto first = session_on(2);
  day(first, 100);
  day(session_on(3), 200);
  around_midnight_ = std::chrono::minutes{570};
  const core::Timestamp start = first.close - std::chrono::milliseconds{700};
  open(start);
  world_->run();

  for (const core::Duration span :
       {core::Duration{minutes{2}}, core::Duration{std::chrono::hours{9}},
        core::Duration{std::chrono::hours{9}}}) {
    scheduler_.run_for(span);
    world_->catch_up();
    EXPECT_EQ(world_->now(), start + scheduler_.elapsed());
  }
}

TEST_F(WorldTest, FallsBehindRatherThanSkip) {
  const auto session = session_on(2);
  phase(market::Phase::Open, session, session.open);
  for (int i = 0; i < 100; ++i) trade(session.open + seconds{1}, 100);
  open(session.open, 1, 7);
  world_->run();
  heard();

  scheduler_.run_for(seconds{2});

  EXPECT_EQ(world_->events_played(), 101U);
}

TEST_F(WorldTest, GoesOnAfterTheLastSession) {
  day(session_on(2), 100);
  open(session_on(2).close - seconds{1});
  world_->run();

  scheduler_.run_for(minutes{10});

  EXPECT_TRUE(world_->is_over());
  EXPECT_GT(world_->now(), session_on(2).close);
}

TEST_F(WorldTest, RefusesAStartBeyondTheTape) {
  day(session_on(2), 100);
  WorldSettings settings{.start = session_on(3).open};

  const auto world =
      World::open(std::make_unique<ScriptedTicks>(events_), core::ExchangeCalendar::xnys(),
                  settings, {scheduler_, clock_, instruments_, orders_, record_});

  ASSERT_FALSE(world);
  EXPECT_NE(world.error().message.find("2025-06-03"), std::string::npos);
}

TEST_F(WorldTest, EndsWhereTheTapeIsTorn) {
  const auto session = session_on(2);
  day(session, 100);
  auto ticks = std::make_unique<ScriptedTicks>(events_);
  ticks->fails = true;
  auto world = World::open(std::move(ticks), core::ExchangeCalendar::xnys(),
                           WorldSettings{.start = session.open},
                           {scheduler_, clock_, instruments_, orders_, record_});
  ASSERT_TRUE(world);
  (*world)->run();

  scheduler_.run_for(std::chrono::hours{7});

  ASSERT_TRUE((*world)->fault());
  EXPECT_EQ((*world)->fault()->message, "the tape is torn");
}

TEST_F(WorldTest, MayBeDestroyedAtAnyMoment) {
  day(session_on(2), 100);
  open(session_on(2).open);
  world_->run();

  world_.reset();
  scheduler_.run_for(seconds{10});

  EXPECT_FALSE(scheduler_.next_due());
}

}  // namespace
}  // namespace st0ck::app::exchange
