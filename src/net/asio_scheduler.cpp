#include "st0ck/net/asio_scheduler.hpp"

#include "st0ck/net/simulated_scheduler.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <utility>

namespace st0ck::net {

/// One timer for all tasks: it waits for the earliest of a queue whose time is the steady clock's.
class AsioScheduler::Impl : public std::enable_shared_from_this<AsioScheduler::Impl> {
 public:
  explicit Impl(boost::asio::io_context& io) : timer_{io} {}

  core::Duration elapsed() const { return Clock::now() - start_; }

  TaskId call_after(core::Duration wait, std::function<void()> task) {
    // The queue's own time stands where it last ran; the wait counts from now.
    const auto id = tasks_.call_after(elapsed() - tasks_.elapsed() + wait, std::move(task));
    if (!is_running_) wait_for_next();
    return id;
  }

  void cancel(TaskId task) { tasks_.cancel(task); }

  void stop() {
    is_stopped_ = true;
    timer_.cancel();
  }

 private:
  using Clock = std::chrono::steady_clock;

  void wait_for_next() {
    const auto due = tasks_.next_due();
    if (is_stopped_) return;
    if (!due) {
      // The context has nothing to wait for.
      if (std::exchange(is_waiting_, false)) timer_.cancel();
      return;
    }
    if (*due <= elapsed()) return run_soon();
    const auto expiry = start_ + *due;
    // A wait that ends early enough serves the later task too.
    if (is_waiting_ && timer_.expiry() <= expiry) return;
    is_waiting_ = true;
    timer_.expires_at(expiry);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error) return;
      self->is_waiting_ = false;
      self->run_due();
    });
  }

  /// What is due needs no timer, which costs system calls.
  void run_soon() {
    if (std::exchange(is_posted_, true)) return;
    boost::asio::post(timer_.get_executor(), [self = shared_from_this()] {
      self->is_posted_ = false;
      self->run_due();
    });
  }

  void run_due() {
    is_running_ = true;
    const core::Duration until = elapsed();
    // What a task adds for now waits for the next turn, so that others of the context have theirs.
    while (!is_stopped_ && tasks_.next_due() && *tasks_.next_due() <= until) tasks_.run_one();
    is_running_ = false;
    wait_for_next();
  }

  boost::asio::steady_timer timer_;
  SimulatedScheduler tasks_;
  Clock::time_point start_ = Clock::now();
  bool is_waiting_ = false;
  bool is_posted_ = false;
  bool is_running_ = false;
  bool is_stopped_ = false;
};

AsioScheduler::AsioScheduler(boost::asio::io_context& io) : impl_{std::make_shared<Impl>(io)} {}

AsioScheduler::~AsioScheduler() { impl_->stop(); }

core::Duration AsioScheduler::elapsed() const { return impl_->elapsed(); }

TaskId AsioScheduler::call_after(core::Duration wait, std::function<void()> task) {
  return impl_->call_after(wait, std::move(task));
}

void AsioScheduler::cancel(TaskId task) { impl_->cancel(task); }

}  // namespace st0ck::net
