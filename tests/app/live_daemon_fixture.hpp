#pragma once

#include "app/live_stage.hpp"
#include "src/app/command_inbox.hpp"
#include "src/app/live_daemon.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/orders.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A daemon whose market and broker the test plays.
namespace st0ck::app {

using namespace std::chrono_literals;
using st0ck::test::ProbeEngine;
using trading::OrderUpdateKind;

inline const core::Timestamp kLunch = st0ck::test::utc("2025-01-02T17:00:00Z");

/// What the test does as market and broker.
struct Script : LiveSteps {
  std::vector<std::string> sent;  ///< What reached the broker.
  core::Result<trading::AccountReport> report = trading::AccountReport{};

  void say(std::string_view order, OrderUpdateKind kind, std::string_view filled = "0") const {
    trading::OrderUpdate update;
    update.client_order_id = core::ClientOrderId{order};
    update.kind = kind;
    update.time = now;
    update.cumulative_quantity = st0ck::test::quantity(filled);
    if (update.cumulative_quantity.is_positive()) {
      update.execution = core::ExecutionId{"e-" + std::string{order}};
      update.quantity = update.cumulative_quantity;
      update.price = st0ck::test::price("100");
      update.cumulative_notional =
          core::notional(update.price, update.quantity, core::kUnitMultiplier);
    }
    updates->on_order_update(update);
  }
};

class ScriptedRemote final : public trading::RemoteBroker {
 public:
  explicit ScriptedRemote(Script& script) : script_{script} {}
  void connect(Connected done) override { read_account(std::move(done)); }
  void read_account(Connected done) override {
    script_.post([this, done = std::move(done)] {
      if (script_.report) {
        script_.report->asked = script_.report->answered = script_.now;
      }
      done(script_.report);
    });
  }
  void connect_blind() override {}
  void note_earlier(const core::ClientOrderId& /*id*/) override {}
  void disconnect() override {}
  void submit(const trading::Approved<trading::OrderIntent>& intent) override {
    script_.sent.push_back("order " + intent->client_order_id.str());
  }
  void cancel(const core::ClientOrderId& order) override {
    script_.sent.push_back("cancel " + order.str());
  }
  void replace(const trading::Approved<trading::ReplaceIntent>&) override {}
  void look_up(const core::ClientOrderId& order) override {
    script_.sent.push_back("look up " + order.str());
  }

 private:
  Script& script_;
};

inline constexpr std::string_view kOrder = "a-buyer-20250102mark-1";

/// Gives the journal its time: steps of the loop until the order has come.
inline void wait_for_order(Script& script, std::size_t count = 1) {
  script.steps.insert(script.steps.begin(), [&script, count] {
    if (script.sent.size() < count) wait_for_order(script, count);
  });
}

class LiveDaemonTest : public testing::Test {
 protected:
  enum class Broker { Simulated, Remote };

  /// What the script does first: a quote, upon which the bot orders, and the broker's word.
  void let_order_be_accepted() {
    script.steps.emplace_back([&] { script.quote("99.99", "100.01"); });
    script.steps.emplace_back([&] { wait_for_order(script); });
    script.steps.emplace_back([&] { script.say(kOrder, OrderUpdateKind::Accepted); });
  }
  void let_order_fill() {
    let_order_be_accepted();
    script.steps.emplace_back([&] { script.say(kOrder, OrderUpdateKind::Fill, "1"); });
  }

