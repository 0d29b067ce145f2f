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

#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace st0ck::app {

/// What a live run gives the parts that a provider brings; all of it outlives them.
struct LiveSurroundings {
  boost::asio::io_context& io;
  net::Scheduler& scheduler;
  const core::Clock& clock;
  const market::InstrumentTable& instruments;
  trading::OrderUpdateSink& updates;
  core::Logger log;
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
  /// The provider's own figures, as a JSON object; may be empty.
  std::function<std::string()> metrics{};
};

using LivePartsFactory =
    std::function<core::Result<LiveParts>(const Configuration&, const LiveSurroundings&)>;

}  // namespace st0ck::app
