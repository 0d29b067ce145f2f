#pragma once

#include "src/app/exchange/faults/fault_parts.hpp"
#include "src/app/exchange/faults/order_faults.hpp"
#include "src/app/exchange/faults/request_faults.hpp"
#include "src/app/exchange/faults/stream_faults.hpp"
#include "src/app/exchange/scenario.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace st0ck::app::exchange {

/// All faults of a scenario, as an exchange meets them. Needs no sockets: what is to be done to a
/// connection is said in answers (ServerDelivery) and by its WebSocketConnection.
class ExchangeFaults final : public OrderFaults {
 public:
  /// That everybody is cut off and nobody can connect for so long, by the scheduler.
  using OnRestart = std::function<void(core::Duration down)>;

  /// All outlives it.
  ExchangeFaults(const Scenario& scenario, net::Scheduler& scheduler, const core::Clock& clock,
                 FaultLog log, OnRestart on_restart);
  ~ExchangeFaults() override;

  /// Lets time-bound faults come from now on.
  void run();

  void on_request(FaultPoint point, const net::ServerRequest& request, net::Responder respond,
                  RequestFaults::Act act) {
    requests_.handle(point, request, std::move(respond), std::move(act));
  }

  /// The upgrade as a stream may take it; nothing where it was answered.
  std::optional<net::WebSocketUpgrade> on_upgrade(bool is_data, const net::ServerRequest& request,
                                                  const net::WebSocketUpgrade& upgrade);

  const FaultPlan& plan() const { return plan_; }

  /// Logs a line once it is that time; the lines come in the order of their times.
  void note_at(core::Timestamp time, std::string line) {
    notes_.emplace_back(time, std::move(line));
  }

  /// Whether it restarts: nobody can connect.
  bool is_down() const { return scheduler_.elapsed() < down_until_; }

  bool refuses_entry(std::string_view id) override;
  bool refuses_cancel(std::string_view id) override;
  bool refuses_replace(std::string_view id) override;
  std::optional<FillPieces> pieces_of(const core::Symbol& symbol) const override;
  core::Duration clock_offset() const override;

 private:
  void look_later();
  void look();

  FaultPlan plan_;
  net::Scheduler& scheduler_;
  const core::Clock& clock_;
  FaultLog log_;
  OnRestart on_restart_;
  FaultParts parts_;
  RequestFaults requests_;
  StreamFaults streams_;
  core::Timestamp looked_{};
  core::Duration told_offset_{};
  std::deque<std::pair<core::Timestamp, std::string>> notes_;
  core::Duration down_until_ = core::Duration::min();
  net::TaskId look_task_{};
};

}  // namespace st0ck::app::exchange
