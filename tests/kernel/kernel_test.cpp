#include "kernel_fixture.hpp"

namespace st0ck::kernel {
namespace {

// --- One total order.

TEST_F(KernelTest, BeginsWithTheRunAndItsInstruments) {
  add("a");

  stage.begin();

  EXPECT_THAT(stage.records.kinds(),
              ElementsAre("run_start", "instrument_defined", "instrument_defined"));
  EXPECT_EQ(std::get<RunStart>(stage.records.entries()[0].record), stage.run);
}

TEST_F(KernelTest, RecordsEachInputBeforeWhatFollowsFromIt) {
  ProbeEngine& a = add("a");
  a.does_on_quote = [&](auto& context, const auto&) {
    context.submit(one_share(stage.spy, Side::Buy));
  };
  a.does_on_order = [&](auto& context, const OrderNews& news) {
    if (news.fill) context.note_transition(stage.spy, core::Code{"HOLDING"});
  };
  begin();

  stage.quote("10.00", "10.01");
  stage.broker.fill(0, price("10.01"));
  stage.kernel.drain();

  EXPECT_THAT(kinds(), ElementsAre("quote", "decision", "order",  //
                                   "order_update", "order",       // accepted
                                   "order_update", "order", "fill", "position", "decision"));
}

TEST_F(KernelTest, CountsRecordsWithoutAGap) {
  add("a").does_on_quote = [&](auto& context, const auto&) {
    context.submit(one_share(stage.spy, Side::Buy));
  };
  begin();
  for (int i = 0; i < 20; ++i) {
    stage.go(stage.clock.now() + std::chrono::seconds{1});
    stage.quote("10.00", "10.01");
    if (i % 3 == 0) stage.broker.fill(stage.broker.last(), price("10.01"));
    stage.kernel.drain();
  }
  stage.close();
  stage.kernel.finish();

  const auto& entries = stage.records.entries();
  ASSERT_GT(entries.size(), 100U);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].sequence.value(), i + 1);
    if (i > 0) {
      EXPECT_GE(entries[i].time, entries[i - 1].time);
    }
  }
}

TEST_F(KernelTest, TellsOrderUpdatesWhenAllHaveHeardTheEvent) {
  bool is_inside = false;
  ProbeEngine& a = add("a");
  add("b");
  a.does_on_quote = [&](auto& context, const auto&) {
    is_inside = true;
    context.submit(one_share(stage.spy, Side::Buy));
    is_inside = false;
  };
  a.does_on_order = [&](auto&, const auto&) { EXPECT_FALSE(is_inside); };
  begin();

  stage.quote("10.00", "10.01");

  EXPECT_THAT(heard, ElementsAre("a quote", "b quote", "a accepted"));
}

TEST_F(KernelTest, DrainsUpdatesThatUpdatesCause) {
  ProbeEngine& a = add("a");
  a.does_on_quote = [&](auto& context, const auto&) {
    context.submit(one_share(stage.spy, Side::Buy));
  };
  a.does_on_order = [&](auto& context, const OrderNews& news) {
    if (news.fill && news.fill->side == Side::Buy) context.submit(one_share(stage.spy, Side::Sell));
  };
  begin();

  stage.quote("10.00", "10.01");
  stage.broker.fill(0, price("10.01"));
  stage.kernel.drain();

  EXPECT_THAT(heard, ElementsAre("a quote", "a accepted", "a fill", "a accepted"));
}

TEST_F(KernelTest, TellsBotsInTheOrderInWhichTheyWereAdded) {
  add("c");
  add("a");
  add("b");
  begin();

  stage.quote("10.00", "10.01");

  EXPECT_THAT(heard, ElementsAre("c quote", "a quote", "b quote"));
}

/// Tells a later time at every look, as a live clock does.
class RunningClock final : public core::Clock {
 public:
  core::Timestamp now() const override { return now_ += core::Duration{1}; }

 private:
  mutable core::Timestamp now_ = test::utc("2019-02-11T14:30:00Z");
};

