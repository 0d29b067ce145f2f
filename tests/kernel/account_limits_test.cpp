#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/kernel/replay.hpp"
#include "support/journal_sink.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

// What holds for the account is part of a run: a replay, which has no broker, comes to the same.
namespace st0ck::kernel {
namespace {

using namespace std::chrono_literals;
using st0ck::test::one_share;
using trading::Side;

/// Moves on a little at every look, as a live clock does.
class RestlessClock final : public core::Clock {
 public:
  core::Timestamp now() const override { return now_ += 1us; }
  void advance_to(core::Timestamp time) { now_ = std::max(now_, time); }

 private:
  mutable core::Timestamp now_{};
};

/// Buys at every quote, sells all it holds at every fifth, and cancels what it sent last at every
/// seventh.
class Trader final : public Engine {
 public:
  explicit Trader(core::InstrumentId instrument) : instrument_{instrument} {}

  std::vector<market::DataNeed> needs() const override {
    return {{instrument_, market::DataKind::Quotes}};
  }
  void on_quote(EngineContext& context, const market::Quote&) override {
    ++quotes_;
    if (quotes_ % 7 == 0) context.cancel(last_, core::Code{"SEVENTH"});
    const trading::Position* held = context.position(instrument_);
    if (quotes_ % 5 == 0 && held != nullptr && held->quantity.is_positive()) {
      auto sale = one_share(instrument_, Side::Sell, "FIFTH");
      sale.terms.quantity = held->quantity;
      context.submit(sale);
    }
    for (int i = 0; i < 2; ++i) {
      const auto sent = context.submit(one_share(instrument_, Side::Buy, "ENTRY"));
      if (const auto* id = std::get_if<core::ClientOrderId>(&sent)) last_ = *id;
    }
  }
  void on_order(EngineContext& context, const OrderNews& news) override {
    context.note_transition(instrument_, core::Code{trading::name_of(news.order.state)});
  }

