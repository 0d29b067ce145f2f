#pragma once

#include "src/app/our_books.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/trading/reconciliation.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace st0ck::app {

/// Reads the broker's account again and again and compares it with our books: the time, orders,
/// positions, cash. What differs the kernel hears, each time that it changes; it stops entries
/// where that is the rule (ADR 27). Exits go on.
///
/// Clocks that differ by more than is allowed stop entries too: the log says when that begins
/// (`CLOCK_SKEW`) and when it ends (`CLOCK_SKEW_OVER`). An account that cannot be read for a while
/// does so as well (`ACCOUNT_UNKNOWN`): what is not known passes for nothing; and so do one that is
/// not the run's (`ACCOUNT_OTHER`) and one that may not trade (`ACCOUNT_BLOCKED`).
///
/// A reading during which something filled proves nothing and is made again. Beside its turn the
/// account is read when order updates are heard again after a break, and when something happened to
/// an order that is not ours.
class AccountWatch {
 public:
  struct Settings {
    core::Duration clock_skew_max = std::chrono::seconds{1};
    core::Duration pause = std::chrono::seconds{60};
    /// While something stops entries or could not be compared; the least time between readings that
    /// others' orders cause.
    core::Duration pause_in_trouble = std::chrono::seconds{5};
    /// After the last reading, until nothing is entered any more.
    core::Duration unread_max = std::chrono::minutes{2};
  };
  struct Parts {
    trading::RemoteBroker& broker;
    kernel::Kernel& kernel;
    const market::InstrumentTable& instruments;
    net::Scheduler& scheduler;
    core::Logger log;
    /// The broker's name of the account that the run is of; empty where it has not begun.
    std::string account{};
    /// Whether our clock was set by this report, for drills; may be empty.
    std::function<bool(const trading::AccountReport& report)> follows_clock{};
    /// Told when everything could be compared; may be empty.
    std::function<void(const trading::AccountReport& report)> on_compared{};
  };

  /// All outlives the watch; the broker answers nothing any more when it is destroyed.
  explicit AccountWatch(const Parts& parts) : AccountWatch{parts, Settings{}} {}
  AccountWatch(const Parts& parts, const Settings& settings) : parts_{parts}, settings_{settings} {}
  ~AccountWatch();
  AccountWatch(const AccountWatch&) = delete;
  AccountWatch& operator=(const AccountWatch&) = delete;

  /// Judges the first report and goes on from there. Orders of ours may have filled while we were
  /// away: where one is open, its symbol is compared once its fate is known. `is_clock_comparable`:
  /// our clock did not come from this report.
  void begin(const trading::AccountReport& first, bool is_clock_comparable);

  /// The same where the account could not be read: nothing is entered until it is.
  void begin_blind();

  /// Reads the account now; while it is being read, once more after that.
  void look_now() { on_notice(trading::RemoteBroker::Notice::Reconnected); }

 private:
  /// Where we stood when a report was asked for.
  struct Asked {
    std::uint64_t fills = 0;
    OpenOrders orders;
  };

  void look_after(core::Duration wait);
  void look();
  void look_later();
  void on_notice(trading::RemoteBroker::Notice notice);
  void on_report(const core::Result<trading::AccountReport>& report, const Asked& asked);
  void judge_clock(const trading::AccountReport& report, bool is_comparable);
  void judge_silence(const core::Error& error);
  bool is_of_another(const trading::AccountReport& report);
  void tell_account(const core::Code& trouble, const std::string& what);
  void tell_trouble(const core::Code& trouble);
  void compare(const trading::AccountReport& report, const Asked& asked);
  void take_in_lost_exits(const trading::AccountReport& report);
  void tell_old_state(const core::ClientOrderId& newer);
  void wait_for_fills(trading::OurBooks& books, const trading::AccountReport& report);
  void wait_for_missing(std::vector<trading::Difference>& found);
  void tell(std::vector<trading::Difference> found);
  std::vector<trading::Difference> in_force() const;

  Parts parts_;
  Settings settings_;
  std::optional<core::Code> trouble_told_;     ///< That the kernel knows of; empty is none.
  core::Duration read_at_{};                   ///< When the account could be read last.
  bool is_first_ = true;                       ///< Nothing was compared yet.
  std::optional<core::Money> cash_of_others_;  ///< The broker's cash less ours, when last compared.
  /// What the last reading alone has said: filled more or less than we heard, and not listed. A
  /// word of the stream may have been on its way.
  std::map<core::ClientOrderId, core::Quantity> filled_there_;
  std::set<core::ClientOrderId> missing_;
  bool is_compared_ = false;  ///< Whether all could be, the last time.
  bool is_reading_ = false;
  std::optional<core::Duration> wanted_at_;  ///< When to look again, asked for during a reading.
  core::Duration asked_at_{};
  net::TaskId next_{};
};

}  // namespace st0ck::app