TEST(KernelTime, StandsStillWhileAnEventIsHandled) {
  RecordingLogger log;
  RunningClock clock;
  market::InstrumentTable table;
  market::Instrument definition;
  definition.symbol = core::Symbol{"SPY"};
  const core::InstrumentId spy = table.define(definition).id;
  OrderUpdateQueue updates;
  test::ScriptedBroker broker{clock, updates};
  test::RecordingSink records;
  std::vector<std::string> heard;
  std::vector<core::Timestamp> seen;
  Kernel kernel{{clock, table, broker, updates, &records, log},
                core::AccountId{"default"},
                core::Money::whole(10'000)};
  auto probe = std::make_unique<ProbeEngine>(
      "a", std::vector<market::DataNeed>{{spy, DataKind::Quotes}}, heard);
  probe->does_on_quote = [&](auto& context, const auto&) {
    for (int i = 0; i < 3; ++i) seen.push_back(context.now());
    context.submit(one_share(spy, Side::Buy));
  };
  kernel.add_bot({core::BotId{"a"}, core::EngineName{"probe"}, 1}, std::move(probe), {});
  kernel.start({});
  kernel.on_session_phase({market::Phase::Prepare, test::session_on("2019-02-11")});
  market::Quote quote;
  quote.instrument = spy;
  quote.time = clock.now();
  quote.bid = price("10.00");
  quote.ask = price("10.01");

  kernel.on_quote(quote);

  EXPECT_EQ(seen[0], seen[2]);
  core::Timestamp event_time;
  for (const auto& entry : records.entries()) {
    if (entry.sequence.value() == 1 || (is_input(entry.kind) && entry.time > event_time))
      event_time = entry.time;
    EXPECT_EQ(entry.time, event_time) << name_of(entry.kind);
  }
}

// --- Needs.

TEST_F(KernelTest, TellsOnlyWhatWasDeclared) {
  add("a", {{stage.spy, DataKind::Quotes}, {stage.qqq, DataKind::Bars}});
  begin();
  market::Bar bar;
  bar.start = stage.clock.now();
  bar.end = bar.start + std::chrono::minutes{1};
  bar.open = bar.high = bar.low = bar.close = price("10");
  market::Trade trade;
  trade.time = stage.clock.now();
  trade.price = price("10");
  trade.size = core::Volume::whole(1);

  for (const auto instrument : {stage.spy, stage.qqq}) {
    bar.instrument = trade.instrument = instrument;
    stage.kernel.on_quote(stage.quote_of(instrument, "10.00", "10.01"));
    stage.kernel.on_trade(trade);
    stage.kernel.on_bar(bar);
  }

  EXPECT_THAT(heard, ElementsAre("a quote", "a bar"));
  EXPECT_THAT(kinds(), ElementsAre("quote", "trade", "bar", "quote", "trade", "bar"));
}

TEST_F(KernelTest, ReadsWhatWasNotDeclaredAsMissing) {
  market::Staleness spy{};
  market::Staleness qqq{};
  add("a").does_on_quote = [&](auto& context, const auto&) {
    spy = context.quote(stage.spy).staleness;
    qqq = context.quote(stage.qqq).staleness;
  };
  add("b", {{stage.qqq, DataKind::Quotes}});
  begin();

  stage.kernel.on_quote(stage.quote_of(stage.qqq, "20.00", "20.01"));
  stage.quote("10.00", "10.01");

  EXPECT_EQ(spy, market::Staleness::Fresh);
  EXPECT_EQ(qqq, market::Staleness::Missing);
}

TEST_F(KernelTest, JudgesFreshnessByEachBotsOwnNeed) {
  market::Staleness of_a{};
  market::Staleness of_b{};
  ProbeEngine& a = add("a", {{stage.spy, DataKind::Quotes, std::chrono::seconds{1}}});
  ProbeEngine& b = add("b", {{stage.spy, DataKind::Quotes, std::chrono::seconds{2}}});
  a.does_on_quote = b.does_on_quote = [](auto& context, const auto&) {
    context.set_timer(context.now() + std::chrono::seconds{2}, 1);
  };
  a.does_on_timer = [&](auto& context, auto) { of_a = context.quote(stage.spy).staleness; };
  b.does_on_timer = [&](auto& context, auto) { of_b = context.quote(stage.spy).staleness; };
  begin();

  stage.quote("10.00", "10.01");
  stage.go(stage.clock.now() + std::chrono::seconds{2});

  EXPECT_EQ(of_a, market::Staleness::Stale);
  EXPECT_EQ(of_b, market::Staleness::Fresh);
}

TEST_F(KernelTest, RecordsButDoesNotTellACrossedQuote) {
  add("a");
  begin();

  stage.quote("10.02", "10.01");

  EXPECT_THAT(heard, IsEmpty());
  EXPECT_THAT(kinds(), ElementsAre("quote"));
  EXPECT_EQ(stage.kernel.market().counters().refused_defective, 1U);
}

TEST_F(KernelTest, RecordsButDoesNotTellAnOlderQuote) {
  add("a");
  begin();
  stage.quote("10.00", "10.01");
  market::Quote older = stage.quote_of(stage.spy, "9.00", "9.01");
  older.time -= core::Duration{1};

  stage.kernel.on_quote(older);

  EXPECT_THAT(heard, ElementsAre("a quote"));
}

// --- Engines that fail.

TEST_F(KernelTest, HaltsABotWhoseEngineThrowsAndNoOther) {
  log.expect("ENGINE_FAILED");
  ProbeEngine& a = add("a");
  ProbeEngine& b = add("b");
  a.does_on_quote = [](auto&, const auto&) { throw std::runtime_error{"out of bounds"}; };
  const auto buy = [&](auto& context, auto&&...) {
    context.submit(one_share(stage.spy, Side::Buy));
  };
  a.does_on_timer = buy;
  b.does_on_quote = buy;
  a.does_on_phase = [](auto& context, const auto&) {
    context.set_timer(test::utc("2019-02-11T14:30:01Z"), 1);
  };
  begin();

  stage.quote("10.00", "10.01");
  stage.go("09:30:01");

  EXPECT_THAT(stage.records.decisions(), ElementsAre("intent buy 1 TEST", "refusal buy 1 HALTED"));
  const auto events = stage.records.all<RiskEventRow>();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].bot.view(), "a");
  EXPECT_EQ(events[0].message, "out of bounds");
}

