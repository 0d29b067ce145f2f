#include "st0ck/kernel/recorder.hpp"

#include "st0ck/kernel/simulated_clock.hpp"
#include "support/orders.hpp"
#include "support/recording_sink.hpp"

#include <gtest/gtest.h>

namespace st0ck::kernel {
namespace {

Decision decision(std::string_view code) {
  Decision decision;
  decision.account = core::AccountId{"default"};
  decision.bot = core::BotId{"a"};
  decision.engine = core::EngineName{"probe"};
  decision.event_time = core::timestamp_from_ns(5);
  decision.symbol = core::Symbol{"SPY"};
  decision.code = core::Code{code};
  return decision;
}

TEST(Recorder, NumbersRecordsFromOneAndStampsThem) {
  SimulatedClock clock;
  test::RecordingSink sink;
  Recorder recorder{clock, &sink};

  clock.advance_to(core::timestamp_from_ns(7));
  recorder.record(RecordKind::TimerFired, TimerFired{});
  clock.advance_to(core::timestamp_from_ns(9));
  recorder.record(RecordKind::RiskEvent, RiskEventRow{});

  ASSERT_EQ(sink.entries().size(), 2U);
  EXPECT_EQ(sink.entries()[0].sequence, core::Sequence{1});
  EXPECT_EQ(sink.entries()[0].time, core::timestamp_from_ns(7));
  EXPECT_EQ(sink.entries()[1].sequence, core::Sequence{2});
  EXPECT_EQ(sink.entries()[1].time, core::timestamp_from_ns(9));
}

TEST(Recorder, CountsInputsAsEvents) {
  SimulatedClock clock;
  Recorder recorder{clock, nullptr};

  recorder.record(RecordKind::TimerFired, TimerFired{});
  recorder.record(RecordKind::RiskEvent, RiskEventRow{});

  EXPECT_EQ(recorder.events(), 1U);
  EXPECT_EQ(recorder.sequence(), 2U);
}

TEST(Recorder, HashesDecisionsInTheirOrderWithOrWithoutASink) {
  SimulatedClock clock;
  test::RecordingSink sink;
  Recorder kept{clock, &sink};
  Recorder counted{clock, nullptr};
  Recorder reversed{clock, nullptr};

  for (Recorder* recorder : {&kept, &counted}) {
    recorder->record_decision(decision("ONE"));
    recorder->record_decision(decision("TWO"));
  }
  reversed.record_decision(decision("TWO"));
  reversed.record_decision(decision("ONE"));

  EXPECT_TRUE(kept.is_kept());
  EXPECT_FALSE(counted.is_kept());
  EXPECT_EQ(kept.decisions(), 2U);
  EXPECT_EQ(kept.decisions_sha256(), counted.decisions_sha256());
  EXPECT_NE(kept.decisions_sha256(), reversed.decisions_sha256());
  EXPECT_EQ(kept.decisions_sha256(), core::sha256_hex("default|a|probe|5|SPY|intent||||ONE\n"
                                                      "default|a|probe|5|SPY|intent||||TWO\n"));
}

TEST(Recorder, HashesNothingAsNothing) {
  SimulatedClock clock;

  EXPECT_EQ((Recorder{clock, nullptr}.decisions_sha256()), core::sha256_hex(""));
}

}  // namespace
}  // namespace st0ck::kernel
