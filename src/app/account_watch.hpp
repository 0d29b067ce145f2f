#pragma once

#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace st0ck::app {

/// Reads the broker's account again and again and stops entries while it and we disagree: on the
/// time, or on what is held. Exits go on.
///
/// It is told to the kernel as the state of the provider `broker`, each time that it changes, and
/// in full to the log. A reading during which something filled proves nothing and is skipped.
class AccountWatch {
 public:
  struct Settings {
    core::Duration clock_skew_max = std::chrono::seconds{1};
    core::Duration pause = std::chrono::seconds{60};
    core::Duration pause_in_trouble = std::chrono::seconds{5};
  };
  struct Parts {
    trading::RemoteBroker& broker;
    kernel::Kernel& kernel;
    const market::InstrumentTable& instruments;
    net::Scheduler& scheduler;
    core::Logger log;
    /// Whether our clock was set by this report, for drills; may be empty.
    std::function<bool(const trading::AccountReport& report)> follows_clock{};
  };

  /// All outlives the watch; the broker answers nothing any more when it is destroyed.
  explicit AccountWatch(const Parts& parts) : AccountWatch{parts, Settings{}} {}
  AccountWatch(const Parts& parts, const Settings& settings) : parts_{parts}, settings_{settings} {}
  ~AccountWatch() { parts_.scheduler.cancel(next_); }
  AccountWatch(const AccountWatch&) = delete;
  AccountWatch& operator=(const AccountWatch&) = delete;

  /// Judges the first report and goes on from there. Orders may have filled while we were away: a
  /// difference that is theirs is gone with the next look. `is_clock_comparable`: our clock did not
  /// come from this report.
  void begin(const trading::AccountReport& first, bool is_clock_comparable);

 private:
  void look_later();
  void on_report(const core::Result<trading::AccountReport>& report, std::uint64_t fills);
  void judge(const trading::AccountReport& report, bool is_clock_comparable);
  bool is_clock_off(const trading::AccountReport& report) const;
  bool differs(const trading::AccountReport& report) const;
  core::Quantity our_position(core::InstrumentId instrument) const;

  Parts parts_;
  Settings settings_;
  std::optional<core::Code> told_;  ///< The trouble that the kernel knows of; empty is none.
  net::TaskId next_{};
};

}  // namespace st0ck::app