TEST_F(KernelTest, ReportsAFailingEngineOnceASession) {
  log.expect("ENGINE_FAILED");
  add("a").does_on_quote = [](auto&, const auto&) { throw 7; };
  begin();
  for (int i = 0; i < 100; ++i) stage.quote("10.00", "10.01");
  EXPECT_EQ(log.count("ENGINE_FAILED"), 1U);
  stage.close();

  stage.use_session("2019-02-12");
  stage.prepare();
  for (int i = 0; i < 100; ++i) stage.quote("10.00", "10.01");

  EXPECT_EQ(log.count("ENGINE_FAILED"), 2U);
}

TEST_F(KernelTest, StillHandlesTheExitsOfAHaltedBot) {
  log.expect("ENGINE_FAILED");
  ProbeEngine& a = add("a");
  a.does_on_quote = [&](auto& context, const auto&) {
    context.submit(one_share(stage.spy, Side::Buy));
  };
  begin();
  stage.quote("10.00", "10.01");
  stage.broker.fill(0, price("10.01"));
  stage.kernel.drain();
  a.does_on_quote = [&](auto& context, const auto&) {
    context.submit(one_share(stage.spy, Side::Sell));
    throw std::runtime_error{"afterwards"};
  };
  a.does_on_order = [](auto&, const auto&) { throw std::runtime_error{"always"}; };
  stage.go("09:30:01");
  stage.quote("10.00", "10.01");

  stage.broker.fill(1, price("10.05"));
  stage.kernel.drain();

  EXPECT_TRUE(stage.kernel.desk().day(core::BotId{"a"}).halted);
  const auto trades = stage.records.all<RoundTripRow>();
  ASSERT_THAT(trades, SizeIs(1));
  EXPECT_EQ(trades[0].realized_pnl, test::money("0.04"));
}

// --- Timers.

