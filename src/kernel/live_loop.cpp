#include "st0ck/kernel/live_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

namespace st0ck::kernel {

namespace {

namespace asio = boost::asio;

/// A deadline is a time of the wall clock, which may be set while we wait on the steady one: it is
/// looked at again at least this often.
constexpr core::Duration kWaitMax = std::chrono::seconds{1};

}  // namespace

class LiveLoop::Impl {
 public:
  Impl(const core::Clock& clock, Kernel& kernel) : clock_{clock}, kernel_{kernel} {}

  void stop_on_signals() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) stop();
    });
  }

  void post(std::function<void()> handler) {
    asio::post(io_, [this, handler = std::move(handler)] {
      handler();
      kernel_.drain();
      fire_timers();
    });
  }

  void stop() { io_.stop(); }

  void run() {
    fire_timers();
    io_.run();
  }

 private:
  void fire_timers() {
    while (!io_.stopped() && kernel_.fire_due_timer()) {
    }
    arm();
  }

  void arm() {
    const auto deadline = kernel_.next_deadline();
    if (!deadline || io_.stopped()) {
      timer_.cancel();
      return;
    }
    const auto wait = std::clamp<core::Duration>(*deadline - clock_.now(), {}, kWaitMax);
    timer_.expires_after(wait);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) fire_timers();
    });
  }

  const core::Clock& clock_;
  Kernel& kernel_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_{io_.get_executor()};
  asio::signal_set signals_{io_};
  asio::steady_timer timer_{io_};
};

LiveLoop::LiveLoop(const core::Clock& clock, Kernel& kernel)
    : impl_{std::make_unique<Impl>(clock, kernel)} {}

LiveLoop::~LiveLoop() = default;

void LiveLoop::stop_on_signals() { impl_->stop_on_signals(); }

void LiveLoop::post(std::function<void()> handler) { impl_->post(std::move(handler)); }

void LiveLoop::stop() { impl_->stop(); }

void LiveLoop::run() { impl_->run(); }

}  // namespace st0ck::kernel
