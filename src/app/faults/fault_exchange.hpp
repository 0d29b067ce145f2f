#pragma once

#include "src/app/exchange/data_side.hpp"
#include "src/app/exchange/exchange_host.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/net/scheduler.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace st0ck::app::faults {

/// Names and keys of the account that is traded.
inline constexpr std::string_view kKey = "test";

/// How the market of a fault day is made: thin, so that thousands of days can be had.
struct FaultMarket {
  std::uint64_t seed = 1;
  std::uint32_t symbols = 2;
  std::uint32_t events_per_minute = 20;               ///< Of each symbol.
  core::TimeOfDay begins{std::chrono::minutes{570}};  ///< New York's, of 2025-06-02.
};

/// What is traded in it.
std::vector<core::Symbol> symbols_of(const FaultMarket& market);

/// An exchange in memory with both its halves.
class FaultExchange {
 public:
  /// All outlives it. Errors are those of ExchangeHost::open.
  static core::Result<std::unique_ptr<FaultExchange>> open(const FaultMarket& market,
                                                           const exchange::Scenario& scenario,
                                                           net::Scheduler& scheduler,
                                                           exchange::FaultLog on_fault);

  exchange::ExchangeHost& host() { return *host_; }
  exchange::Account& account() { return *host_->venue().find(kKey, kKey); }

 private:
  explicit FaultExchange(net::Scheduler& scheduler) : wall_{scheduler} {}

  /// The time of day, which goes as fast as the exchange's own.
  class Wall final : public core::Clock {
   public:
    explicit Wall(const net::Scheduler& scheduler) : scheduler_{scheduler} {}
    void begin_at(core::Timestamp begin) { begin_ = begin; }
    core::Timestamp now() const override { return begin_ + scheduler_.elapsed(); }

   private:
    const net::Scheduler& scheduler_;
    core::Timestamp begin_{};
  };

  Wall wall_;
  std::unique_ptr<exchange::DataSide> data_;  ///< Goes after the host, which feeds it.
  std::unique_ptr<exchange::ExchangeHost> host_;
};

}  // namespace st0ck::app::faults
