#include "st0ck/net/asio_scheduler.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace st0ck::net {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

TEST(AsioScheduler, RunsTasksInTheOrderOfTheirTimesAndNeverInsideTheCall) {
  boost::asio::io_context io;
  AsioScheduler scheduler{io};
  std::string ran;
  scheduler.call_after(microseconds{300}, [&] { ran += 'c'; });
  scheduler.call_after(microseconds{-1}, [&] {
    ran += 'a';
    scheduler.call_after(microseconds{0}, [&] { ran += 'b'; });
  });
  EXPECT_EQ(ran, "");

  io.run();

  // On a machine that stands still meanwhile, `c` may be due by the time that `b` is given.
  EXPECT_TRUE(ran == "abc" || ran == "acb") << ran;
  EXPECT_GE(scheduler.elapsed(), microseconds{300});
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
