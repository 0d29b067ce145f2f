#include "st0ck/net/rate_limiter.hpp"

#include "st0ck/net/simulated_scheduler.hpp"
#include "wall_clock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace st0ck::net {
namespace {

using namespace std::chrono_literals;
using enum HttpPriority;

constexpr RateLimit kTwo{.requests = 2, .reserve_percent = 0, .cancels_percent = 0};

HttpResult answered(int status, HttpHeaders headers = {}) {
  return HttpResponse{.status = status, .headers = std::move(headers)};
}

class RateLimiterTest : public ::testing::Test {
 protected:
  // Asks under a name, which is written down with the outcome; what may leave ends at once.
  RateTicket ask(const std::string& name, RateRequest request) {
    auto ticket = std::make_shared<RateTicket>();
    *ticket = limiter_->acquire(std::move(request),
                                [this, name, ticket](const std::optional<HttpFailure>& refusal) {
                                  log_ += refusal ? "-" + name + " " : name + " ";
                                  if (refusal) message_ = refusal->message;
                                  if (!refusal) limiter_->finish(*ticket, answered(200));
                                });
    return *ticket;
  }

  void use(RateLimiterSettings settings) {
    limiter_.emplace(scheduler_, clock_, std::move(settings));
  }

  SimulatedScheduler scheduler_;
  test::WallClock clock_{scheduler_};
  std::optional<RateLimiter> limiter_{std::in_place, scheduler_, clock_,
                                      RateLimiterSettings{.account = kTwo}};
  std::string log_;
  std::string message_;
};

TEST_F(RateLimiterTest, LetsGoByPriorityThenByOrderAndNeverInsideTheCall) {
  ask("data", {.priority = Data});
  ask("entry", {.priority = Entry});
  ask("look-up", {.priority = LookUp});
  ask("look-up-of-exit", {.priority = ExitLookUp});
  ask("exit1", {.priority = Exit});
  ask("exit2", {.priority = Exit});
  ask("cancel", {.priority = Cancel});
  EXPECT_EQ(log_, "");

  scheduler_.run_for(0s);
  EXPECT_EQ(log_, "cancel exit1 ");
  scheduler_.run_until(60s);
  EXPECT_EQ(log_, "cancel exit1 -exit2 -look-up-of-exit -look-up -entry -data ");
}

TEST_F(RateLimiterTest, LetsGoAtOnceOnlyWhereNobodyWaitsAndThereIsRoom) {
  use({.account = kTwo,
       .groups = {{"orders", {.requests = 1, .reserve_percent = 0, .cancels_percent = 0}}}});
  const auto first = limiter_->acquire_now(Entry, "orders");
  ASSERT_TRUE(first);
  EXPECT_FALSE(limiter_->acquire_now(Cancel, "orders")) << "its group has no room";
  ASSERT_TRUE(limiter_->acquire_now(Data, "bars"));
  EXPECT_FALSE(limiter_->acquire_now(Cancel, "bars")) << "the account has none";
  EXPECT_EQ(limiter_->stats().permitted, 2U);
  EXPECT_EQ(limiter_->stats().in_flight, 2U);

  ask("data", {.priority = Data, .wait_max = 300s});
  scheduler_.run_for(1s);
  limiter_->finish(*first, answered(200));
  scheduler_.run_for(59s);
  EXPECT_FALSE(limiter_->acquire_now(Data, "bars")) << "somebody waits";
  scheduler_.run_for(2s);
  EXPECT_EQ(log_, "data ");
}

TEST_F(RateLimiterTest, LetsNothingGoAtOnceInAPause) {
  use({.account = {.requests = 10}});
  const auto refused = limiter_->acquire_now(Cancel, "");
  ASSERT_TRUE(refused);
  limiter_->finish(*refused, answered(429, {{"Retry-After", "4"}}));

  EXPECT_FALSE(limiter_->acquire_now(Cancel, ""));
  scheduler_.run_until(4s);
  EXPECT_TRUE(limiter_->acquire_now(Cancel, ""));
}

TEST_F(RateLimiterTest, LetsTheNextGoOnceTheWindowHasPassed) {
  for (const auto* name : {"a", "b", "c", "d", "e"}) ask(name, {.wait_max = 300s});

  scheduler_.run_until(60s);
  EXPECT_EQ(log_, "a b ");
  scheduler_.run_until(61s);
  EXPECT_EQ(log_, "a b c d ");
  scheduler_.run_until(122s);
  EXPECT_EQ(log_, "a b c d e ");
}

TEST_F(RateLimiterTest, HoldsUpNobodyForAGroupWithoutRoom) {
  use({.account = {.requests = 10, .reserve_percent = 0, .cancels_percent = 0},
       .groups = {{"orders", kTwo}}});
  for (const auto* name : {"o1", "o2", "o3"}) ask(name, {.priority = Cancel, .group = "orders"});
  ask("q1", {.priority = Data, .group = "quotes"});

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "o1 o2 q1 ");
}

