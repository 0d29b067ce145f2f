#include "kernel_fixture.hpp"

// Which decisions are stored, and what they say.
namespace st0ck::kernel {
namespace {

/// A bot whose limits allow one trade a day, which buys at every quote and timer.
class RefusalTest : public KernelTest {
 protected:
  RefusalTest() {
    trading::RiskLimits limits;
    limits.trades_per_day_max = 1;
    ProbeEngine& a = add("a", {{stage.spy, DataKind::Quotes}}, limits);
    a.does_on_quote = [this](auto& context, const auto&) { buy(context); };
    a.does_on_timer = [this](auto& context, auto) { buy(context); };
    a.does_on_phase = [](auto& context, const market::SessionPhase& phase) {
      for (int second = 1; phase.phase == market::Phase::Open && second <= 60; ++second)
        context.set_timer(context.now() + std::chrono::seconds{second}, 1);
    };
    begin();
    decisions_first = stage.records.decisions().size();
  }

  void buy(EngineContext& context) { context.submit(one_share(stage.spy, Side::Buy)); }
  void pass(int seconds) { stage.go(stage.clock.now() + std::chrono::seconds{seconds}); }

  std::vector<std::string> decisions() const {
    const auto all = stage.records.decisions();
    return {all.begin() + static_cast<std::ptrdiff_t>(decisions_first), all.end()};
  }