TEST_F(KernelTest, FiresATimerForItsBotWhenItIsDue) {
  add("a");
  add("b").does_on_quote = [&](auto& context, const auto&) {
    context.set_timer(context.now() + core::Duration{5}, 42);
  };
  begin();
  stage.quote("10.00", "10.01");
  heard.clear();

  EXPECT_EQ(stage.kernel.next_deadline(), stage.clock.now() + core::Duration{5});
  stage.clock.advance_to(stage.clock.now() + core::Duration{4});
  EXPECT_FALSE(stage.kernel.fire_due_timer());
  stage.clock.advance_to(stage.clock.now() + core::Duration{1});
  EXPECT_TRUE(stage.kernel.fire_due_timer());
  EXPECT_FALSE(stage.kernel.fire_due_timer());

  EXPECT_THAT(heard, ElementsAre("b timer 42"));
  EXPECT_EQ(stage.records.all<TimerFired>().back().bot.view(), "b");
}

TEST_F(KernelTest, DrainsWhatATimersHandlerCaused) {
  ProbeEngine& a = add("a");
  a.does_on_quote = [](auto& context, const auto&) { context.set_timer(context.now(), 1); };
  a.does_on_timer = [&](auto& context, auto) { context.submit(one_share(stage.spy, Side::Buy)); };
  begin();
  stage.quote("10.00", "10.01");

  stage.kernel.fire_due_timer();

  EXPECT_THAT(heard, ElementsAre("a quote", "a timer 1", "a accepted"));
}

TEST_F(KernelTest, DoesNotFireACancelledTimer) {
  add("a").does_on_quote = [&](auto& context, const auto&) {
    context.cancel_timer(context.set_timer(context.now(), 1));
  };
  begin();
  stage.quote("10.00", "10.01");

  EXPECT_FALSE(stage.kernel.fire_due_timer());
}

TEST_F(KernelTest, FiresATimerOfThePastAfterItsHandler) {
  ProbeEngine& a = add("a");
  a.does_on_quote = [&](auto& context, const auto&) {
    context.set_timer(context.now() - std::chrono::hours{1}, 1);
    heard.emplace_back("a is done");
  };
  begin();
  stage.quote("10.00", "10.01");

  EXPECT_TRUE(stage.kernel.fire_due_timer());

  EXPECT_THAT(heard, ElementsAre("a quote", "a is done", "a timer 1"));
}

// --- Figures.