TEST_F(RateLimiterTest, LimitsGroupsTogetherByTheAccount) {
  use({.account = {.requests = 3, .reserve_percent = 0, .cancels_percent = 0},
       .groups = {{"orders", kTwo}, {"quotes", kTwo}}});
  for (const auto* name : {"o1", "o2"}) ask(name, {.group = "orders"});
  for (const auto* name : {"q1", "q2"}) ask(name, {.group = "quotes"});

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "o1 o2 q1 ");
}

TEST_F(RateLimiterTest, RefusesWhatWaitedTooLong) {
  ask("a", {});
  ask("b", {});
  ask("c", {.wait_max = 5s});

  scheduler_.run_until(4999ms);
  EXPECT_EQ(log_, "a b ");
  scheduler_.run_until(5s);

  EXPECT_EQ(log_, "a b -c ");
  EXPECT_EQ(message_, "rate limit: no room within the time that the request may wait");
}

TEST_F(RateLimiterTest, GivesThePlaceOfTheLeastImportantToABetterOne) {
  use({.account = kTwo, .waiting_max = 2});
  ask("a", {.priority = Data});
  ask("b", {.priority = Data});
  ask("c", {.priority = Data});
  ask("cancel", {.priority = Cancel});

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "cancel a -c -b ");
  EXPECT_EQ(limiter_->stats().refused, 2U);
}

TEST_F(RateLimiterTest, AnswersACancelledWaitOnce) {
  const auto ticket = ask("a", {});
  limiter_->cancel(ticket);
  limiter_->cancel(ticket);
  EXPECT_EQ(log_, "");

  scheduler_.run_for(1s);

  EXPECT_EQ(log_, "-a ");
}

TEST_F(RateLimiterTest, PausesAfterA429AsTheServerSays) {
  struct Case {
    HttpHeaders headers;
    core::Duration pause;
  };
  const std::vector<Case> cases{
      {{}, 1s},
      {{{"Retry-After", "7"}}, 7s},
      {{{"Retry-After", "Tue, 14 Nov 2023 22:13:30 GMT"}}, 10s},
      {{{"X-RateLimit-Reset", "1700000020"}}, 20s},
      {{{"Retry-After", "3"}, {"X-RateLimit-Reset", "1700000020"}}, 3s},
      {{{"Retry-After", "86400"}}, 60s},
      {{{"Retry-After", "0"}}, 1s},
  };
  for (const auto& [headers, pause] : cases) {
    SimulatedScheduler scheduler;
    const test::WallClock clock{scheduler};
    RateLimiter limiter{scheduler, clock, {}};
    const auto first = limiter.acquire({}, [](const auto&) {});
    scheduler.run_for(0s);
    limiter.finish(first, answered(429, headers));
    std::optional<core::Duration> left_at;
    limiter.acquire({.priority = Data, .wait_max = 90s},
                    [&](const auto&) { left_at = scheduler.elapsed(); });

    scheduler.run_for(100s);

    EXPECT_EQ(left_at, pause);
    EXPECT_EQ(limiter.stats().pauses, 1U);
  }
}