  std::size_t decisions_first = 0;
};

TEST_F(RefusalTest, IsStoredOnceWhileItsFirstFailingCodeStays) {
  pass(5);

  EXPECT_THAT(decisions(), ElementsAre("refusal buy 1 STALE_QUOTE"));
}

TEST_F(RefusalTest, IsStoredAgainWhenItsCodeChanges) {
  pass(5);
  stage.quote("10.00", "10.01");
  pass(2);
  pass(5);

  EXPECT_THAT(decisions(),
              ElementsAre("refusal buy 1 STALE_QUOTE", "intent buy 1 TEST",
                          "refusal buy 1 TRADES_PER_DAY", "refusal buy 1 STALE_QUOTE"));
}

TEST_F(RefusalTest, ComesBackAfterAnOrderThatWentOut) {
  pass(3);
  stage.quote("10.00", "10.01");
  stage.broker.reject(0, "BUSY");  // Does not count as a trade.
  stage.kernel.drain();
  pass(3);

  EXPECT_THAT(decisions(),
              ElementsAre("refusal buy 1 STALE_QUOTE", "intent buy 1 TEST", "intent buy 1 TEST",
                          "refusal buy 1 TRADES_PER_DAY", "refusal buy 1 STALE_QUOTE"));
}

TEST_F(RefusalTest, IsStoredAgainWithTheSameCodeAfterAnOrderThatWentOut) {
  pass(3);
  market::Quote quote = stage.quote_of(stage.spy, "10.00", "10.01");
  quote.time -= std::chrono::milliseconds{1'500};  // Stale when the next timer fires.
  stage.kernel.on_quote(quote);
  pass(3);

  EXPECT_THAT(decisions(), ElementsAre("refusal buy 1 STALE_QUOTE", "intent buy 1 TEST",
                                       "refusal buy 1 STALE_QUOTE"));
}

TEST_F(RefusalTest, CarriesNoClientOrderIdAsTheNextOrderTakesIt) {
  pass(1);
  stage.quote("10.00", "10.01");

  const auto all = stage.records.all<Decision>();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_TRUE(all[0].client_order_id.empty());
  EXPECT_EQ(all[1].client_order_id.view(), "a-probe-20190211-1");
}

TEST_F(KernelTest, KeepsRefusalsOfInstrumentsApart) {
  add("a").does_on_quote = [&](auto& context, const auto&) {
    context.note_refusal(stage.spy, core::Code{"WAITS"});
    context.note_refusal(stage.qqq, core::Code{"WAITS"});
  };
  begin();

  stage.quote("10.00", "10.01");
  stage.quote("10.00", "10.01");

  EXPECT_THAT(stage.records.decisions(), ElementsAre("refusal WAITS", "refusal WAITS"));
}

std::string hash_of(const std::vector<Decision>& decisions) {
  std::string text;
  for (const Decision& decision : decisions) text += canonical_text(decision);
  return core::sha256_hex(text);
}

/// A run with one buy that names `input`; what its decisions hash to.
std::string hash_of_run(const core::Logger& log, std::string input, std::string_view symbol,
                        bool refuses_first) {
  KernelStage stage{log};
  std::vector<std::string> heard;
  const core::InstrumentId instrument = symbol == "SPY" ? stage.spy : stage.qqq;
  auto probe = std::make_unique<ProbeEngine>(
      "a", std::vector<market::DataNeed>{{instrument, DataKind::Quotes}}, heard);
  probe->does_on_quote = [=](auto& context, const auto&) {
    context.submit(one_share(instrument, Side::Buy), {{"input", input}});
  };
  stage.add_bot("a", "probe", std::move(probe));
  stage.begin();
  stage.prepare();
  stage.open();
  if (refuses_first) {
    market::Trade trade;
    trade.instrument = instrument;
    trade.time = stage.clock.now();
    trade.price = price("10");
    trade.size = core::Volume::whole(1);
    stage.kernel.on_trade(trade);  // Moves the sequence numbers, decides nothing.
  }
  stage.kernel.on_quote(stage.quote_of(instrument, "10.00", "10.01"));
  const RunEnd end = stage.kernel.finish();
  EXPECT_EQ(end.decisions_sha256, hash_of(stage.records.all<Decision>()));
  return end.decisions_sha256;
}

TEST(DecisionsHash, CoversTheCanonicalTextsOnly) {
  RecordingLogger log;
  const std::string hash = hash_of_run(log, "x", "SPY", false);

  EXPECT_EQ(hash_of_run(log, "another input", "SPY", false), hash);
  EXPECT_EQ(hash_of_run(log, "x", "SPY", true), hash);
  EXPECT_NE(hash_of_run(log, "x", "QQQ", false), hash);
}

TEST_F(KernelTest, ExplainsAnOrderByItsInputsAndChecks) {
  add("a").does_on_quote = [&](auto& context, const auto&) {
    context.submit(one_share(stage.spy, Side::Buy), {{"bid", "10.00"}});
  };
  begin();

  stage.quote("10.00", "10.01");

  const auto decisions = stage.records.all<Decision>();
  ASSERT_THAT(decisions, SizeIs(1));
  EXPECT_THAT(decisions[0].explanation,
              testing::StartsWith(R"({"inputs":{"bid":"10.00"},"checks":[{"code":"ORDER_SHAPE")"));
}

TEST_F(KernelTest, LetsABotCancelItsOwnOrdersOnly) {
  std::vector<bool> cancelled;
  ProbeEngine& a = add("a");
  ProbeEngine& b = add("b");
  core::ClientOrderId id;
  a.does_on_quote = [&](auto& context, const auto&) {
    const auto sent = context.submit(one_share(stage.spy, Side::Buy));
    if (const auto* order = std::get_if<core::ClientOrderId>(&sent)) id = *order;
  };
  const auto cancel = [&](auto& context, const auto&) {
    cancelled.push_back(context.cancel(id, core::Code{"TEST"}));
  };
  begin();
  stage.quote("10.00", "10.01");
  b.does_on_quote = cancel;
  a.does_on_quote = nullptr;
  stage.quote("10.00", "10.01");
  b.does_on_quote = nullptr;
  a.does_on_quote = cancel;

  stage.quote("10.00", "10.01");
  stage.quote("10.00", "10.01");

  EXPECT_THAT(cancelled, ElementsAre(false, true, false));
  EXPECT_EQ(stage.broker.order(0).cancels_asked, 1);
}

// An exit that the desk keeps ends without a word of the broker; its bot hears of it all the same,
// once the handler that ended it is over.
TEST_F(KernelTest, TellsABotOfAnOrderThatTheDeskEndedItself) {
  ProbeEngine& a = add("a");
  trading::GroupIds ids;
  a.does_on_quote = [&](auto& context, const auto&) {
    trading::GroupRequest group;
    group.kind = trading::GroupKind::OneTriggersOther;
    group.entry = one_share(stage.spy, Side::Buy);
    group.stop = one_share(stage.spy, Side::Sell);
    group.stop->type = trading::OrderType::Stop;
    group.stop->terms.stop = price("9.00");
    const auto sent = context.submit_group(group);
    ids = std::get<trading::GroupIds>(sent);
  };
  begin();
  stage.quote("10.00", "10.01");
  std::vector<core::ClientOrderId> ended;
  bool is_in_handler = false;
  a.does_on_order = [&](auto&, const OrderNews& news) {
    EXPECT_FALSE(is_in_handler);
    if (news.kind == trading::OrderUpdateKind::Cancelled && !news.order.is_open())
      ended.push_back(news.order.intent.client_order_id);
  };
  a.does_on_quote = [&](auto& context, const auto&) {
    is_in_handler = true;
    context.cancel(ids.stop, core::Code{"TEST"});
    is_in_handler = false;
  };

  stage.quote("10.00", "10.01");

  EXPECT_THAT(ended, ElementsAre(ids.stop));
}

}  // namespace
}  // namespace st0ck::kernel
