#pragma once

#include "src/app/alpaca_settings.hpp"
#include "st0ck/adapters/sim/matching_settings.hpp"
#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/core/byte_size.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "st0ck/trading/account_limits.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/risk_limits.hpp"

#include <cstdint>
#include <string_view>

namespace st0ck::app {

struct AccountSettings {
  core::AccountId name;
  core::Money cash;
};

enum class BrokerKind : std::uint8_t { Sim, Alpaca };

struct BrokerSettings {
  BrokerKind kind = BrokerKind::Sim;
  core::Rate borrow_rate{};  ///< Of every stock; yearly, as a part of the value that is short.
  adapters::sim::MatchingSettings matching;  ///< Of the simulator.
  adapters::sim::LineSettings line;
  AlpacaBrokerSettings alpaca;  ///< Read where `kind` says so.
};

struct JournalConfiguration {
  bool enabled = true;
  core::ByteSize segment_size = core::mebibytes(64);
  bool durable = true;
  core::Duration intent_wait_max = std::chrono::milliseconds{50};
};

struct StorageSettings {
  bool enabled = true;
  core::ByteSize queue_size = core::mebibytes(4);
  std::int64_t batch_rows = 1000;
  core::Duration batch_age = std::chrono::seconds{1};
  storage::Synchronous synchronous = storage::Synchronous::Normal;
};

/// The core thread of a live run.
struct LoopSettings {
  bool spins = false;
};

/// Whose clock a live run goes by.
enum class ClockSource : std::uint8_t {
  Machine,
  // For drills: a simulated exchange has a time of its own.
  Broker,  ///< Where orders go to it.
  Market,  ///< Where orders are simulated here, on its market.
};

struct ClockSettings {
  ClockSource source = ClockSource::Machine;
  double speed = 1;  ///< Of the exchange's clock, in its seconds per real one.

  bool is_drill() const { return source != ClockSource::Machine; }
};

core::Schema<AccountSettings> account_schema();
core::Schema<LoopSettings> loop_schema();
core::Schema<ClockSettings> clock_schema();
core::Schema<JournalConfiguration> journal_schema();
core::Schema<StorageSettings> storage_schema();

/// Schemas of the section `broker`; together they make up its keys.
core::Schema<BrokerSettings> broker_schema();
core::Schema<adapters::sim::MatchingSettings> matching_schema();
core::Schema<adapters::sim::LineSettings> line_schema();

/// What the chosen broker does by itself; a replay, which has none, needs it as well.
trading::BrokerAbilities abilities_of(const BrokerSettings& settings);

/// The section `broker.pace`.
core::Schema<trading::PaceLimits> pace_schema();

/// The limits of the section `risk` that are the account's own.
core::Schema<trading::LossRateLimits> loss_rate_schema();
core::Schema<trading::AccountLimits> protection_schema();

/// The limits of a bot, with the defaults of its engine; and those that hold for every bot.
core::Schema<trading::RiskLimits> risk_schema(const trading::RiskLimits& defaults);

/// The limits of the section `risk`: so wide that they bind only where they are set.
trading::RiskLimits risk_ceiling_defaults();

/// Of each limit the stricter one.
trading::RiskLimits stricter(const trading::RiskLimits& a, const trading::RiskLimits& b);

}  // namespace st0ck::app
