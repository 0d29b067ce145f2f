#include "src/app/drill_clock.hpp"

#include <utility>

namespace st0ck::app {

DrillClock::DrillClock(Parts parts, const Settings& settings)
    : parts_{std::move(parts)}, settings_{settings} {}

DrillClock::~DrillClock() { parts_.scheduler.cancel(next_); }

void DrillClock::begin(std::function<void(const core::Status&)> done) {
  done_ = std::move(done);
  ++tries_;
  parts_.ask(guard_.wrap([this](const core::Result<TimeReport>& report) { on_first(report); }));
}

void DrillClock::on_first(const core::Result<TimeReport>& report) {
  if (report) {
    parts_.set(*report);
    look_later();
    return done_({});
  }
  if (report.error().retry == core::Retry::No || tries_ == settings_.tries)
    return done_(tl::unexpected<core::Error>(report.error()));
  parts_.log.warn("EXCHANGE_UNREACHABLE", report.error().message);
  next_ =
      parts_.scheduler.call_after(settings_.pause_of_tries, [this] { begin(std::move(done_)); });
}

void DrillClock::look_later() {
  next_ = parts_.scheduler.call_after(settings_.pause, [this] {
    parts_.ask(guard_.wrap([this](const core::Result<TimeReport>& report) { on_report(report); }));
  });
}

void DrillClock::on_report(const core::Result<TimeReport>& report) {
  if (!report)
    parts_.log.warn("CLOCK_NOT_READ", report.error().message);
  else if (report->told - report->answered > settings_.leap_min)
    parts_.set(*report);
  look_later();
}

}  // namespace st0ck::app
