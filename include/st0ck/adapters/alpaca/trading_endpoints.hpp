#pragma once

#include <string>

namespace st0ck::alpaca {

/// Where the trading interface is: REST below `rest`, the order stream at `stream`. Both can be
/// set, so that they may point at a simulated exchange.
struct TradingEndpoints {
  std::string rest = "https://paper-api.alpaca.markets";  ///< Without a slash at its end.
  std::string stream = "wss://paper-api.alpaca.markets/stream";

  static TradingEndpoints paper() { return {}; }
  static TradingEndpoints live() {
    return {"https://api.alpaca.markets", "wss://api.alpaca.markets/stream"};
  }
};

}  // namespace st0ck::alpaca
