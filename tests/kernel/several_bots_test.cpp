// Several bots in one process: two on one symbol, one on another. One of them throws at a random
// moment; the others trade as if it had not been there, and its own exits stay at work.

#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::kernel {
namespace {

using test::KernelStage;
using test::money;
using test::price;
using test::shares;
using trading::Side;

/// Buys at its first quote, and protects what it bought by a target and a stop a dollar away. After
/// each exit it buys again.
class Protected : public Engine {
 public:
  Protected(core::InstrumentId instrument, core::Quantity size)
      : instrument_{instrument}, size_{size} {}

  /// Throws in its n-th handler from now, before or after it has acted.
  void fail_at(int handler, bool after_acting) {
    handlers_until_failure_ = handler;
    fails_after_acting_ = after_acting;
  }

  std::vector<market::DataNeed> needs() const override {
    return {{instrument_, market::DataKind::Quotes, std::chrono::minutes{1}}};
  }

  void on_quote(EngineContext& context, const market::Quote&) override {
    handle([&] {
      if (is_busy_) return;
      is_busy_ = std::holds_alternative<core::ClientOrderId>(context.submit(request(Side::Buy)));
    });
  }

  void on_order(EngineContext& context, const OrderNews& news) override {
    handle([&] {
      if (!news.fill) return;
      if (news.fill->side == Side::Buy) {
        protect(context, news.fill->price);
      } else {
        is_busy_ = false;
      }
    });
  }

 private:
  template <typename Acting>
  void handle(Acting&& acting) {
    const bool fails = handlers_until_failure_ && --*handlers_until_failure_ == 0;
    if (fails && !fails_after_acting_) throw std::runtime_error{"a bug of this engine"};
    acting();
    if (fails) throw std::runtime_error{"a bug of this engine"};
  }

  trading::OrderRequest request(Side side) const {
    trading::OrderRequest request;
    request.instrument = instrument_;
    request.side = side;
    request.purpose = side == Side::Buy ? trading::Purpose::Entry : trading::Purpose::Exit;
    request.terms.quantity = size_;
    request.reason = core::Code{"TEST"};
    return request;
  }

  void protect(EngineContext& context, core::Price paid) {
    trading::GroupRequest group;
    group.kind = trading::GroupKind::OneCancelsOther;
    group.target = request(Side::Sell);
    group.target->type = trading::OrderType::Limit;
    group.target->terms.limit = paid + core::Price::whole(1);
    group.stop = request(Side::Sell);
    group.stop->type = trading::OrderType::Stop;
    group.stop->terms.stop = paid - core::Price::whole(1);
    context.submit_group(group);
  }

  core::InstrumentId instrument_;
  core::Quantity size_;
  bool is_busy_ = false;
  std::optional<int> handlers_until_failure_;
  bool fails_after_acting_ = false;
};

/// Bots a and b with one and two shares of SPY, c with three of QQQ, and a broker that fills at the
/// quotes: entries at once, targets and stops where the bid reaches them.
class ThreeBots {
 public:
  explicit ThreeBots(const core::Logger& log) : stage{log} {
    a = add("a", stage.spy, shares(1));
    b = add("b", stage.spy, shares(2));
    c = add("c", stage.qqq, shares(3));
    stage.begin();
    stage.prepare();
    stage.open();
  }

  /// The next second's quotes, of SPY and QQQ at the same bid.
  void second(int bid_dollars) {
    stage.go(stage.clock.now() + std::chrono::seconds{2});
    bid_ = core::Price::whole(bid_dollars);
    for (const core::InstrumentId instrument : {stage.spy, stage.qqq}) {
      stage.kernel.on_quote(stage.quote_of(instrument, bid_.to_string(),
                                           (bid_ + core::Price::from_raw(10'000'000)).to_string()));
      settle();
    }
  }

  core::Quantity held(std::string_view bot, core::InstrumentId instrument) const {
    return stage.kernel.desk().position(core::BotId{bot}, instrument);
  }

