#pragma once

#include "src/app/entry_gate.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/corporate_action_source.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/trading/action_schedule.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>

namespace st0ck::app {

/// Reads a provider's corporate actions and tells the kernel of those that have come due.
///
/// It reads when trading begins and, for each session, at New York's midnight (before a broker's
/// work of the night), at 04:00 and at the Prepare phase; after a failure again and again, with
/// growing pauses. An action is told on its ex-date and not before, since announcements are
/// corrected until then, and once: what the kernel has heard, its journal included, is not told
/// again, and a later version of it is an error in the log (`CORPORATE_ACTION_CHANGED`). An ex-date
/// without a session counts as the next session's. What took effect before this run began is not
/// told at all; what was missed since then is, and the kernel says what follows from that.
///
/// Unhandled actions are logged as they become known (`CORPORATE_ACTION_UNHANDLED`); from the day
/// on which they take effect entries in the instrument are refused, until they are `days_back` old.
///
/// While nothing was read for the session under way or ahead, entries wait: to the kernel the
/// provider `corporate_actions` is degraded (`CORPORATE_ACTIONS_UNKNOWN`). Whoever buys on the
/// morning of a split that he does not know of takes its price for a fall. Exits go on.
class CorporateActionWatch final : public market::DataSource {
 public:
  struct Settings {
    /// How far back ex-dates are read: more than any stretch of closed days. The kernel remembers
    /// what it has heard for longer.
    std::chrono::days days_back{10};
    std::chrono::days days_ahead{7};
    core::Duration start_wait = std::chrono::seconds{2};  ///< For the first reading.
    core::Duration retry_pause_first = std::chrono::seconds{5};
    core::Duration retry_pause_max = std::chrono::minutes{5};
  };
  struct Parts {
    market::CorporateActionSource& source;
    const trading::ActionSchedule& told;  ///< The kernel's.
    market::EventSink& sink;              ///< Where events of the market go.
    EntryGate& gate;
    const market::InstrumentTable& instruments;
    const core::Clock& clock;
    net::Scheduler& scheduler;
    core::Logger log;
  };

  /// All outlives the watch.
  explicit CorporateActionWatch(const Parts& parts) : CorporateActionWatch{parts, Settings{}} {}
  CorporateActionWatch(const Parts& parts, const Settings& settings)
      : parts_{parts}, settings_{settings} {}
  ~CorporateActionWatch() override;
  CorporateActionWatch(const CorporateActionWatch&) = delete;
  CorporateActionWatch& operator=(const CorporateActionWatch&) = delete;

  /// Reads for the first time. `begin_trading` is called once, never inside this call, when there
  /// is an answer or it takes too long; only then is the kernel told anything. `run_begun`: when
  /// the run began, in this process or one before it.
  void begin(core::Timestamp run_begun, std::function<void()> begin_trading);

  /// When it reads again; nothing before it has begun.
  std::optional<core::Timestamp> next_time() const override { return next_time_; }
  core::Status step(market::EventSink& sink) override;

 private:
  void read();
  void on_read(core::Timestamp asked, core::Result<market::AnnouncedActions> announced);
  void begin_trading();
  void tell_due();
  void tell(const market::CorporateAction& action);
  void stop_entries();
  void log_unhandled();
  void judge();
  bool has_taken_effect(core::Date effective) const;
  bool is_new_to_log(std::string line);

  Parts parts_;
  Settings settings_;
  std::function<void()> begin_trading_;  ///< While the start waits.
  core::Timestamp run_begun_{};
  market::AnnouncedActions announced_;    ///< By the last reading that succeeded.
  std::optional<core::Date> read_for_{};  ///< The session that it was for.
  std::optional<bool> is_known_told_{};   ///< What the kernel was told of that.
  std::set<std::string> logged_;
  bool is_reading_ = false;
  core::Duration pause_{};
  std::optional<core::Timestamp> next_time_;
  net::TaskId next_{};
  net::TaskId start_deadline_{};
  net::CallbackGuard guard_;
};

}  // namespace st0ck::app