 private:
  core::InstrumentId instrument_;
  core::ClientOrderId last_;
  int quotes_ = 0;
};

market::InstrumentTable one_stock() {
  market::InstrumentTable table;
  market::Instrument definition;
  definition.symbol = core::Symbol{"SPY"};
  table.define(definition);
  return table;
}

trading::RiskLimits wide() {
  trading::RiskLimits limits;
  limits.duplicate_window = {};
  limits.orders_per_minute_max = 1000;
  limits.open_orders_max = 1000;
  limits.trades_per_day_max = 1000;
  limits.daily_loss_max = core::Money::whole(100'000);
  return limits;
}

RunStart run_start() {
  RunStart run;
  run.account = core::AccountId{"default"};
  run.mode = "paper";
  run.cash = core::Money::whole(100'000);
  run.bots = {{core::BotId{"a"}, core::EngineName{"trader"}, 1}};
  return run;
}

RunEnd run_day(const trading::AccountLimits& limits, const std::filesystem::path& journal) {
  st0ck::test::JournalSink sink{journal};
  const market::InstrumentTable table = one_stock();
  RestlessClock clock;
  OrderUpdateQueue updates;
  st0ck::test::ScriptedBroker broker{clock, updates};
  core::NullLogSink silence;
  Kernel kernel{{clock, table, broker, updates, &sink, core::Logger{silence, clock}},
                core::AccountId{"default"},
                core::Money::whole(100'000)};
  const core::Session session = st0ck::test::session_on("2019-02-11");
  kernel.limit_account(limits);
  kernel.add_bot({core::BotId{"a"}, core::EngineName{"trader"}, 1},
                 std::make_unique<Trader>((*table.begin()).id), wide());
  clock.advance_to(session.open);
  kernel.start(run_start());
  kernel.on_session_phase({market::Phase::Prepare, session});
  std::size_t filled = 0;
  for (int i = 0; i < 60; ++i) {
    clock.advance_to(session.open + i * 400ms);
    market::Quote quote;
    quote.time = session.open + i * 400ms;
    quote.bid = core::Price::whole(1000 - i);
    quote.ask = quote.bid + core::Price::from_raw(10'000'000);
    kernel.on_quote(quote);
    while (kernel.fire_due_timer()) {
    }
    // The broker fills every other order, and confirms what it is asked to cancel.
    for (; filled < broker.orders().size(); ++filled)
      if (filled % 2 == 0) broker.fill(filled, quote.ask);
    for (std::size_t n = 0; n < broker.orders().size(); ++n)
      if (broker.order(n).is_live && broker.order(n).cancels_asked > 0) broker.confirm_cancel(n);
    kernel.drain();
  }
  clock.advance_to(session.close);
  kernel.on_session_phase({market::Phase::Close, session});
  const RunEnd end = kernel.finish();
  sink.finish();
  return end;
}

core::Result<ReplayOutcome> replay_day(const trading::AccountLimits& limits,
                                       const std::filesystem::path& folder) {
  auto journal = JournalReader::open(folder).value();
  ReplayComparison comparison{journal};
  const market::InstrumentTable table = one_stock();
  SimulatedClock clock;
  OrderUpdateQueue updates;
  SilentBroker broker;
  core::NullLogSink silence;
  Kernel kernel{{clock, table, broker, updates, &comparison, core::Logger{silence, clock}},
                core::AccountId{"default"},
                core::Money::whole(100'000)};
  kernel.limit_account(limits);
  kernel.add_bot({core::BotId{"a"}, core::EngineName{"trader"}, 1},
                 std::make_unique<Trader>((*table.begin()).id), wide());
  return replay(journal, comparison, clock, kernel, run_start());
}

/// How often each code stands in a journal: of decisions, of order updates, of halts.
std::map<std::string, int> codes_of(const std::filesystem::path& folder) {
  auto journal = JournalReader::open(folder).value();
  std::map<std::string, int> codes;
  while (const JournalRecord* stored = journal.next().value()) {
    const auto record = decode(static_cast<RecordKind>(stored->kind), stored->payload).value();
    if (const auto* update = std::get_if<trading::OrderUpdate>(&record))
      ++codes[fmt::format("{} {}", trading::name_of(update->kind), update->reason)];
    if (const auto* decision = std::get_if<Decision>(&record)) ++codes[decision->code.str()];
    if (const auto* halt = std::get_if<HaltRow>(&record)) ++codes["halt " + halt->code.str()];
  }
  return codes;
}

struct AccountLimitsReplay : testing::Test {
  void expect_the_same(const trading::AccountLimits& limits) {
    const RunEnd end = run_day(limits, folder / "journal");
    const auto outcome = replay_day(limits, folder / "journal");
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    EXPECT_TRUE(outcome->is_finished);
    EXPECT_EQ(outcome->figures, end) << "the hash of the decisions is among them";
    codes = codes_of(folder / "journal");
  }

  st0ck::test::TemporaryFolder folder;
  std::map<std::string, int> codes;
};

TEST_F(AccountLimitsReplay, GivesTheSameHaltForALossThatWasTooFast) {
  trading::AccountLimits limits;
  limits.loss_rate = {.loss_max = core::Money::whole(30), .window = 60s};

  expect_the_same(limits);

  EXPECT_EQ(codes["halt LOSS_RATE"], 1);
  EXPECT_GT(codes["LOSS_RATE"], 0) << "entries were cancelled";
  EXPECT_GT(codes["HALTED"], 0) << "and others refused";
  EXPECT_GT(codes["FIFTH"], 1) << "while exits went on";
}

TEST_F(AccountLimitsReplay, GivesTheSameOrderOfWhatWaitedForTheBroker) {
  trading::AccountLimits limits;
  limits.pace = {.orders_max = 3, .window = 1s, .exit_reserve = 1, .entry_wait_max = 1500ms};

  expect_the_same(limits);

  EXPECT_GT(codes["BROKER_PACE"], 0) << "entries were refused";
  EXPECT_GT(codes["cancelled NOT_SENT"], 0) << "some were cancelled before they left";
}

TEST_F(AccountLimitsReplay, GivesTheSameWithBoth) {
  trading::AccountLimits limits;
  limits.loss_rate = {.loss_max = core::Money::whole(3), .window = 60s};
  limits.pace = {.orders_max = 2, .window = 1s, .exit_reserve = 1, .entry_wait_max = 5s};

  expect_the_same(limits);

  EXPECT_EQ(codes["halt LOSS_RATE"], 1);
}

}  // namespace
}  // namespace st0ck::kernel
