#include "app/loopback_exchange.hpp"
#include "engines/st0cka/register.hpp"
#include "src/app/alpaca_parts.hpp"
#include "src/app/daemon.hpp"
#include "src/app/live_daemon.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// The same day of the same market, once inside the daemon and once behind sockets: what is decided
// may not depend on which.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;

/// What has come out of the provider's parts and is not answered yet.
struct Traffic {
  bool is_streaming = false;
  std::uint64_t quotes = 0;  ///< Since it streams.
  core::Quantity filled;
  std::set<core::ClientOrderId> asked;  ///< Orders of which an answer is due.

  std::function<void()> begin;  ///< Called when the stream is asked for.
};

/// Passes on what the stream says.
class WatchedStream final : public market::StreamSource, public market::EventSink {
 public:
  WatchedStream(std::unique_ptr<market::StreamSource> stream, Traffic& traffic)
      : stream_{std::move(stream)}, traffic_{traffic} {}

  core::Status check(std::span<const market::DataNeed> needs) const override {
    return stream_->check(needs);
  }
  void start(std::span<const market::DataNeed> needs, market::EventSink& sink) override {
    sink_ = &sink;
    stream_->start(needs, *this);
    traffic_.begin();
  }
  void stop() override { stream_->stop(); }

  void on_quote(const market::Quote& quote) override {
    ++traffic_.quotes;
    sink_->on_quote(quote);
  }
  void on_trade(const market::Trade& trade) override { sink_->on_trade(trade); }
  void on_bar(const market::Bar& bar) override { sink_->on_bar(bar); }
  void on_session_phase(const market::SessionPhase& phase) override {
    sink_->on_session_phase(phase);
  }
  void on_provider_status(const market::ProviderStatus& status) override {
    traffic_.is_streaming = status.state == market::ProviderState::Connected;
    sink_->on_provider_status(status);
  }
  void on_trading_status(const market::TradingStatus& status) override {
    sink_->on_trading_status(status);
  }

 private:
  std::unique_ptr<market::StreamSource> stream_;
  Traffic& traffic_;
  market::EventSink* sink_ = nullptr;
};

/// Passes on what goes to the broker.
class WatchedBroker final : public trading::RemoteBroker {
 public:
  WatchedBroker(std::unique_ptr<trading::RemoteBroker> broker, Traffic& traffic)
      : broker_{std::move(broker)}, traffic_{traffic} {}

  void connect(Connected done) override { broker_->connect(std::move(done)); }
  void read_account(Connected done) override { broker_->read_account(std::move(done)); }
  void connect_blind() override { broker_->connect_blind(); }
  void note_earlier(const core::ClientOrderId& id) override { broker_->note_earlier(id); }
  void disconnect() override { broker_->disconnect(); }
  trading::BrokerAbilities abilities() const override { return broker_->abilities(); }
  void submit(const trading::Approved<trading::OrderIntent>& intent) override {
    traffic_.asked.insert(intent->client_order_id);
    broker_->submit(intent);
  }
  void cancel(const core::ClientOrderId& order) override {
    traffic_.asked.insert(order);
    broker_->cancel(order);
  }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    traffic_.asked.insert(replace->client_order_id);
    broker_->replace(replace);
  }
  void look_up(const core::ClientOrderId& order) override { broker_->look_up(order); }

 private:
  std::unique_ptr<trading::RemoteBroker> broker_;
  Traffic& traffic_;
};

/// Passes on what the broker says.
class WatchedUpdates final : public trading::OrderUpdateSink {
 public:
  WatchedUpdates(trading::OrderUpdateSink& next, Traffic& traffic)
      : next_{next}, traffic_{traffic} {}

  void on_order_update(const trading::OrderUpdate& update) override {
    traffic_.asked.erase(update.client_order_id);
    traffic_.filled += update.quantity;
    next_.on_order_update(update);
  }

 private:
  trading::OrderUpdateSink& next_;
  Traffic& traffic_;
};

/// Lets the exchange's time go on whenever all that it has said has been dealt with.
class Conductor {
 public:
  Conductor(LoopbackExchange& exchange, Traffic& traffic, core::Timestamp until)
      : exchange_{exchange}, traffic_{traffic}, until_{until} {}

