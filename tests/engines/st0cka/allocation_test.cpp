#include "engines/st0cka/st0cka_day.hpp"
#include "support/allocation_counter.hpp"
#include "support/orders.hpp"
#include "support/recording_logger.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace st0ck::engines::st0cka {
namespace {

using test::RecordingLogger;

/// What a hundred quotes at a steady price allocate on a kernel that keeps no records.
class St0ckaAllocation : public testing::Test {
 protected:
  St0ckaAllocation() {
    auto made = std::make_unique<St0cka>(test::default_settings(), stage.spy);
    kernel.add_bot({core::BotId{"a"}, core::EngineName{"st0cka"}, 1}, std::move(made),
                   test::st0cka_limits());
    kernel.start(stage.run);
    move_to("09:20");
    kernel.on_session_phase({market::Phase::Prepare, stage.session()});
    move_to("09:30");
    kernel.on_session_phase({market::Phase::Open, stage.session()});
  }

  void move_to(std::string_view time) {
    stage.clock.advance_to(stage.at(time));
    while (kernel.fire_due_timer()) {
    }
  }

  std::uint64_t allocations_of_quotes() {
    const auto quote = [&] {
      stage.clock.advance_to(stage.clock.now() + core::Duration{1});
      kernel.on_quote(stage.quote_of(stage.spy, "271.34", "271.35"));
    };
    for (int i = 0; i < 10; ++i) quote();
    const std::uint64_t before = test::allocations_of_this_thread();
    for (int i = 0; i < 100; ++i) quote();
    return test::allocations_of_this_thread() - before;
  }

  RecordingLogger log;
  test::KernelStage stage{log};
  kernel::Kernel kernel{{stage.clock, stage.table, stage.broker, stage.updates, nullptr, log},
                        stage.account,
                        core::Money::whole(10'000)};
};

TEST_F(St0ckaAllocation, IsNoneWhileItIsIdle) {
  move_to("10:15");

  EXPECT_EQ(allocations_of_quotes(), 0U);
}

TEST_F(St0ckaAllocation, IsNoneWhileItWaitsForAFill) { EXPECT_EQ(allocations_of_quotes(), 0U); }

TEST_F(St0ckaAllocation, IsNoneWhileItHoldsAndOffers) {
  kernel.on_quote(stage.quote_of(stage.spy, "271.34", "271.35"));
  stage.broker.fill(0, test::price("271.34"));
  kernel.drain();
  EXPECT_EQ(allocations_of_quotes(), 0U);

  move_to("10:15");
  ASSERT_EQ(stage.broker.orders().size(), 2U);

  EXPECT_EQ(allocations_of_quotes(), 0U);
}

}  // namespace
}  // namespace st0ck::engines::st0cka