/// An exit once waited for the pauses that refused reads had made, again and again.
TEST_F(RateLimiterTest, HoldsNothingBackThatIsMoreImportantThanWhatWasRefused) {
  use({.account = {.requests = 100}});
  const HttpHeaders minute{{"Retry-After", "60"}};
  const auto read = limiter_->acquire_now(Data, "");
  limiter_->finish(*read, answered(429, minute));
  EXPECT_FALSE(limiter_->acquire_now(Data, ""));
  ask("data", {.priority = Data, .wait_max = 300s});
  EXPECT_TRUE(limiter_->acquire_now(Entry, ""));
  const auto exit = limiter_->acquire_now(Exit, "");
  ASSERT_TRUE(exit) << "who waits is less important";
  limiter_->finish(*exit, answered(429, minute));

  EXPECT_TRUE(limiter_->acquire_now(Cancel, ""));
  EXPECT_FALSE(limiter_->acquire_now(Entry, ""));
  EXPECT_FALSE(limiter_->acquire_now(Exit, ""));
  ask("exit", {.priority = Exit, .wait_max = 300s});
  ask("entry", {.priority = Entry, .wait_max = 300s});
  scheduler_.run_until(4s);
  EXPECT_EQ(log_, "");
  scheduler_.run_until(5s);
  EXPECT_EQ(log_, "exit ") << "an exit is tried again soon, whatever the server says";
  scheduler_.run_until(60s);
  EXPECT_EQ(log_, "exit entry data ");
}

TEST_F(RateLimiterTest, MayBeDestroyedInAnAnswer) {
  int answers = 0;
  for (int i = 0; i < 2; ++i) {
    limiter_->acquire({}, [&](const auto&) {
      ++answers;
      limiter_.reset();
    });
  }

  scheduler_.run_for(100s);

  EXPECT_EQ(answers, 1);
}

/// Requests of all sorts, whose travels take their time, against the rules of the limiter.
class LimiterModel {
 public:
  static constexpr RateLimit kAccount{
      .requests = 12, .window = 60s, .reserve_percent = 34, .cancels_percent = 17};
  static constexpr RateLimit kOrders{
      .requests = 6, .window = 60s, .reserve_percent = 0, .cancels_percent = 0};