  /// A run of one bot that buys a share of SPY at its first quote, until the script has ended.
  core::Result<RunOutcome> run(Broker broker) {
    Configuration configuration =
        live_configuration(folder.path(), heard, [this](ProbeEngine& engine, auto spy) {
          engine.does_on_quote = [this, spy](auto& context, const auto&) {
            if (std::exchange(has_bought, true)) return;
            context.submit(st0ck::test::one_share(spy, trading::Side::Buy));
          };
          engine.does_on_order = [this](auto&, const kernel::OrderNews& news) {
            has_filled = has_filled || news.kind == OrderUpdateKind::Fill;
          };
        });
    has_bought = false;
    if (exchange_time) configuration.clock.source = ClockSource::Market;
    auto daemon = LiveDaemon::open(
        std::move(configuration), folder / "state",
        [&](const Configuration&, const LiveSurroundings& around) -> core::Result<LiveParts> {
          script.io = &around.io;
          script.updates = &around.updates;
          LiveParts parts;
          parts.stream = std::make_unique<SteppingStream>(script);
          if (exchange_time) {
            parts.time = [this, &clock = around.clock, log = around.log](auto done) {
              log.info("TIME_ASKED", "of the exchange");
              script.post([this, &clock, done] { done(exchange_says(clock)); });
            };
          }
          if (broker == Broker::Remote) parts.broker = std::make_unique<ScriptedRemote>(script);
          return parts;
        },
        kernel::LiveClock{[this] { return script.now; }}, core::RunMark{"mark"});
    if (!daemon) return tl::unexpected(daemon.error());
    script.steps.emplace_back([&daemon] { (*daemon)->stop(); });
    auto outcome = (*daemon)->run();
    left_by_failure = (*daemon)->remarks();
    return outcome;
  }

  /// A quote in each turn until the bot's order has filled, or enough of them.
  void quote_until_filled() {
    script.steps.insert(script.steps.begin(), [this] {
      if (has_filled || script.now > kLunch) return;
      script.now += 1ms;
      script.quote("99.99", "100.01");
      quote_until_filled();
    });
  }

  /// Turns of the loop until a command has its answer.
  void wait_for_answer(const CommandInbox& inbox, const std::string& file) {
    script.steps.insert(script.steps.begin(), [this, &inbox, file] {
      if (!inbox.find_answer(file)) wait_for_answer(inbox, file);
    });
  }

  core::Result<TimeReport> exchange_says(const core::Clock& clock) {
    if (exchange_refuses) return core::fail(core::Errc::Broker, "wrong keys");
    return TimeReport{*exchange_time, clock.now()};
  }

  /// Of each line of the log its day in UTC and its code; how much memory the process of all tests
  /// takes is none of theirs.
  std::vector<std::string> logged_days() const {
    std::ifstream in{folder / "state" / "log" / "st0ckd.log"};
    std::vector<std::string> days;
    for (std::string line; std::getline(in, line);) {
      const auto json = nlohmann::json::parse(line);
      if (json["code"] == "MEMORY_HIGH") continue;
      days.push_back(json["time"].get<std::string>().substr(0, 10) + " " +
                     json["code"].get<std::string>());
    }
    return days;
  }

  /// What the log says under a code.
  std::vector<std::string> messages_of(std::string_view code) const {
    std::ifstream in{folder / "state" / "log" / "st0ckd.log"};
    std::vector<std::string> messages;
    for (std::string line; std::getline(in, line);) {
      const auto json = nlohmann::json::parse(line);
      if (json["code"] == code) messages.push_back(json["message"]);
    }
    return messages;
  }

  std::vector<std::string> risk_codes() const {
    auto log = storage::TradeLogReader::open(folder / "state" / "trades.db");
    if (!log) return {log.error().message};
    const auto events = log->risk_events();
    std::vector<std::string> codes;
    for (const auto& event : *events) codes.push_back(event.row.code.str());
    return codes;
  }

  nlohmann::json metrics() const {
    std::ifstream in{folder / "state" / "metrics.json"};
    return nlohmann::json::parse(in, nullptr, false);
  }

  test::TemporaryFolder folder;
  Script script;
  std::vector<std::string> heard;
  std::vector<std::string> left_by_failure;  ///< By the last run.
  bool has_bought = false;
  bool has_filled = false;
  std::optional<core::Timestamp> exchange_time;  ///< Where it is a drill.
  bool exchange_refuses = false;
};

}  // namespace st0ck::app
