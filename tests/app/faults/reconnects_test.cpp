#include "src/app/alpaca_parts.hpp"
#include "src/app/faults/day_configuration.hpp"
#include "src/app/faults/fault_exchange.hpp"
#include "src/app/faults/socket_link.hpp"
#include "src/app/faults/timeline_log.hpp"
#include "st0ck/kernel/order_update_queue.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "st0ck/net/simulated_scheduler.hpp"
#include "support/effort.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

// What a live adapter holds of the machine stays the same, however often its connections break.
namespace st0ck::app::faults {
namespace {

using namespace std::chrono_literals;

std::ptrdiff_t entries_of(const char* folder) {
  return std::distance(std::filesystem::directory_iterator{folder},
                       std::filesystem::directory_iterator{});
}

/// What the process has of the machine.
struct Held {
  std::ptrdiff_t descriptors = entries_of("/proc/self/fd");
  std::ptrdiff_t threads = entries_of("/proc/self/task");
  std::size_t bytes = ::mallinfo2().uordblks;  ///< Allocated; 0 where a sanitizer allocates.
};

/// Counts how often the market is there again.
class Connections final : public market::NullEventSink {
 public:
  void on_provider_status(const market::ProviderStatus& status) override {
    const bool is_connected = status.state == market::ProviderState::Connected;
    if (is_connected && !std::exchange(was_connected_, true)) ++count_;
    was_connected_ = is_connected;
  }
  int count() const { return count_; }

 private:
  bool was_connected_ = false;
  int count_ = 0;
};

/// Alpaca's broker and stream as st0ckd has them, over sockets to an exchange of this process.
class ReconnectsTest : public testing::Test {
 protected:
  void SetUp() override {
    Schedule schedule;
    schedule.market.events_per_minute = 1;  // What the exchange keeps of them is not ours.
    auto exchange = FaultExchange::open(schedule.market, {}, scheduler_, {});
    ASSERT_TRUE(exchange) << exchange.error().message;
    exchange_ = std::move(*exchange);
    auto link = SocketLink::open(io_, scheduler_, exchange_->host());
    ASSERT_TRUE(link) << link.error().message;
    link_ = std::move(*link);
    configuration_ = configuration_of(schedule, exchange_->host().clock().now());
    exchange_->host().run();
    open_adapter();
  }

  void TearDown() override {
    if (parts_.stream) parts_.stream->stop();
    parts_ = {};
  }

  void open_adapter() {
    AlpacaTransports transports;
    transports.sockets = link_->make_web_sockets();
    transports.make_http = [this] { return link_->make_http(); };
    transports.seed = [] { return 1; };
    parts_ = open_alpaca_over(configuration_,
                              {io_,
                               scheduler_,
                               exchange_->host().clock(),
                               configuration_.instruments,
                               updates_,
                               {log_, clock()}},
                              {std::string{kKey}, std::string{kKey}}, std::move(transports));
    parts_.broker->listen([this](trading::RemoteBroker::Notice notice) {
      if (notice == trading::RemoteBroker::Notice::Reconnected) ++orders_heard_;
    });
    bool is_connected = false;
    parts_.broker->connect([&](const auto& report) { is_connected = report.has_value(); });
    std::vector<market::DataNeed> needs;
    for (const market::Instrument& instrument : configuration_.instruments)
      needs.push_back({instrument.id, market::DataKind::Quotes, 2s});
    parts_.stream->start(needs, market_);
    pass_until([&] { return is_connected && market_.count() > 0; });
  }

  const core::Clock& clock() const { return exchange_->host().clock(); }

  void pass_until(const std::function<bool()>& is_done) {
    constexpr int kTasksMax = 200'000;
    for (int task = 0; task < kTasksMax; ++task) {
      link_->deliver();
      if (is_done()) return;
      scheduler_.run_one();
    }
    FAIL() << "it does not come back";
  }

  /// Every connection is cut: both streams come back, and the account can be read.
  void reconnect() {
    const int market_before = market_.count();
    const int orders_before = orders_heard_;
    ASSERT_TRUE(link_->cut_all());
    pass_until([&] { return market_.count() > market_before && orders_heard_ > orders_before; });
    bool is_read = false;
    parts_.broker->read_account([&](const auto& report) { is_read = report.has_value(); });
    pass_until([&] { return is_read; });
  }

  boost::asio::io_context io_{1};
  net::SimulatedScheduler scheduler_;
  TimelineLog log_{nullptr};
  kernel::OrderUpdateQueue updates_;
  Connections market_;
  int orders_heard_ = 0;
  Configuration configuration_;
  std::unique_ptr<FaultExchange> exchange_;
  std::unique_ptr<SocketLink> link_;
  LiveParts parts_;
};

TEST_F(ReconnectsTest, LeaveNothingBehind) {
  // Buffers, caches and windows of figures have their size by then.
  const int warm = test::effort(100, 20);
  const int all = test::effort(1000, 100);
  int reconnects = 0;
  for (; reconnects < warm && !HasFatalFailure(); ++reconnects) reconnect();
  const Held before;

  for (; reconnects < all && !HasFatalFailure(); ++reconnects) reconnect();
  const Held after;

  EXPECT_EQ(after.descriptors, before.descriptors);
  EXPECT_EQ(after.threads, before.threads);
  const auto grown = static_cast<std::ptrdiff_t>(after.bytes - before.bytes);
  std::cout << fmt::format(
      "{} reconnects: {} descriptors, {} threads, {} bytes more than after {}\n", reconnects,
      after.descriptors, after.threads, grown, warm);
  // A sanitizer allocates beside malloc's books: memory is for the release build.
  constexpr std::ptrdiff_t kBytesOfOneMax = 300;
  if (!test::kIsSanitized) EXPECT_LT(grown, kBytesOfOneMax * (all - warm));
}

}  // namespace
}  // namespace st0ck::app::faults
