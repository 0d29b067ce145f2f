#include "app/loopback_exchange.hpp"
#include "engines/st0cka/register.hpp"
#include "src/app/alpaca_parts.hpp"
#include "src/app/live_daemon.hpp"
#include "src/app/promotion/permission.hpp"
#include "st0ck/storage/trade_log_reader.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>

// Mode live against a whole st0ck-exchange behind sockets of this machine.
namespace st0ck::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/// Serves the exchange in turns of the daemon's own loop, and moves its time on, until the daemon
/// has recorded that it has reached it.
class Server {
 public:
  Server(LoopbackExchange& exchange, std::filesystem::path state)
      : exchange_{exchange}, state_{std::move(state)} {}

  void begin(boost::asio::io_context& io, std::function<void()> stop) {
    io_ = &io;
    stop_ = std::move(stop);
    next_turn();
  }

  bool was_asked() const { return was_asked_; }

 private:
  static constexpr int kTurnsMax = 5'000'000;

  void next_turn() {
    boost::asio::post(*io_, [this] { turn(); });
  }
  void turn() {
    was_asked_ = exchange_.serve() || was_asked_;
    ++turns_;
    if (turns_ < kTurnsMax && (turns_ % 1000 != 0 || !has_connected())) return next_turn();
    stop_();
  }
  bool has_connected() const {
    std::ifstream in{state_ / "log" / "st0ckd.log"};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return text.find("DATA_STREAM_SUBSCRIBED") != std::string::npos;
  }

  LoopbackExchange& exchange_;
  std::filesystem::path state_;
  boost::asio::io_context* io_ = nullptr;
  std::function<void()> stop_;
  bool was_asked_ = false;
  int turns_ = 0;
};

class PromotedDrillTest : public testing::Test {
 protected:
  PromotedDrillTest() {
    setenv("APCA_API_KEY_ID", "test", 1);
    setenv("APCA_API_SECRET_KEY", "test", 1);
    engines::register_st0cka(registry_);
    settings_.market.sessions_before = 0;
    settings_.market.sessions_after = 0;
    settings_.market.at = core::TimeOfDay{std::chrono::minutes{565}};
    exchange_ = std::make_unique<LoopbackExchange>(settings_);
    server_ = std::make_unique<Server>(*exchange_, state_);
  }
  ~PromotedDrillTest() override {
    unsetenv("APCA_API_KEY_ID");
    unsetenv("APCA_API_SECRET_KEY");
  }

  Configuration configuration() const {
    auto loaded = load_configuration(
        "config/alpaca-live.yaml",
        {"broker.url=" + exchange_->http(), "market.data_url=" + exchange_->http(),
         "market.stream_url=" + exchange_->web_socket(), "log.terminal=off"},
        registry_);
    EXPECT_EQ(loaded.problem_text(), "");
    return std::move(loaded.configuration);
  }

  core::Result<RunOutcome> run() {
    std::unique_ptr<LiveDaemon> running;
    auto daemon = LiveDaemon::open(
        configuration(), state_,
        [&](const Configuration& configured, const LiveSurroundings& around) {
          server_->begin(around.io, [&] { running->stop(); });
          return open_alpaca(configured, around);
        },
        kernel::LiveClock{[&] { return exchange_->clock().now(); }});
    if (!daemon) return tl::unexpected(daemon.error());
    running = std::move(*daemon);
    return running->run();
  }

  void promote() const {
    const Configuration configured = configuration();
    const PromotionHolder holder{target_of(configured), configured.account.name, {"test", "test"}};
    const core::Timestamp now = exchange_->clock().now();
    const auto record =
        make_promotion(holder, {}, judge({}, holder.target, now), "a fire drill", now);
    std::filesystem::create_directories(state_);
    std::ofstream{promotion_file_of(state_), std::ios::binary}
        << promotion_text({record, seal_of(record, "test")});
  }

  test::TemporaryFolder folder_;
  std::filesystem::path state_ = folder_ / "live";
  kernel::EngineRegistry registry_;
  exchange::ExchangeSettings settings_;
  std::unique_ptr<LoopbackExchange> exchange_;
  std::unique_ptr<Server> server_;
};

TEST_F(PromotedDrillTest, IsRefusedWithoutARecordAndAsksNobodyAnything) {
  const auto outcome = run();

  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, StartsWith("PROMOTION_MISSING: "));
  EXPECT_FALSE(server_->was_asked());
  EXPECT_FALSE(std::filesystem::exists(state_));
}

TEST_F(PromotedDrillTest, TradesLiveWithOne) {
  promote();

  const auto outcome = run();

  ASSERT_TRUE(outcome) << outcome.error().message;
  auto log = storage::TradeLogReader::open(state_ / "trades.db");
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ(log->summary()->mode, "live");
  const auto checks = log->account_checks().value();
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(checks[0].row.host, host_of(exchange_->http()));
}

}  // namespace
}  // namespace st0ck::app
