#include "st0ck/kernel/live_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
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
  Impl(asio::io_context& io, const core::Clock& clock, Kernel& kernel, Options options)
      : io_{io},
        clock_{clock},
        kernel_{kernel},
        options_{std::move(options)},
        guard_{io.get_executor()},
        signals_{io},
        timer_{io} {}

  void stop_on_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) signals_.add(signal);
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) stop();
    });
  }

  void post(std::function<void()> handler) {
    // A handler behind a stop stays where it is.
    asio::post(io_, [this, handler = std::move(handler)] {
      if (!is_stopped_) handler();
    });
  }

  void stop() {
    is_stopped_ = true;
    asio::post(io_, [] {});  // Ends a wait.
  }

  core::Status run() {
    while (!is_stopped_) {
      kernel_.drain();
      if (auto stepped = do_what_is_due(); !stepped) return stepped;
      if (options_.health)
        if (auto healthy = options_.health(); !healthy) return healthy;
      if (is_stopped_) break;
      if (options_.spins) {
        io_.poll_one();
      } else {
        io_.run_one();
      }
    }
    return {};
  }

 private:
  core::Status do_what_is_due() {
    if (options_.is_ready && !options_.is_ready()) {
      arm(nullptr, std::nullopt);
      return {};
    }
    while (!is_stopped_) {
      market::DataSource* source = first_source();
      const auto deadline = kernel_.next_deadline();
      const bool is_data = source != nullptr && (!deadline || *source->next_time() <= *deadline) &&
                           *source->next_time() <= clock_.now();
      if (is_data) {
        if (auto stepped = source->step(kernel_); !stepped) return stepped;
        kernel_.drain();
      } else if (!kernel_.fire_due_timer()) {
        arm(source, deadline);
        break;
      }
    }
    return {};
  }

  /// The source that has the next thing to say; nullptr where none has any.
  market::DataSource* first_source() const {
    market::DataSource* first = nullptr;
    for (market::DataSource* source : options_.sources)
      if (source->next_time() && (first == nullptr || *source->next_time() < *first->next_time()))
        first = source;
    return first;
  }

  /// Without anything to wait for the loop still wakes for its health.
  void arm(const market::DataSource* source, std::optional<core::Timestamp> deadline) {
    if (source != nullptr && (!deadline || *source->next_time() < *deadline))
      deadline = source->next_time();
    if (is_armed_ && deadline == armed_for_) return;
    is_armed_ = true;
    armed_for_ = deadline;
    timer_.expires_after(deadline ? wait_for(*deadline) : kWaitMax);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) is_armed_ = false;
    });
  }

  core::Duration wait_for(core::Timestamp deadline) const {
    const double wait = static_cast<double>((deadline - clock_.now()).count()) / options_.speed;
    return core::Duration{
        static_cast<std::int64_t>(std::clamp(wait, 0.0, static_cast<double>(kWaitMax.count())))};
  }

  asio::io_context& io_;
  const core::Clock& clock_;
  Kernel& kernel_;
  Options options_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
  bool is_armed_ = false;
  std::optional<core::Timestamp> armed_for_;
  std::atomic<bool> is_stopped_ = false;
};

LiveLoop::LiveLoop(asio::io_context& io, const core::Clock& clock, Kernel& kernel, Options options)
    : impl_{std::make_unique<Impl>(io, clock, kernel, std::move(options))} {}

LiveLoop::~LiveLoop() = default;

void LiveLoop::stop_on_signals() { impl_->stop_on_signals(); }

void LiveLoop::post(std::function<void()> handler) { impl_->post(std::move(handler)); }

void LiveLoop::stop() { impl_->stop(); }

core::Status LiveLoop::run() { return impl_->run(); }

}  // namespace st0ck::kernel
