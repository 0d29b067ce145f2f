#pragma once

#include "src/app/exchange/data_access.hpp"
#include "src/app/exchange/history_request.hpp"
#include "src/app/exchange/market_record.hpp"
#include "src/app/exchange/request_limit.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/net/http_server.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace st0ck::app::exchange {

struct DataApiSettings {
  DataPlan plan = DataPlan::Plus;
  std::uint32_t requests_per_minute = 10'000;  ///< Of a key; 429 above.
};

/// Market data by REST, as Alpaca's data host gives them (docs/exchange-data.md).
class DataApi {
 public:
  /// They outlive this. `clock` tells the exchange's time, `wall` the machine's.
  struct Parts {
    const MarketRecord& record;
    const DataKeys& keys;
    const core::Clock& clock;
    const core::Clock& wall;
    const net::Scheduler& scheduler;
  };

  DataApi(const Parts& parts, const DataApiSettings& settings = {});

  /// Whether the path belongs to the data host.
  bool handles(const net::ServerRequest& request) const;

  net::ServerResponse answer(const net::ServerRequest& request);

 private:
  net::ServerResponse answer_allowed(const net::RequestTarget& target) const;

  Parts parts_;
  DataPlan plan_;
  RequestLimit limit_;
  std::uint64_t requests_ = 0;
};

}  // namespace st0ck::app::exchange
