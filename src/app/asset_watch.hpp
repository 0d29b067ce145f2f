#pragma once

#include "src/app/entry_gate.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/trading/trading_terms.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace st0ck::app {

/// Asks the broker on which terms it trades our stocks: before trading begins, and on each
/// session's day before the pre-market and at its Prepare phase. The gate learns what it says.
///
/// A new run ends at its start where the broker does not trade a stock of ours. A run that goes on
/// does not, as it may have positions to look after: entries in that stock are refused. What could
/// not be read is no reason to keep exits waiting either: the run begins, entries in those stocks
/// are refused (`ASSET_UNKNOWN`), and they are asked for again with growing pauses. What was known
/// before stays known while a later reading fails.
///
/// A source of the loop for its times; it tells the kernel nothing. Options are not asked for.
class AssetWatch final : public market::DataSource {
 public:
  struct Settings {
    core::Duration start_wait = std::chrono::seconds{5};  ///< For the first reading.
    core::Duration retry_pause_first = std::chrono::seconds{5};
    core::Duration retry_pause_max = std::chrono::minutes{5};
    int requests_at_a_time = 4;
  };
  struct Parts {
    trading::TermsSource& source;
    EntryGate& gate;
    const market::InstrumentTable& instruments;
    const core::Clock& clock;
    net::Scheduler& scheduler;
    core::Logger log;
  };
  using Begun = std::function<void(core::Status)>;

  /// All outlives the watch.
  explicit AssetWatch(const Parts& parts) : AssetWatch{parts, Settings{}} {}
  AssetWatch(const Parts& parts, const Settings& settings) : parts_{parts}, settings_{settings} {}
  ~AssetWatch() override;
  AssetWatch(const AssetWatch&) = delete;
  AssetWatch& operator=(const AssetWatch&) = delete;

  /// Reads for the first time; `begun` is called once, never inside this call, with what ends the
  /// start: Errc::Broker, naming each stock of a new run that is not traded, and why.
  void begin(bool is_new_run, Begun begun);

  /// When it asks again; nothing before it has begun.
  std::optional<core::Timestamp> next_time() const override { return next_time_; }
  core::Status step(market::EventSink& sink) override;

 private:
  void read();
  void ask_next();
  void on_terms(core::InstrumentId instrument, const core::Result<trading::TradingTerms>& terms);
  void learn(core::InstrumentId instrument, const trading::TradingTerms& terms);
  void tell_change(core::InstrumentId instrument, const trading::TradingTerms* before,
                   const trading::TradingTerms& now);
  void end_reading();
  void end_start();
  core::Status verdict() const;

  Parts parts_;
  Settings settings_;
  Begun begun_;  ///< While the start waits.
  bool is_new_run_ = false;
  std::map<core::InstrumentId, trading::TradingTerms> terms_;
  std::vector<core::InstrumentId> wanted_;  ///< To be asked for in this reading, from the back.
  int under_way_ = 0;
  std::optional<core::Error> failure_;  ///< Of this reading.
  core::Duration pause_{};
  std::optional<core::Timestamp> next_time_;
  net::TaskId next_{};
  net::TaskId start_deadline_{};
  net::CallbackGuard guard_;
};

}  // namespace st0ck::app
