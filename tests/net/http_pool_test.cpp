#include "st0ck/net/http_pool.hpp"

#include "st0ck/net/memory_http_transport.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;
using enum HttpPriority;

class HttpPoolTest : public ::testing::Test {
 protected:
  HttpPoolTest() { use({.name = "trading", .connections = 1}); }

  void use(HttpPoolSettings settings) {
    pool_.emplace(scheduler_, transport_, std::move(settings));
  }

  HttpCallId send(const std::string& name, HttpPriority priority = Data) {
    return pool_->send({.url = "http://memory/" + name}, priority,
                       [this, name](const HttpResult& result) {
                         log_ += result ? name + " " : "-" + name + " ";
                         if (!result) failure_ = result.error();
                       });
  }

  SimulatedScheduler scheduler_;
  MemoryHttpTransport transport_{scheduler_,
                                 [](const HttpRequest&) { return HttpResponse{.status = 200}; }};
  std::optional<HttpPool> pool_;
  std::string log_;
  HttpFailure failure_;
};

TEST_F(HttpPoolTest, SendsAsManyAtATimeAsItHasConnections) {
  use({.name = "data", .connections = 2});
  for (const auto* name : {"a", "b", "c", "d"}) send(name);

  scheduler_.run_until(20ms);
  EXPECT_EQ(log_, "a b ");
  EXPECT_EQ(pool_->stats().in_use, 2U);
  scheduler_.run_until(40ms);

  EXPECT_EQ(log_, "a b c d ");
  EXPECT_EQ(transport_.connections_open(), 2U);
}

TEST_F(HttpPoolTest, LetsTheMoreImportantGoFirst) {
  send("first");
  send("data", Data);
  send("entry", Entry);
  send("exit", Exit);
  send("cancel", Cancel);

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "first cancel exit entry data ");
}

/// Found by fault days: slow look-ups held both connections until an exit had waited too long.
TEST_F(HttpPoolTest, KeepsAConnectionForOrdersFromSlowReads) {
  use({.name = "trading", .connections = 2, .kept_for_orders = 1});
  transport_.add_fault({.kind = HttpFault::Kind::LostAnswer});
  send("slow", LookUp);
  send("data", Data);
  send("look-up", LookUp);

  send("exit", Exit);
  scheduler_.run_until(20ms);
  EXPECT_EQ(log_, "exit ");
  send("cancel", Cancel);
  send("entry", Entry);
  scheduler_.run_until(60ms);

  EXPECT_EQ(log_, "exit cancel entry ");
  EXPECT_EQ(pool_->stats().waiting, 2U);
}

TEST_F(HttpPoolTest, GivesOrdersEveryConnection) {
  use({.name = "trading", .connections = 2, .kept_for_orders = 1});
  send("a", Exit);
  send("b", Entry);
  send("look-up", LookUp);

  scheduler_.run_until(20ms);
  EXPECT_EQ(log_, "a b ");
  scheduler_.run_until(40ms);

  EXPECT_EQ(log_, "a b look-up ");
}

TEST_F(HttpPoolTest, EndsTheWaitForAConnectionInTime) {
  transport_.add_fault({.kind = HttpFault::Kind::LostAnswer});
  send("stuck");
  send("waits");

  scheduler_.run_until(5s);

  EXPECT_EQ(log_, "-waits ");
  EXPECT_EQ(failure_.kind, HttpFailureKind::NotSent);
  EXPECT_TRUE(failure_.is_timeout);
  EXPECT_EQ(failure_.message,
            "GET http://memory/waits: not sent: pool trading of 1 connections: no connection was "
            "free in time");
  EXPECT_EQ(transport_.requests_seen(), 1U);
}

TEST_F(HttpPoolTest, TurnsAwayTheLeastImportantWhereNoMoreMayWait) {
  use({.name = "trading", .connections = 1, .waiting_max = 2});
  send("first");
  send("a", Data);
  send("b", Data);
  send("c", Data);
  send("cancel", Cancel);
  EXPECT_EQ(log_, "");

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "-c -b first cancel a ");
  EXPECT_EQ(failure_.kind, HttpFailureKind::NotSent);
  EXPECT_EQ(pool_->stats().refused, 2U);
}

TEST_F(HttpPoolTest, CancelsWhatWaitsAndWhatIsOnItsWay) {
  const auto first = send("first");
  const auto second = send("second");
  send("third");
  pool_->cancel(second);
  pool_->cancel(second);
  pool_->cancel(first);
  EXPECT_EQ(log_, "");

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "-second -first third ");
  EXPECT_EQ(failure_.kind, HttpFailureKind::NoAnswer);
}

TEST_F(HttpPoolTest, CountsWhatHappens) {
  use({.name = "data", .connections = 2});
  transport_.add_fault({});
  transport_.add_fault({.kind = HttpFault::Kind::LateAnswer, .delay = 80ms});
  transport_.add_fault({.kind = HttpFault::Kind::LostAnswer});
  for (const auto* name : {"a", "b", "c", "d"}) send(name);

  scheduler_.run_until(1s);
  const auto meanwhile = pool_->stats();
  scheduler_.run_until(20s);
  const auto stats = pool_->stats();

  EXPECT_EQ(meanwhile.in_use, 1U);
  EXPECT_EQ(meanwhile.open, 2U);
  EXPECT_EQ(meanwhile.idle, 1U);
  EXPECT_EQ(stats.in_use, 0U);
  EXPECT_EQ(stats.waiting, 0U);
  EXPECT_EQ(stats.requests, 4U);
  EXPECT_EQ(stats.failures, 1U);
  EXPECT_EQ(stats.timeouts, 1U);
  EXPECT_EQ(stats.reused, 1U);
  EXPECT_EQ(stats.latency_p50, 20ms);
  EXPECT_EQ(stats.latency_p99, 100ms);
}

TEST_F(HttpPoolTest, MayBeDestroyedInAnAnswerAndCancelsWhatIsOnItsWay) {
  use({.name = "data", .connections = 2});
  for (int i = 0; i < 4; ++i) {
    pool_->send({.url = "http://memory/"}, Data, [this](const HttpResult&) {
      log_ += "answer ";
      pool_.reset();
    });
  }

  scheduler_.run_for(60s);

  EXPECT_EQ(log_, "answer ");
}

}  // namespace
}  // namespace st0ck::net
