#include "st0ck/kernel/simulated_loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <optional>
#include <utility>

namespace st0ck::kernel {

namespace {

namespace asio = boost::asio;

/// How many steps go by between two looks at signals and health, at full speed.
constexpr int kStepsPerLook = 1024;

}  // namespace

class SimulatedLoop::Impl {
 public:
  Impl(SimulatedClock& clock, market::DataSource& source, Kernel& kernel, Options options)
      : clock_{clock}, source_{source}, kernel_{kernel}, options_{std::move(options)} {}

  void stop_on_signals() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.add(SIGHUP);  // The terminal is gone.
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) stop();
    });
  }

  void stop() {
    is_stopped_ = true;
    pause_.cancel();
  }

  core::Result<Ending> run() {
    while (!is_stopped_) {
      if (auto looked = look_around(); !looked) return tl::unexpected(looked.error());
      for (int step = 0; step < kStepsPerLook && !is_stopped_; ++step) {
        if (options_.before_step) options_.before_step();
        auto moment = next_moment();
        if (!moment) return end_of_data();
        if (is_paced()) {
          wait_for(moment->time);
          if (is_stopped_) break;
          if (auto looked = look_around(); !looked) return tl::unexpected(looked.error());
          // What has come in meanwhile may have made something else the next.
          moment = next_moment();
          if (!moment) return end_of_data();
        }
        if (auto stepped = perform(*moment); !stepped) return tl::unexpected(stepped.error());
      }
    }
    return Ending::Stopped;
  }

 private:
  /// What comes next: a step of the data or a timer.
  struct Moment {
    core::Timestamp time;
    bool is_data = false;
  };

  bool is_paced() const {
    return options_.speed > 0 && !(options_.is_hurrying && options_.is_hurrying());
  }

  core::Status look_around() {
    io_.poll();
    io_.restart();
    if (options_.take_inputs && has_recorded_) options_.take_inputs();
    return options_.health ? options_.health() : core::Status{};
  }

  /// Timers that are set for later than the last data do not keep a run alive.
  std::optional<Moment> next_moment() const {
    const auto data = source_.next_time();
    const auto deadline = kernel_.next_deadline();
    if (deadline && *deadline < data.value_or(clock_.now() + core::Duration{1}))
      return Moment{*deadline, false};
    if (!data) return std::nullopt;
    return Moment{*data, true};
  }

  core::Result<Ending> end_of_data() const {
    if (options_.health)
      if (auto healthy = options_.health(); !healthy) return tl::unexpected(healthy.error());
    return Ending::EndOfData;
  }

  core::Status perform(const Moment& moment) {
    const core::Sequence before = kernel_.last_sequence();
    clock_.advance_to(moment.time);
    core::Status stepped;
    if (moment.is_data) {
      stepped = source_.step(kernel_);
      kernel_.drain();
    } else {
      kernel_.fire_due_timer();
    }
    has_recorded_ = kernel_.last_sequence() != before;
    return stepped;
  }

  void wait_for(core::Timestamp time) {
    const auto now = std::chrono::steady_clock::now();
    if (!anchor_ || time - latest_ > options_.gap_skipped) anchor_ = Anchor{time, now};
    latest_ = time;
    const std::chrono::duration<double, std::nano> simulated = time - anchor_->simulated;
    const auto due = anchor_->real + std::chrono::duration_cast<std::chrono::nanoseconds>(
                                         simulated / options_.speed);
    if (due <= now) return;
    pause_.expires_at(due);
    pause_.async_wait([](const boost::system::error_code&) {});
    io_.restart();
    while (!is_stopped_ && std::chrono::steady_clock::now() < due && io_.run_one() > 0) {
    }
  }

  struct Anchor {
    core::Timestamp simulated;
    std::chrono::steady_clock::time_point real;
  };

  SimulatedClock& clock_;
  market::DataSource& source_;
  Kernel& kernel_;
  Options options_;
  asio::io_context io_{1};
  asio::signal_set signals_{io_};
  asio::steady_timer pause_{io_};
  std::optional<Anchor> anchor_;
  core::Timestamp latest_{};
  bool has_recorded_ = true;  ///< The last step has left a record, or there was none yet.
  bool is_stopped_ = false;
};

SimulatedLoop::SimulatedLoop(SimulatedClock& clock, market::DataSource& source, Kernel& kernel,
                             Options options)
    : impl_{std::make_unique<Impl>(clock, source, kernel, std::move(options))} {}

SimulatedLoop::~SimulatedLoop() = default;

void SimulatedLoop::stop_on_signals() { impl_->stop_on_signals(); }

void SimulatedLoop::stop() { impl_->stop(); }

core::Result<SimulatedLoop::Ending> SimulatedLoop::run() { return impl_->run(); }

}  // namespace st0ck::kernel