  void begin(boost::asio::io_context& io, std::function<void()> stop) {
    io_ = &io;
    stop_ = std::move(stop);
    next_turn();
  }

  /// Why it gave up; empty when the day was played to its end.
  const std::string& trouble() const { return trouble_; }

 private:
  /// Turns in which nothing happens before it is believed.
  static constexpr int kCalm = 3;
  static constexpr int kTurnsMax = 5'000'000;

  void next_turn() {
    boost::asio::post(*io_, [this] { turn(); });
  }

  void turn() {
    const bool was_asked = exchange_.serve();
    calm_ = !was_asked && is_settled() ? calm_ + 1 : 0;
    ++turns_;
    if (calm_ >= kCalm) {
      if (exchange_.clock().now() >= until_) return stop_();
      if (!std::exchange(is_running_, true)) exchange_.run();
      exchange_.step();
      calm_ = 0;
      turns_ = 0;
    }
    if (turns_ < kTurnsMax) return next_turn();
    trouble_ = "the daemon and the exchange do not agree any more";
    stop_();
  }

  bool is_settled() {
    if (!traffic_.is_streaming) return false;
    const std::uint64_t told = exchange_.quotes_of(exchange_.instrument("SPY"));
    if (!is_running_) quotes_before_ = told - traffic_.quotes;
    return told == quotes_before_ + traffic_.quotes && traffic_.asked.empty() &&
           exchange_.filled() == traffic_.filled;
  }

  LoopbackExchange& exchange_;
  Traffic& traffic_;
  core::Timestamp until_;
  boost::asio::io_context* io_ = nullptr;
  std::function<void()> stop_;
  std::string trouble_;
  std::uint64_t quotes_before_ = 0;
  int calm_ = 0;
  int turns_ = 0;
  bool is_running_ = false;
};

/// How a bot is set up, and how exactly its two days are alike.
struct Drill {
  const char* name;
  const char* settings;
  /// Over sockets a quote is heard up to a millisecond later and a timer up to a tenth of a second:
  /// where pauses count from one order to the next, this adds up.
  core::Duration lateness_max;
  bool has_prices = true;  ///< Whether it pays the same prices all the same.
};

/// What was decided and what came of it, by the trade log.
struct Conduct {
  std::vector<std::string> orders;
  std::vector<std::string> fills;
  std::vector<core::Timestamp> sent;
};

Conduct conduct_of(const std::filesystem::path& state, bool has_prices) {
  Conduct conduct;
  auto log = storage::TradeLogReader::open(state / "trades.db");
  if (!log) return {{log.error().message}, {}, {}};
  const auto orders = log->orders().value();
  const auto fills = log->fills().value();
  const auto text_of = [&](const std::optional<core::Price>& price) {
    return has_prices && price ? price->to_string() : std::string{"-"};
  };
  for (const auto& [first, sequence, order] : orders) {
    conduct.orders.push_back(fmt::format(
        "{} {} {} {} {} {} {} {} {} {}", order.client_order_id, order.reason, order.symbol,
        name_of(order.side), name_of(order.type), order.quantity.to_string(), text_of(order.limit),
        name_of(order.time_in_force), name_of(order.state), order.filled.to_string()));
    conduct.sent.push_back(order.submitted);
  }
  for (const auto& [sequence, fill] : fills)
    conduct.fills.push_back(fmt::format("{} {} {} {}", fill.client_order_id, name_of(fill.side),
                                        fill.quantity.to_string(), text_of(fill.price)));
  return conduct;
}

class LoopbackDrillTest : public testing::TestWithParam<Drill> {
 protected:
  LoopbackDrillTest() {
    setenv("APCA_API_KEY_ID", "test", 1);
    setenv("APCA_API_SECRET_KEY", "test", 1);
    engines::register_st0cka(registry_);
    settings_.market.sessions_before = 0;
    settings_.market.sessions_after = 0;
    settings_.market.at = core::TimeOfDay{std::chrono::minutes{565}};
  }
  ~LoopbackDrillTest() override {
    unsetenv("APCA_API_KEY_ID");
    unsetenv("APCA_API_SECRET_KEY");
  }

