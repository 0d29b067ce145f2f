#pragma once

#include "src/app/configuration.hpp"
#include "src/app/faults/schedule.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace st0ck::app::faults {

/// The bots of a fault day.
inline constexpr std::string_view kBots[] = {"ann", "bob"};

/// The most that one bot may hold of one instrument, long or short.
inline constexpr std::int64_t kPositionMax = 50;

/// Entries of one bot within a minute, and the oldest quote that one may look at: the thin market
/// has quotes seconds apart.
inline constexpr std::uint32_t kEntriesPerMinute = 12;
inline constexpr core::Duration kQuoteAge = std::chrono::seconds{10};

/// What a trader of that day is configured with: two bots that share symbols, limits that bind
/// now and then, Alpaca as market and broker. The same each time, so that a journal fits.
Configuration configuration_of(const Schedule& schedule, core::Timestamp begin);

}  // namespace st0ck::app::faults