  /// What the account holds at the broker, whoever bought it.
  core::Quantity held_at_broker(core::InstrumentId instrument) const {
    core::Quantity held;
    for (const auto& order : stage.broker.orders())
      if (order.intent.leg().instrument == instrument)
        held += trading::signed_quantity(order.intent.leg().side, order.filled);
    return held;
  }

  /// All that a bot sent and what became of it, a line an order.
  std::vector<std::string> story_of(std::string_view bot) const {
    std::vector<std::string> story;
    for (const auto& order : stage.broker.orders())
      if (order.intent.bot.view() == bot)
        story.push_back(fmt::format(
            "{} {} {} {} filled {} for {}, cancels {}", order.intent.client_order_id,
            trading::name_of(order.intent.leg().side), trading::name_of(order.intent.type),
            order.intent.terms.quantity.to_string(), order.filled.to_string(),
            order.notional.to_string(), order.cancels_asked));
    return story;
  }

  std::ptrdiff_t entries_of(std::string_view bot) const {
    return std::count_if(
        stage.broker.orders().begin(), stage.broker.orders().end(), [&](const auto& order) {
          return order.intent.bot.view() == bot && order.intent.purpose == trading::Purpose::Entry;
        });
  }

  std::vector<std::size_t> live_exits_of(std::string_view bot) const {
    std::vector<std::size_t> live;
    for (std::size_t i = 0; i < stage.broker.orders().size(); ++i) {
      const auto& order = stage.broker.order(i);
      if (order.intent.bot.view() == bot && order.is_live && order.cancels_asked == 0 &&
          order.intent.purpose == trading::Purpose::Exit)
        live.push_back(i);
    }
    return live;
  }

  std::size_t failures() const {
    const auto events = stage.records.all<RiskEventRow>();
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(),
        [](const RiskEventRow& event) { return event.code == core::Code{"ENGINE_FAILED"}; }));
  }

  KernelStage stage;
  Protected* a = nullptr;
  Protected* b = nullptr;
  Protected* c = nullptr;

 private:
  Protected* add(std::string_view bot, core::InstrumentId instrument, core::Quantity size) {
    auto made = std::make_unique<Protected>(instrument, size);
    Protected* engine = made.get();
    stage.add_bot(bot, "probe", std::move(made));
    return engine;
  }

  /// Until the broker has nothing more to say.
  void settle() {
    for (bool has_spoken = true; has_spoken;) {
      has_spoken = false;
      for (std::size_t i = 0; i < stage.broker.orders().size(); ++i) {
        if (!stage.broker.order(i).is_live) continue;
        has_spoken = speak(i) || has_spoken;
      }
    }
  }

  bool speak(std::size_t number) {
    const auto& order = stage.broker.order(number);
    const auto& terms = order.intent.terms;
    if (order.cancels_asked > 0) {
      stage.broker.confirm_cancel(number);
    } else if (terms.limit ? bid_ >= *terms.limit : !terms.stop || bid_ <= *terms.stop) {
      stage.broker.fill(number, bid_);
    } else {
      return false;
    }
    stage.kernel.drain();
    return true;
  }

  core::Price bid_;
};

TEST(SeveralBots, HoldPositionsOfTheirOwnThatNetInTheAccount) {
  test::RecordingLogger log;
  ThreeBots bots{log};

  bots.second(100);

  EXPECT_EQ(bots.held("a", bots.stage.spy), shares(1));
  EXPECT_EQ(bots.held("b", bots.stage.spy), shares(2));
  EXPECT_EQ(bots.held("c", bots.stage.qqq), shares(3));
  EXPECT_EQ(bots.held("c", bots.stage.spy), shares(0));
  EXPECT_EQ(bots.held_at_broker(bots.stage.spy), shares(3));
  // 1 x 100 + 2 x 100 + 3 x 100 out of 10,000.
  EXPECT_EQ(bots.stage.kernel.desk().cash(), money("9400"));
}

