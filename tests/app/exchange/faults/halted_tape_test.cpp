#include "src/app/exchange/faults/halted_tape.hpp"

#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const core::Session kSession =
    *core::ExchangeCalendar::xnys().session_on(core::Date{std::chrono::year{2025} / 6 / 2});

class OneBatch final : public market::TickSource {
 public:
  explicit OneBatch(std::vector<market::TapeEvent> events) : events_{std::move(events)} {}
  core::Result<std::span<const market::TapeEvent>> next_several() override {
    if (std::exchange(is_read_, true)) return std::span<const market::TapeEvent>{};
    return std::span<const market::TapeEvent>{events_};
  }

 private:
  std::vector<market::TapeEvent> events_;
  bool is_read_ = false;
};

class HaltedTapeTest : public testing::Test {
 protected:
  HaltedTapeTest() {
    for (const char* symbol : {"SPY", "QQQ"}) {
      market::Instrument instrument;
      instrument.symbol = core::Symbol{symbol};
      instruments.define(instrument);
    }
  }

  static FaultRule halt(std::string name, core::Duration from, core::Duration lasts) {
    FaultRule rule;
    rule.name = std::move(name);
    rule.kind = FaultKind::Halt;
    rule.symbols = {core::Symbol{"SPY"}};
    rule.from = core::TimeOfDay{from};
    rule.lasts = lasts;
    return rule;
  }

  /// A quote of both symbols each minute of the session's first ten.
  std::vector<market::TapeEvent> ten_minutes() const {
    std::vector<market::TapeEvent> events;
    events.push_back({kSession.open, market::SessionPhase{market::Phase::Open, kSession}});
    for (int minute = 0; minute < 10; ++minute)
      for (const market::Instrument& instrument : instruments) {
        market::Quote quote;
        quote.instrument = instrument.id;
        quote.time = kSession.open + std::chrono::minutes{minute} + 30s;
        events.push_back({quote.time, quote});
      }
    events.push_back({kSession.close, market::SessionPhase{market::Phase::Close, kSession}});
    return events;
  }

  /// What the tape says of SPY: `q` and the minute, or a state and the second.
  std::vector<std::string> heard(const std::vector<FaultRule>& rules, std::uint64_t seed = 1,
                                 core::Timestamp start = kSession.open) {
    HaltedTape tape{std::make_unique<OneBatch>(ten_minutes()),
                    {rules, seed, instruments, start,
                     [this](core::Timestamp, std::string line) { notes.push_back(line); }}};
    std::vector<std::string> lines;
    core::Timestamp before{};
    for (auto several = tape.next_several(); !several->empty(); several = tape.next_several())
      for (const market::TapeEvent& event : *several) {
        EXPECT_GE(event.time, before) << "in the order of time";
        before = event.time;
        const auto seconds = (event.time - kSession.open) / 1s;
        if (const auto* quote = std::get_if<market::Quote>(&event.what))
          (quote->instrument.value() == 0 ? lines : others)
              .push_back(fmt::format("q{}", seconds / 60));
        if (const auto* status = std::get_if<market::TradingStatus>(&event.what))
          lines.push_back(fmt::format(
              "{} {}", status->reason.empty() ? "trading" : status->reason.str(), seconds));
      }
    return lines;
  }

  market::InstrumentTable instruments;
  std::vector<std::string> others;
  std::vector<std::string> notes;
};

TEST_F(HaltedTapeTest, SaysNothingOfASymbolBetweenTwoStatuses) {
  EXPECT_THAT(heard({halt("a", 9h + 32min, 3min)}),
              ElementsAre("q0", "q1", "T1 120", "trading 300", "q5", "q6", "q7", "q8", "q9"));
  EXPECT_EQ(others.size(), 10U) << "others trade on";
  EXPECT_EQ(notes.size(), 2U);
}

TEST_F(HaltedTapeTest, PausesByLimitUpLimitDown) {
  FaultRule rule = halt("a", 9h + 32min, 3min);
  rule.halt_code = "LUDP";

  EXPECT_EQ(heard({rule})[2], "LUDP 120");
}

TEST_F(HaltedTapeTest, MakesOneOfHaltsThatOverlap) {
  EXPECT_THAT(heard({halt("a", 9h + 32min, 3min), halt("b", 9h + 33min, 4min)}),
              ElementsAre("q0", "q1", "T1 120", "trading 420", "q7", "q8", "q9"));
}

TEST_F(HaltedTapeTest, EndsAHaltWithItsSession) {
  const auto lines = heard({halt("a", 9h + 35min, 14h)});

  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[5], "T1 300");
  EXPECT_EQ(lines[6], fmt::format("trading {}", (kSession.close - kSession.open) / 1s));
}

TEST_F(HaltedTapeTest, LeavesHistoryAlone) {
  EXPECT_EQ(heard({halt("a", 9h + 32min, 3min)}, 1, kSession.open + 5min).size(), 10U);
  EXPECT_THAT(notes, IsEmpty());
}

TEST_F(HaltedTapeTest, BeginsAtTheOpenAtTheEarliest) {
  EXPECT_EQ(heard({halt("a", 9h, 32min)})[0], "T1 0");
}

TEST_F(HaltedTapeTest, DrawsTimesByTheSeed) {
  FaultRule rule;
  rule.name = "chance";
  rule.kind = FaultKind::Halt;
  rule.halts_a_day = 3;

  heard({rule}, 1);
  const auto first = std::exchange(notes, {});
  heard({rule}, 1);
  const auto again = std::exchange(notes, {});
  heard({rule}, 2);

  EXPECT_GE(first.size(), 4U) << "both symbols";
  EXPECT_EQ(again, first);
  EXPECT_NE(notes, first);
}

}  // namespace
}  // namespace st0ck::app::exchange
