#include "st0ck/adapters/sim/generated_market.hpp"

#include "st0ck/adapters/sim/generated_walk.hpp"
#include "st0ck/adapters/sim/simulated_sessions.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>

namespace st0ck::adapters::sim {

namespace {

constexpr core::Duration kMinute = std::chrono::minutes{1};
constexpr std::uint32_t kSessionsMax = 10'000;

/// Puts the minutes of a walk onto the sessions of the calendar.
class GeneratedBars final : public market::BarSource {
 public:
  GeneratedBars(const GeneratedMarketSettings& settings, std::vector<core::Session> sessions,
                const market::Instrument& instrument)
      : instrument_{instrument.id},
        sessions_{std::move(sessions)},
        walk_{settings, instrument.symbol.view()} {}

  core::Result<std::optional<market::Bar>> next() override {
    if (session_ == sessions_.size()) return std::optional<market::Bar>{};
    return std::optional<market::Bar>{next_bar()};
  }

  core::Result<std::span<const market::Bar>> next_several(std::span<market::Bar> scratch) override {
    std::size_t count = 0;
    while (count < scratch.size() && session_ < sessions_.size()) scratch[count++] = next_bar();
    return std::span<const market::Bar>{scratch.first(count)};
  }

 private:
  market::Bar next_bar() {
    const core::Session& session = sessions_[session_];
    const int minutes = static_cast<int>((session.close - session.open) / kMinute);
    if (minute_ == 0) walk_.begin_session(minutes);
    const GeneratedMinute made = walk_.next_minute();
    market::Bar bar;
    bar.instrument = instrument_;
    bar.start = session.open + minute_ * kMinute;
    bar.end = bar.start + kMinute;
    bar.open = made.open;
    bar.high = made.high;
    bar.low = made.low;
    bar.close = made.close;
    bar.volume = made.volume;
    if (++minute_ == minutes) {
      minute_ = 0;
      ++session_;
    }
    return bar;
  }

  core::InstrumentId instrument_;
  std::vector<core::Session> sessions_;
  GeneratedWalk walk_;
  std::size_t session_ = 0;
  int minute_ = 0;
};

template <typename Amount>
core::Status check(const char* key, Amount found, Amount low, Amount high) {
  if (low <= found && found <= high) return {};
  return core::fail(core::Errc::OutOfRange, "{}: found {}, allowed {} to {}", key,
                    found.to_string(), low.to_string(), high.to_string());
}

core::Status check_count(const char* key, std::uint32_t found, std::uint32_t low,
                         std::uint32_t high) {
  if (low <= found && found <= high) return {};
  return core::fail(core::Errc::OutOfRange, "{}: found {}, allowed {} to {}", key, found, low,
                    high);
}

}  // namespace

core::Status GeneratedMarketSettings::validate() const {
  const core::Status checks[] = {
      check_count("sessions", sessions, 1, kSessionsMax),
      check("start_price", start_price, core::Price::whole(1), core::Price::whole(100'000)),
      check("minute_volatility", minute_volatility, core::Rate{}, *core::parse_rate("0.01")),
      check("gap_volatility", gap_volatility, core::Rate{}, *core::parse_rate("0.1")),
      check("minute_volume", minute_volume, core::Volume{}, core::Volume::whole(1'000'000'000)),
      check_count("stormy_one_in", stormy_one_in, 1, kSessionsMax),
      check_count("quiet_one_in", quiet_one_in, 1, kSessionsMax),
  };
  for (const core::Status& status : checks)
    if (!status) return status;
  return {};
}

core::Result<GeneratedMarket> GeneratedMarket::create(const GeneratedMarketSettings& settings,
                                                      const core::ExchangeCalendar& calendar) {
  if (auto status = settings.validate(); !status) return tl::unexpected(status.error());
  auto sessions = first_sessions(settings.from, settings.sessions, calendar);
  if (!sessions) return tl::unexpected(sessions.error());
  return GeneratedMarket{settings, std::move(*sessions)};
}

std::unique_ptr<market::BarSource> GeneratedMarket::bars_of(
    const market::Instrument& instrument) const {
  return std::make_unique<GeneratedBars>(settings_, sessions_, instrument);
}

}  // namespace st0ck::adapters::sim
