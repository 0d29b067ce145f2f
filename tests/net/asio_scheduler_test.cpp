#include "st0ck/net/asio_scheduler.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace st0ck::net {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

TEST(AsioScheduler, RunsWhatIsDueBeforeWhatWasGivenEarlierAndNeverInsideTheCall) {
  boost::asio::io_context io;
  AsioScheduler scheduler{io};
  std::string ran;
  const TaskId later = scheduler.call_after(hours{1}, [&] { ran += 'x'; });
  scheduler.call_after(microseconds{-1}, [&] {
    ran += 'a';
    scheduler.call_after(microseconds{0}, [&] {
      ran += 'b';
      scheduler.cancel(later);
    });
  });
  EXPECT_EQ(ran, "");

  io.run();

  EXPECT_EQ(ran, "ab");
}

TEST(AsioScheduler, RunsTasksInTheOrderOfTheirTimesAndNoneEarlier) {
  boost::asio::io_context io;
  AsioScheduler scheduler{io};
  std::string ran;
  const auto given = scheduler.elapsed();
  scheduler.call_after(microseconds{300}, [&] {
    ran += 'a';
    EXPECT_GE(scheduler.elapsed(), given + microseconds{300});
  });
  scheduler.call_after(microseconds{600}, [&] {
    ran += 'b';
    EXPECT_GE(scheduler.elapsed(), given + microseconds{600});
  });

  io.run();

  EXPECT_EQ(ran, "ab");
}

TEST(AsioScheduler, RunsNeitherWhatWasCancelledNorWhatOutlivesIt) {
  boost::asio::io_context io;
  std::string ran;
  std::optional<AsioScheduler> scheduler{std::in_place, io};
  const TaskId cancelled = scheduler->call_after(microseconds{10}, [&] { ran += 'x'; });
  scheduler->cancel(cancelled);
  scheduler->call_after(hours{1}, [&] { ran += 'y'; });
  scheduler->call_after(microseconds{20}, [&] {
    ran += 'a';
    scheduler.reset();
  });

  io.run();

  EXPECT_EQ(ran, "a");
}

}  // namespace
}  // namespace st0ck::net
