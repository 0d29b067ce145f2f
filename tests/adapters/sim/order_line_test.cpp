#include "st0ck/adapters/sim/order_line.hpp"

#include "adapters/sim/tick_fixture.hpp"

#include <gtest/gtest.h>

// The way of orders to the exchange and back.
namespace st0ck::adapters::sim {
namespace {

using namespace std::chrono_literals;

/// A line to an exchange with a market under way, played by hand.
class OrderLineTest : public testing::Test {
 protected:
  void connect(const LineSettings& settings) {
    line.emplace(exchange.clock, settings, heard);
    exchange.engine.emplace(exchange.clock, exchange.instruments, MatchingSettings{}, *line);
    exchange.engine->follow_ticks();
    exchange.engine->on_session_open(session_of_ticks());
    exchange.open();
    line->connect(*exchange.engine);
  }

  void submit(const trading::OrderIntent& intent) { line->submit(test::approved(intent)); }

  /// Lets everything arrive that comes up to `time`.
  void play_until(std::string_view time) {
    while (line->next_due() && *line->next_due() <= moment(time)) {
      exchange.clock.set(*line->next_due());
      line->deliver_due();
    }
    exchange.clock.set(moment(time));
  }

  /// What has arrived since the last call: `accepted at 14:30:00.040`.
  Lines arrived() {
    Lines lines;
    for (; told_ < heard.all.size(); ++told_)
      lines.push_back(
          fmt::format("{} {}", heard.all[told_].client_order_id, name_of(heard.all[told_].kind)));
    return lines;
  }

  TickExchange exchange;
  RecordingUpdates heard;
  std::optional<OrderLine> line;

 private:
  std::size_t told_ = 0;
};

TEST_F(OrderLineTest, GoesStraightThroughWhereNothingTakesTime) {
  connect({});

  submit(buy("a", 10));

  EXPECT_EQ(arrived(), (Lines{"a accepted", "a fill"}));
  EXPECT_FALSE(line->next_due());
}

TEST_F(OrderLineTest, TakesItsTimeThereAndBack) {
  connect({.latency = 20ms});
  submit(buy("a", 10));
  exchange.quote("14:30:00.010", "100.09", "100.11");  // The market moves meanwhile.
  exchange.clock.set(moment("14:30"));

  play_until("14:30:00.039");
  EXPECT_EQ(arrived(), Lines{});
  play_until("14:30:00.040");

  EXPECT_EQ(arrived(), (Lines{"a accepted", "a fill"}));
  EXPECT_EQ(heard.all.back().price, price("100.11")) << "at the price when it came there";
  EXPECT_EQ(heard.all.back().time, moment("14:30:00.020"));
}

TEST_F(OrderLineTest, KeepsTheOrderOfMessagesWhateverTheJitter) {
  connect({.latency = 1ms, .jitter = 50ms});
  for (int i = 0; i < 50; ++i) {
    submit(buy(fmt::format("o{:02}", i), 1).limit("99.00"));
    exchange.clock.pass(100us);
  }
  play_until("14:31");

  Lines expected;
  for (int i = 0; i < 50; ++i) expected.push_back(fmt::format("o{:02} accepted", i));
  EXPECT_EQ(arrived(), expected);
}

TEST_F(OrderLineTest, ACancelTakesItsTimeToo) {
  connect({.latency = 20ms});
  submit(buy("a", 10).limit("99.00"));
  line->cancel(core::ClientOrderId{"a"});

  play_until("14:31");

  EXPECT_EQ(arrived(), (Lines{"a accepted", "a cancelled"}));
}

/// Whatever gets lost, each request is answered in time or counts as unknown, and a look-up tells
/// what became of it.
TEST_F(OrderLineTest, SaysOfALostAnswerThatItIsUnknownAndProvesItWhenAsked) {
  connect({.latency = 5ms, .lost = rate("0.5"), .answer_timeout = 2s});
  constexpr int kOrders = 200;
  for (int i = 0; i < kOrders; ++i) submit(buy(fmt::format("o{}", i), 1).limit("99.00"));
  play_until("14:30:10");

  int unknown = 0;
  int accepted = 0;
  for (const auto& update : heard.all) {
    if (update.kind == trading::OrderUpdateKind::Accepted) ++accepted;
    if (update.kind != trading::OrderUpdateKind::TimedOut) continue;
    ++unknown;
    EXPECT_EQ(update.time, moment("14:30:02"));
  }
  EXPECT_EQ(accepted + unknown, kOrders);
  EXPECT_GT(unknown, kOrders / 4);
  EXPECT_EQ(line->messages_lost(), static_cast<std::uint64_t>(unknown));

  const auto seen = heard.all;
  int present = 0;
  int absent = 0;
  for (const auto& update : seen) {
    if (update.kind != trading::OrderUpdateKind::TimedOut) continue;
    line->look_up(update.client_order_id);
    exchange.clock.set(*line->next_due());
    line->deliver_due();
    exchange.clock.set(*line->next_due());
    line->deliver_due();
    const auto answer = heard.all.back();
    EXPECT_EQ(answer.client_order_id, update.client_order_id);
    if (answer.kind == trading::OrderUpdateKind::Accepted) ++present;
    if (answer.kind == trading::OrderUpdateKind::ProvenAbsent) ++absent;
  }
  EXPECT_EQ(present + absent, unknown);
  EXPECT_GT(present, 0);
  EXPECT_GT(absent, 0);
}

TEST_F(OrderLineTest, IsTheSameForTheSameSeed) {
  const auto run = [&](std::int64_t seed) {
    connect({.latency = 5ms, .jitter = 5ms, .lost = rate("0.3"), .seed = seed});
    heard.all.clear();
    for (int i = 0; i < 50; ++i) submit(buy(fmt::format("s{}", i), 1).limit("99.00"));
    play_until("14:31");
    exchange.clock.set(moment("14:30"));
    std::string all;
    for (const auto& update : heard.all)
      all += fmt::format("{} {} {}\n", update.client_order_id, name_of(update.kind),
                         core::to_ns(update.time));
    return all;
  };

  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

TEST(LineSettings, AreCheckedBeforeUse) {
  EXPECT_TRUE(LineSettings{}.validate());
  EXPECT_FALSE((LineSettings{.latency = 11s}.validate()));
  EXPECT_FALSE((LineSettings{.lost = rate("0.51")}.validate()));
  const auto wrong = LineSettings{.answer_timeout = 0ms}.validate();
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "answer_timeout: found 0 ms, allowed 1 to 60000 ms");
}

}  // namespace
}  // namespace st0ck::adapters::sim
