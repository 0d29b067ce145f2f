#pragma once

#include "st0ck/adapters/sim/generated/tape_settings.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/time_of_day.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/tick_source.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace st0ck::app::exchange {

/// What is traded at the exchange, and when its day begins.
struct ExchangeMarketSettings {
  std::uint64_t seed = 1;
  /// A folder of one-minute bars, as `market.path` of the daemon; absent for the generated market.
  std::optional<std::filesystem::path> recorded{};
  /// Symbols of the generated market and how much happens with them; absent is the usual ones. Its
  /// seed, its first day and its sessions are those given here.
  std::optional<adapters::sim::generated::TapeSettings> generated{};
  /// The session that it begins in; absent is 2025-06-02, and of a recorded market its last one.
  std::optional<core::Date> date{};
  core::TimeOfDay at{std::chrono::minutes{570}};  ///< New York time at which it begins.
  std::uint32_t sessions_before = 60;             ///< History.
  std::uint32_t sessions_after = 250;             ///< That may follow the first.
};

struct ExchangeMarket {
  using TapeOpener = std::function<core::Result<std::unique_ptr<market::TickSource>>()>;

  std::unique_ptr<market::InstrumentTable> instruments;
  core::Timestamp start;  ///< Where the clock begins.
  /// The tape from its first session of history on, the same at each call.
  TapeOpener open_tape;
  /// What the tape is made by; absent of a recorded market.
  std::optional<adapters::sim::generated::TapeSettings> made_up{};
};

/// Finds out what is traded and when. The generated one has SPY, QQQ, AAPL, MSFT and four more; the
/// same seed and date give the same market. Fails with what is wrong with path, bars or date.
core::Result<ExchangeMarket> open_exchange_market(const ExchangeMarketSettings& settings,
                                                  const core::ExchangeCalendar& calendar);

/// The exchange that lists a symbol, in the words of the interface; NASDAQ for those not made here.
std::string_view listing_exchange_of(std::string_view symbol);

}  // namespace st0ck::app::exchange
