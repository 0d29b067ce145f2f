#pragma once

#include "src/app/exchange/data_api.hpp"
#include "src/app/exchange/data_streams.hpp"
#include "src/app/exchange/exchange_host.hpp"
#include "src/app/exchange/history.hpp"
#include "src/app/exchange/market_record.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/result.hpp"

#include <functional>
#include <memory>

namespace st0ck::app::exchange {

/// The market-data half of an exchange, put together: what its market has said, and who answers for
/// it by REST and stream. It is made from within ExchangeHost::open, stands on the host's clock and
/// instruments, and is destroyed after the host, which feeds it.
class DataSide {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    const core::Clock& wall;
    /// Told with the number of sessions of history after each one.
    std::function<void(std::size_t sessions)> on_progress = [](std::size_t) {};
  };

  /// Gives the host the tape to play. Errors are the tape's.
  static core::Result<std::unique_ptr<DataSide>> open(const ExchangeSettings& settings,
                                                      ExchangeHost& host, const Parts& parts);

  /// What the host asks of it.
  DataHalf half();

 private:
  DataSide(const ExchangeSettings& settings, ExchangeHost& host, const Parts& parts,
           std::unique_ptr<History> history);

  std::unique_ptr<History> history_;
  MarketRecord record_;
  DataKeys keys_;
  DataApi api_;
  DataStreams streams_;
};

}  // namespace st0ck::app::exchange