  Configuration configuration(const std::string& parts) {
    const auto file = folder_ / "c.yaml";
    std::ofstream{file} << "mode: paper\nlog: {terminal: \"off\"}\n"
                        << "bots: {a: {engine: st0cka, symbol: SPY" << GetParam().settings << "}}\n"
                        << parts;
    auto loaded = load_configuration(file, {}, registry_);
    EXPECT_EQ(loaded.problem_text(), "");
    return std::move(loaded.configuration);
  }

  Conduct in_process() {
    Configuration inside = configuration(
        "market: {kind: generated, detail: ticks}\n"
        "broker: {kind: sim, slippage: {per_share: 0}}\n");
    const auto market =
        exchange::open_exchange_market(settings_.market, core::ExchangeCalendar::xnys());
    inside.market.ticks = *market->made_up;
    inside.market.symbols.clear();
    for (const auto& traits : market->made_up->symbols)
      if (traits.symbol != core::Symbol{"SPY"})
        inside.instruments.define({.id = {}, .symbol = traits.symbol});
    auto daemon = Daemon::open(std::move(inside), folder_ / "inside");
    if (!daemon) return {{daemon.error().message}, {}, {}};
    EXPECT_TRUE((*daemon)->run());
    return conduct_of(folder_ / "inside", GetParam().has_prices);
  }

  Conduct over_sockets() {
    LoopbackExchange exchange{settings_};
    Configuration outside = configuration(
        fmt::format("market: {{kind: alpaca, data_url: \"{0}\", stream_url: \"{1}\"}}\n"
                    "broker: {{kind: alpaca, url: \"{0}\"}}\n",
                    exchange.http(), exchange.web_socket()));
    outside.journal.enabled = false;  // Of no configuration for a broker.
    Traffic traffic;
    const auto close = core::parse_timestamp("2025-06-02T20:00:30Z").value();
    Conductor conductor{exchange, traffic, close};
    std::unique_ptr<LiveDaemon> running;
    std::unique_ptr<WatchedUpdates> updates;
    auto daemon = LiveDaemon::open(
        std::move(outside), folder_ / "outside",
        [&](const Configuration& configured, const LiveSurroundings& around) {
          updates = std::make_unique<WatchedUpdates>(around.updates, traffic);
          // Also while it connects somebody must answer.
          conductor.begin(around.io, [&] { running->stop(); });
          traffic.begin = [] {};
          auto parts = open_alpaca(configured, {around.io, around.scheduler, around.clock,
                                                around.instruments, *updates, around.log});
          if (!parts) return parts;
          parts->stream = std::make_unique<WatchedStream>(std::move(parts->stream), traffic);
          parts->broker = std::make_unique<WatchedBroker>(std::move(parts->broker), traffic);
          return parts;
        },
        kernel::LiveClock{[&] { return exchange.clock().now(); }},
        // Simulated orders carry no mark either.
        core::RunMark{});
    if (!daemon) return {{daemon.error().message}, {}, {}};
    running = std::move(*daemon);
    const auto outcome = running->run();
    EXPECT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(conductor.trouble(), "");
    running.reset();
    return conduct_of(folder_ / "outside", GetParam().has_prices);
  }

  test::TemporaryFolder folder_;
  kernel::EngineRegistry registry_;
  exchange::ExchangeSettings settings_;
};

TEST_P(LoopbackDrillTest, DecidesOverSocketsWhatItDecidesInProcess) {
  for (const std::uint64_t seed : {1, 2}) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    settings_.market.seed = seed;
    std::filesystem::remove_all(folder_ / "inside");
    std::filesystem::remove_all(folder_ / "outside");

    const Conduct inside = in_process();
    const Conduct outside = over_sockets();

    EXPECT_GE(inside.fills.size(), 2U) << "a day with a trade";
    EXPECT_EQ(outside.orders, inside.orders);
    EXPECT_EQ(outside.fills, inside.fills);
    for (std::size_t i = 0; i < std::min(inside.sent.size(), outside.sent.size()); ++i)
      EXPECT_LE(std::chrono::abs(outside.sent[i] - inside.sent[i]), GetParam().lateness_max)
          << inside.orders[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, LoopbackDrillTest,
                         testing::Values(Drill{"Simple", "", 1ms},
                                         Drill{"Advanced", ", mode: advanced, stop_loss: 2.00", 1s,
                                               false}),
                         [](const auto& drill) { return std::string{drill.param.name}; });

}  // namespace
}  // namespace st0ck::app
