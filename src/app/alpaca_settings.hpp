#pragma once

#include "st0ck/adapters/alpaca/request_limits.hpp"
#include "st0ck/core/settings.hpp"
#include "st0ck/core/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace st0ck::app {

/// Which of Alpaca's stock feeds is subscribed to.
enum class AlpacaFeedChoice : std::uint8_t { Iex, Sip, DelayedSip, Test };

/// The market of Alpaca's data streams.
struct AlpacaMarketSettings {
  AlpacaFeedChoice feed = AlpacaFeedChoice::Iex;
  bool uses_msgpack = true;
  std::string data_url;
  std::string stream_url;
  core::Duration stale_after = std::chrono::seconds{5};
  alpaca::DataRequestLimits request_limits;
};

/// Alpaca as a broker.
struct AlpacaBrokerSettings {
  std::string url;  ///< Empty is the mode's own host.
  core::Duration order_timeout = std::chrono::seconds{2};
  core::Duration poll_every = std::chrono::seconds{60};
  alpaca::TradingRequestLimits request_limits;
};

/// What connections to any provider share.
struct NetSettings {
  std::optional<std::filesystem::path> ca_file;
};

core::Schema<AlpacaMarketSettings> alpaca_market_schema();
core::Schema<AlpacaBrokerSettings> alpaca_broker_schema();

/// Limits of requests, beside the other keys of their sections. Those for data default to what the
/// plan allows that goes with the feed.
core::Schema<alpaca::DataRequestLimits> data_request_limits_schema(AlpacaFeedChoice feed);
core::Schema<alpaca::TradingRequestLimits> trading_request_limits_schema();
core::Schema<NetSettings> net_schema();

/// Whether an address is this machine's own: `127.0.0.1`, `localhost` or `[::1]`.
bool is_loopback(const std::string& url);

}  // namespace st0ck::app
