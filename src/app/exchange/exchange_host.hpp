#pragma once

#include "src/app/exchange/exchange_market.hpp"
#include "src/app/exchange/faults/exchange_faults.hpp"
#include "src/app/exchange/gatekeeper.hpp"
#include "src/app/exchange/order_stream.hpp"
#include "src/app/exchange/scenario.hpp"
#include "src/app/exchange/trading_api.hpp"
#include "src/app/exchange/venue.hpp"
#include "src/app/exchange/world.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/market/null_event_sink.hpp"
#include "st0ck/net/http_server.hpp"
#include "st0ck/net/scheduler.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

struct ExchangeSettings {
  ExchangeMarketSettings market{};
  double speed = 1;
  std::vector<AccountSettings> accounts{AccountSettings{}};
  Scenario scenario{};
};

/// The market-data half: where events go after the orders have met them, and who answers requests
/// for them. What is empty is not there.
struct DataHalf {
  market::EventSink* record = nullptr;
  std::function<bool(const net::ServerRequest&)> handles{};
  std::function<net::ServerResponse(const net::ServerRequest&)> answer{};
  std::function<bool(const net::ServerRequest&)> handles_upgrade{};
  std::function<void(const net::ServerRequest&, net::WebSocketUpgrade)> upgrade{};
};

/// The exchange without its sockets: a market that goes on with a scheduler's time, accounts, and
/// answers to requests. One thread.
class ExchangeHost {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    const core::Clock& wall;  ///< The machine's time of day.
    core::ExchangeCalendar calendar = core::ExchangeCalendar::xnys();
    FaultLog on_fault{};  ///< Hears of each fault of the scenario, in a line.
  };

  /// Makes the data half, once market and clock are known; both outlive it.
  using DataMaker = std::function<core::Result<DataHalf>(ExchangeHost& host)>;

  /// Opens the market and plays its history. Fails with what is wrong with the settings or the
  /// tape.
  static core::Result<std::unique_ptr<ExchangeHost>> open(const ExchangeSettings& settings,
                                                          const Parts& parts,
                                                          const DataMaker& make_data = {});
  ~ExchangeHost();
  ExchangeHost(const ExchangeHost&) = delete;
  ExchangeHost& operator=(const ExchangeHost&) = delete;

  /// Lets the market go on.
  void run() {
    world_->run();
    faults_->run();
  }

  /// Who has sockets hears of restarts: to cut them, and to listen again after `down`.
  void when_restarted(ExchangeFaults::OnRestart cut) { on_restart_ = std::move(cut); }

  /// Whether a restart is under way: nobody can connect.
  bool is_down() const { return faults_->is_down(); }

  void on_request(const net::ServerRequest& request, net::Responder respond);
  void on_upgrade(const net::ServerRequest& request, net::WebSocketUpgrade upgrade);

  /// How what never came to be a request is refused: the server's status in the interface's form.
  net::ServerResponse refuse(int status, std::string_view why);

  World& world() { return *world_; }
  Venue& venue() { return *venue_; }
  const core::Clock& clock() const { return clock_; }
  const core::ExchangeCalendar& calendar() const { return parts_.calendar; }
  const ExchangeMarket& market() const { return market_; }

  /// The tape that the world plays instead of the market's own, as by a record that marks its
  /// place in it; from within `make_data` only.
  void play(std::unique_ptr<market::TickSource> tape) { tape_ = std::move(tape); }

 private:
  ExchangeHost(const ExchangeSettings& settings, const Parts& parts, ExchangeMarket market);
  core::Status start(const ExchangeSettings& settings, const DataMaker& make_data);
  void answer(const net::ServerRequest& request, net::Responder respond);

  Parts parts_;
  kernel::SimulatedClock clock_;
  ExchangeMarket market_;
  std::unique_ptr<market::TickSource> tape_;
  market::NullEventSink no_record_;  ///< Where events go while nobody records them.
  ExchangeFaults::OnRestart on_restart_;
  std::unique_ptr<ExchangeFaults> faults_;
  std::unique_ptr<Venue> venue_;
  DataHalf data_;
  std::unique_ptr<World> world_;
  std::unique_ptr<Gatekeeper> gatekeeper_;
  std::unique_ptr<TradingApi> trading_;
  std::unique_ptr<OrderStream> orders_;
};

}  // namespace st0ck::app::exchange
