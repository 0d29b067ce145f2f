#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/time_of_day.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/tick_source.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace st0ck::app::exchange {

/// What is traded at the exchange, and when its day begins.
struct ExchangeMarketSettings {
  std::uint64_t seed = 1;
  /// A folder of one-minute bars, as `market.path` of the daemon; absent for the generated market.
  std::optional<std::filesystem::path> recorded{};
  /// The session that it begins in; absent is 2025-06-02, and of a recorded market its last one.
  std::optional<core::Date> date{};
  core::TimeOfDay at{std::chrono::minutes{570}};  ///< New York time at which it begins.
  std::uint32_t sessions_before = 60;             ///< History.
  std::uint32_t sessions_after = 250;             ///< That may follow the first.
};

struct ExchangeMarket {
  std::unique_ptr<market::InstrumentTable> instruments;
  std::unique_ptr<market::TickSource> ticks;
  core::Timestamp start;  ///< Where the clock begins.
};

/// Opens the tape. The generated one has SPY, QQQ, AAPL, MSFT and four more; the same seed and date
/// give the same market. Fails with what is wrong with path, bars or date.
core::Result<ExchangeMarket> open_exchange_market(const ExchangeMarketSettings& settings,
                                                  const core::ExchangeCalendar& calendar);

}  // namespace st0ck::app::exchange