TEST(SeveralBots, LeaveByTheirOwnExits) {
  test::RecordingLogger log;
  ThreeBots bots{log};
  bots.second(100);

  bots.second(101);

  // Each bought again at 101 with the quote that followed its exit, or will with the next one.
  const auto trades = bots.stage.records.all<RoundTripRow>();
  ASSERT_EQ(trades.size(), 3U);
  EXPECT_EQ(trades[0].realized_pnl, money("1"));
  EXPECT_EQ(trades[1].realized_pnl, money("2"));
  EXPECT_EQ(trades[2].realized_pnl, money("3"));
}

TEST(SeveralBots, HaltTheOneThatFailsAndTellAboutItOnce) {
  test::RecordingLogger log;
  log.expect("ENGINE_FAILED");
  ThreeBots bots{log};
  bots.second(100);
  const auto exits = bots.live_exits_of("a");
  ASSERT_FALSE(exits.empty());

  bots.a->fail_at(1, false);
  bots.second(100);

  EXPECT_TRUE(bots.stage.kernel.desk().day(core::BotId{"a"}).halted);
  EXPECT_FALSE(bots.stage.kernel.desk().day(core::BotId{"b"}).halted);
  EXPECT_EQ(bots.failures(), 1U);
  EXPECT_EQ(bots.live_exits_of("a"), exits);

  bots.second(99);
  EXPECT_EQ(bots.held("a", bots.stage.spy), shares(0)) << "its stop has worked";
}

class Silence {
 public:
  operator core::Logger() const { return {sink_, clock_}; }

 private:
  mutable core::NullLogSink sink_;
  SimulatedClock clock_;
};

TEST(SeveralBots, AreUntouchedByOneThatThrowsAtARandomMoment) {
  const Silence silence;

  EXPECT_TRUE(rc::check([&] {
    const auto bids =
        *rc::gen::resize(60, rc::gen::container<std::vector<int>>(rc::gen::inRange(97, 104)));
    const auto armed = *rc::gen::inRange<std::size_t>(0, bids.size() + 1);
    const auto handler = *rc::gen::inRange(1, 12);
    const auto after_acting = *rc::gen::arbitrary<bool>();
    ThreeBots sound{silence};
    ThreeBots failing{silence};

    std::vector<std::size_t> exits_at_failure;
    bool has_failed = false;
    for (std::size_t i = 0; i < bids.size(); ++i) {
      if (i == armed) failing.a->fail_at(handler, after_acting);
      sound.second(bids[i]);
      failing.second(bids[i]);
      if (!has_failed && failing.failures() > 0) {
        has_failed = true;
        exits_at_failure = failing.live_exits_of("a");
      }
      // The desk cancels the one where the other has filled; nothing else takes them away.
      RC_ASSERT(!has_failed || exits_at_failure.empty() ||
                failing.live_exits_of("a") == exits_at_failure ||
                failing.held("a", failing.stage.spy).is_zero());
      RC_ASSERT(failing.held("a", failing.stage.spy) + failing.held("b", failing.stage.spy) ==
                failing.held_at_broker(failing.stage.spy));
      RC_ASSERT(failing.held("c", failing.stage.qqq) == failing.held_at_broker(failing.stage.qqq));
    }

    RC_ASSERT(failing.story_of("b") == sound.story_of("b"));
    RC_ASSERT(failing.story_of("c") == sound.story_of("c"));
    RC_ASSERT(failing.failures() == (has_failed ? 1U : 0U));
    RC_ASSERT(failing.stage.kernel.desk().day(core::BotId{"a"}).halted == has_failed);
    if (has_failed) {
      // No entry once it is halted; its exits go on.
      const auto sent = failing.entries_of("a");
      for (const int bid : {100, 104, 97, 100}) failing.second(bid);
      RC_ASSERT(failing.entries_of("a") == sent);
    }
  }));
}

}  // namespace
}  // namespace st0ck::kernel
