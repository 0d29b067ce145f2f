#pragma once

#include "src/app/configuration.hpp"
#include "src/app/drill_clock.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/corporate_action_source.hpp"
#include "st0ck/market/stream_source.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/trading/remote_broker.hpp"
#include "st0ck/trading/trading_terms.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace st0ck::app {

class SlowOperations;

/// What a live run gives the parts that a provider brings; all of it outlives them.
struct LiveSurroundings {
  boost::asio::io_context& io;
  net::Scheduler& scheduler;
  const core::Clock& clock;
  const market::InstrumentTable& instruments;
  trading::OrderUpdateSink& updates;
  core::Logger log;
  SlowOperations* slow = nullptr;  ///< Where calls that took long are told; may be null.
};

/// The parts that a provider brings.
struct LiveParts {
  std::shared_ptr<void> owner{};  ///< Of what the parts stand on; goes last.
  std::unique_ptr<market::StreamSource> stream{};
  std::unique_ptr<trading::RemoteBroker> broker{};  ///< Null where orders are simulated.
  /// On which terms the broker trades; null where it is not asked.
  std::unique_ptr<trading::TermsSource> terms{};
  /// Announcements of splits and dividends; null where none are read.
  std::unique_ptr<market::CorporateActionSource> corporate_actions{};
  /// What its market's clock shows; null where the broker tells the time.
  TimeSource time{};
  /// Adds the provider's own figures to an object: caches, pools, limits, endpoints, feed. May be
  /// empty.
  std::function<void(nlohmann::ordered_json& metrics)> add_metrics{};
};

using LivePartsFactory =
    std::function<core::Result<LiveParts>(const Configuration&, const LiveSurroundings&)>;

}  // namespace st0ck::app