  void run() {
    const int count = *rc::gen::inRange(1, 120);
    for (int i = 0; i < count; ++i) {
      scheduler_.run_for(std::chrono::milliseconds{
          *rc::gen::weightedOneOf<int>({{3, rc::gen::just(0)},
                                        {3, rc::gen::inRange(0, 4000)},
                                        {1, rc::gen::inRange(0, 70'000)}})});
      if (!asked_.empty() && *rc::gen::inRange(0, 12) == 0) {
        limiter_.cancel(asked_[static_cast<std::size_t>(
                                   *rc::gen::inRange<int>(0, static_cast<int>(asked_.size())))]
                            .ticket);
      } else {
        ask();
      }
    }
    scheduler_.run_for(1000s);
    check();
  }

 private:
  struct Asked {
    RateTicket ticket{};
    HttpPriority priority{};
    bool is_order = false;
    core::Duration asked_at{};
    core::Duration wait_max{};
    int answers = 0;
    std::optional<core::Duration> permitted_at;
    std::optional<core::Duration> left_at;
    std::size_t permitted_as = 0;  // The order of permissions.
    core::Duration answered_at{};
  };

  void ask() {
    const std::size_t index = asked_.size();
    Asked asked;
    asked.priority = *rc::gen::elementOf(kHttpPriorities);
    asked.is_order = *rc::gen::arbitrary<bool>();
    asked.asked_at = scheduler_.elapsed();
    asked.wait_max = *rc::gen::element<core::Duration>(5s, 60s, 200s);
    // It leaves some time after the permission, and ends some time after that.
    const auto until_leave = std::chrono::milliseconds{*rc::gen::inRange(0, 5000)};
    const auto until_end = std::chrono::milliseconds{*rc::gen::inRange(0, 10'000)};
    const int outcome = *rc::gen::inRange(0, 10);
    asked_.push_back(asked);
    asked_[index].ticket =
        limiter_.acquire({.priority = asked.priority,
                          .group = asked.is_order ? "orders" : "quotes",
                          .wait_max = asked.wait_max},
                         [=, this](const std::optional<HttpFailure>& refusal) {
                           auto& self = asked_[index];
                           ++self.answers;
                           self.answered_at = scheduler_.elapsed();
                           if (refusal) return;
                           self.permitted_at = scheduler_.elapsed();
                           self.permitted_as = ++permitted_;
                           scheduler_.call_after(until_leave, [=, this] {
                             if (outcome != 0) asked_[index].left_at = scheduler_.elapsed();
                           });
                           scheduler_.call_after(until_leave + until_end, [=, this] {
                             limiter_.finish(asked_[index].ticket, result(outcome));
                           });
                         });
  }

  static HttpResult result(int outcome) {
    if (outcome == 0) return tl::unexpected(HttpFailure{.kind = HttpFailureKind::NotSent});
    if (outcome == 1) return tl::unexpected(HttpFailure{.kind = HttpFailureKind::NoAnswer});
    if (outcome == 2) return answered(429, {{"Retry-After", "5"}});
    return answered(200);
  }

  void check() {
    std::vector<core::Duration> left;
    std::vector<core::Duration> orders_left;
    for (const auto& asked : asked_) {
      RC_ASSERT(asked.answers == 1);
      RC_ASSERT(asked.answered_at - asked.asked_at <= asked.wait_max);
      if (!asked.left_at) continue;
      left.push_back(*asked.left_at);
      if (asked.is_order) orders_left.push_back(*asked.left_at);
    }
    check_windows(left, kAccount.requests);
    check_windows(orders_left, kOrders.requests);
    check_order();
  }

  static void check_windows(std::vector<core::Duration> left, std::size_t limit) {
    std::ranges::sort(left);
    for (std::size_t i = limit; i < left.size(); ++i) RC_ASSERT(left[i] - left[i - limit] > 60s);
  }

  // While something waited that may use at least as much room, nothing of less importance went:
  // within a group, or past what has no group of its own.
  void check_order() {
    for (const auto& better : asked_) {
      for (const auto& worse : asked_) {
        if (!worse.permitted_at || worse.priority <= better.priority) continue;
        if (better.is_order && !worse.is_order) continue;
        const bool was_waiting = better.asked_at <= *worse.permitted_at &&
                                 (better.permitted_at ? better.permitted_as > worse.permitted_as
                                                      : better.answered_at > *worse.permitted_at);
        // What was asked for in the same moment may have been asked for later.
        RC_ASSERT(!was_waiting || better.asked_at == *worse.permitted_at);
      }
    }
  }

  SimulatedScheduler scheduler_;
  test::WallClock clock_{scheduler_};
  RateLimiter limiter_{scheduler_, clock_, {.account = kAccount, .groups = {{"orders", kOrders}}}};
  std::vector<Asked> asked_;
  std::size_t permitted_ = 0;
};

RC_GTEST_PROP(RateLimiterProperty, KeepsEveryWindowAndAnswersAllInTheirOrderAndTime, ()) {
  LimiterModel{}.run();
}

RC_GTEST_PROP(RateLimiterProperty, LetsAnyLineLeaveWithinAsManyWindowsAsItNeeds, ()) {
  SimulatedScheduler scheduler;
  const test::WallClock clock{scheduler};
  RateLimiter limiter{scheduler, clock, {.account = {.requests = 10}}};
  const int count = *rc::gen::inRange(1, 60);
  int left = 0;
  for (int i = 0; i < count; ++i) {
    auto ticket = std::make_shared<RateTicket>();
    *ticket = limiter.acquire({.priority = *rc::gen::elementOf(kHttpPriorities), .wait_max = 1h},
                              [&left, &limiter, ticket](const std::optional<HttpFailure>& refusal) {
                                if (refusal) return;
                                ++left;
                                limiter.finish(*ticket, answered(200));
                              });
  }

  // Data has eight of each ten.
  scheduler.run_until((count + 7) / 8 * (60s + 1ns));

  RC_ASSERT(left == count);
}

}  // namespace
}  // namespace st0ck::net