/// A session with one round trip, a refusal and a rejected order.
RunEnd figures_of_a_day(const core::Logger& log, RecordSink* sink) {
  KernelStage stage{log};
  std::vector<std::string> heard;
  Kernel kernel{{stage.clock, stage.table, stage.broker, stage.updates, sink, log},
                stage.account,
                core::Money::whole(10'000)};
  auto probe = std::make_unique<ProbeEngine>(
      "a", std::vector<market::DataNeed>{{stage.spy, DataKind::Quotes}}, heard);
  probe->does_on_quote = [&](auto& context, const auto&) {
    const auto* position = context.position(stage.spy);
    const bool is_held = position != nullptr && !position->quantity.is_zero();
    context.submit(one_share(stage.spy, is_held ? Side::Sell : Side::Buy));
  };
  kernel.add_bot({core::BotId{"a"}, core::EngineName{"probe"}, 1}, std::move(probe), {});
  kernel.start(stage.run);
  stage.clock.advance_to(stage.session().open - std::chrono::minutes{10});
  kernel.on_session_phase({market::Phase::Prepare, stage.session()});
  kernel.on_quote(stage.quote_of(stage.spy, "10.00", "10.01"));  // Refused: not open yet.
  stage.clock.advance_to(stage.session().open);
  kernel.on_session_phase({market::Phase::Open, stage.session()});
  for (const auto* fill : {"10.01", "10.06", ""}) {
    stage.clock.advance_to(stage.clock.now() + std::chrono::seconds{5});
    kernel.on_quote(stage.quote_of(stage.spy, "10.00", "10.01"));
    const std::size_t order = stage.broker.last();
    if (std::string_view{fill}.empty()) {
      stage.broker.reject(order, "BUSY");
    } else {
      stage.broker.fill(order, price(fill), core::Quantity::whole(1), test::money("0.01"));
    }
    kernel.drain();
  }
  stage.clock.advance_to(stage.session().close);
  kernel.on_session_phase({market::Phase::Close, stage.session()});
  return kernel.finish();
}

TEST(RunEndFigures, CountWhatHappened) {
  RecordingLogger log;
  test::RecordingSink records;

  const RunEnd end = figures_of_a_day(log, &records);

  EXPECT_EQ(end.sessions, 1U);
  // Run, 2 instruments, 3 phases, 4 quotes, 3 acceptances, 2 fills, 1 rejection.
  EXPECT_EQ(end.events, 16U);
  EXPECT_EQ(end.decisions, 4U);
  EXPECT_EQ(end.orders, 3U);
  EXPECT_EQ(end.fills, 2U);
  EXPECT_EQ(end.trades, 1U);
  EXPECT_EQ(end.realized_pnl, test::money("0.05"));
  EXPECT_EQ(end.fees, test::money("0.02"));
  EXPECT_EQ(std::get<RunEnd>(records.entries().back().record), end);
}

TEST(RunEndFigures, AreTheSameWhenNothingIsKept) {
  RecordingLogger log;
  test::RecordingSink records;

  EXPECT_EQ(figures_of_a_day(log, nullptr), figures_of_a_day(log, &records));
}

TEST_F(KernelTest, CountsAnOrderOnceThoughItIsReplacedBeforeItIsAccepted) {
  stage.broker.accepts_at_once = false;
  add("a").does_on_quote = [&](auto& context, const auto&) {
    trading::OrderRequest request = one_share(stage.spy, Side::Buy);
    request.type = trading::OrderType::Limit;
    request.terms.limit = price("10.00");
    context.submit(request);
  };
  begin();
  stage.quote("10.00", "10.01");
  trading::OrderUpdate update;
  update.client_order_id = stage.broker.order(0).intent.client_order_id;
  update.kind = trading::OrderUpdateKind::Replaced;
  update.time = stage.clock.now();
  update.terms.quantity = core::Quantity::whole(1);
  update.terms.limit = price("9.99");

  stage.kernel.on_order_update(update);

  EXPECT_EQ(stage.kernel.figures().orders, 1U);
}

TEST_F(KernelTest, GivesEachBotARowAtTheEndOfItsSession) {
  add("a");
  add("b");
  begin();

  stage.close();

  EXPECT_THAT(kinds(), ElementsAre("session_phase", "bot_day", "bot_day", "equity_mark"));
  EXPECT_THAT(heard, ElementsAre("a close", "b close"));
}

// --- What comes from outside.

TEST_F(KernelTest, RecordsAnUpdateOfAForeignOrderAndTellsNobody) {
  add("a");
  begin();
  trading::OrderUpdate update;
  update.client_order_id = core::ClientOrderId{"somebody-else"};
  update.time = stage.clock.now();

  stage.kernel.on_order_update(update);

  EXPECT_THAT(kinds(), ElementsAre("order_update"));
  EXPECT_THAT(heard, IsEmpty());
}

TEST_F(KernelTest, DoesNotTellTheSameUpdateTwice) {
  add("a").does_on_quote = [&](auto& context, const auto&) {
    context.submit(one_share(stage.spy, Side::Buy));
  };
  begin();
  stage.quote("10.00", "10.01");
  heard.clear();

  stage.broker.accept(0);
  stage.kernel.drain();

  EXPECT_THAT(heard, IsEmpty());
}

TEST_F(KernelTest, RaisesAProviderThatIsDownAndTellsAll) {
  log.expect("NO_ROUTE");
  add("a", {});
  begin();

  stage.kernel.on_provider_status(
      {core::Code{"TAPE"}, market::ProviderState::Down, core::Code{"NO_ROUTE"}});
  stage.kernel.on_provider_status(
      {core::Code{"TAPE"}, market::ProviderState::Connected, core::Code{}});

  EXPECT_THAT(kinds(), ElementsAre("provider_status", "risk_event", "provider_status"));
  EXPECT_THAT(heard, ElementsAre("a provider", "a provider"));
  EXPECT_EQ(stage.records.all<RiskEventRow>()[0].message, "TAPE is down");
}

}  // namespace
}  // namespace st0ck::kernel
