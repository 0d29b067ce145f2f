#include "src/app/exchange/exchange_host.hpp"

#include "src/app/exchange/api.hpp"
#include "src/app/exchange/faults/fault_symbols.hpp"
#include "src/app/exchange/faults/halted_tape.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace st0ck::app::exchange {

core::Result<std::unique_ptr<ExchangeHost>> ExchangeHost::open(const ExchangeSettings& settings,
                                                               const Parts& parts,
                                                               const DataMaker& make_data) {
  auto market = open_exchange_market(settings.market, parts.calendar);
  if (!market) return tl::unexpected(market.error());
  if (auto known = check_symbols(settings.scenario.faults, *market->instruments); !known)
    return tl::unexpected(known.error());
  std::unique_ptr<ExchangeHost> host{new ExchangeHost{settings, parts, std::move(*market)}};
  if (auto status = host->start(settings, make_data); !status)
    return tl::unexpected(status.error());
  return host;
}

ExchangeHost::ExchangeHost(const ExchangeSettings& settings, const Parts& parts,
                           ExchangeMarket market)
    : parts_{parts},
      market_{std::move(market)},
      faults_{std::make_unique<ExchangeFaults>(settings.scenario, parts_.scheduler, clock_,
                                               parts_.on_fault,
                                               [this](core::Duration down) {
                                                 if (on_restart_) on_restart_(down);
                                               })},
      venue_{std::make_unique<Venue>(
          Venue::Parts{parts_.scheduler, clock_, *market_.instruments, parts_.calendar, *faults_},
          settings.accounts)} {}

ExchangeHost::~ExchangeHost() = default;

core::Status ExchangeHost::start(const ExchangeSettings& settings, const DataMaker& make_data) {
  if (make_data) {
    auto data = make_data(*this);
    if (!data) return tl::unexpected(data.error());
    data_ = std::move(*data);
  }
  if (!tape_) {
    auto tape = market_.open_tape();
    if (!tape) return tl::unexpected(tape.error());
    tape_ = std::move(*tape);
  }
  if (faults_->plan().has(FaultKind::Halt))
    tape_ = std::make_unique<HaltedTape>(
        std::move(tape_),
        HaltedTape::Parts{faults_->plan().rules(), faults_->plan().seed(), *market_.instruments,
                          market_.start, [this](core::Timestamp time, std::string line) {
                            faults_->note_at(time, std::move(line));
                          }});
  WorldSettings timing;
  timing.around_midnight = settings.scenario.around_midnight;
  timing.start = market_.start;
  timing.speed = settings.speed;
  market::EventSink& record = data_.record ? *data_.record : no_record_;
  auto world = World::open(std::move(tape_), parts_.calendar, timing,
                           {parts_.scheduler, clock_, *market_.instruments, *venue_, record});
  if (!world) return tl::unexpected(world.error());
  world_ = std::move(*world);
  gatekeeper_ =
      std::make_unique<Gatekeeper>(*venue_, parts_.scheduler, settings.scenario, parts_.wall);
  trading_ = std::make_unique<TradingApi>(*venue_);
  orders_ = std::make_unique<OrderStream>(*venue_, [this] { world_->catch_up(); });
  return {};
}

void ExchangeHost::on_request(const net::ServerRequest& request, net::Responder respond) {
  world_->catch_up();
  const bool is_data = data_.handles && data_.handles(request);
  faults_->on_request(fault_point_of(request, is_data), request, std::move(respond),
                      [this](const net::ServerRequest& passed, net::Responder answering) {
                        answer(passed, std::move(answering));
                      });
}

/// Market data have their own limits; all else passes the gate.
void ExchangeHost::answer(const net::ServerRequest& request, net::Responder respond) {
  world_->catch_up();
  if (data_.handles && data_.handles(request))
    return gatekeeper_->delayed(std::move(respond))(data_.answer(request));
  const auto passed = gatekeeper_->admit(request, std::move(respond));
  if (!passed) return;
  if (!trading_->handles(request))
    return passed->respond(
        error_answer(alpaca::api_code::kNotFound, "endpoint not found: " + request.target.path));
  passed->respond(trading_->answer(request, passed->account));
}

void ExchangeHost::on_upgrade(const net::ServerRequest& request, net::WebSocketUpgrade upgrade) {
  world_->catch_up();
  const bool is_orders = orders_->handles(request);
  const bool is_data = !is_orders && data_.handles_upgrade && data_.handles_upgrade(request);
  if (is_orders || is_data) {
    const auto passed = faults_->on_upgrade(is_data, request, upgrade);
    if (!passed) return;
    return is_data ? data_.upgrade(request, *passed) : orders_->upgrade(request, *passed);
  }
  upgrade.refuse(
      error_answer(alpaca::api_code::kNotFound, "no such stream: " + request.target.path));
}

net::ServerResponse ExchangeHost::refuse(int status, std::string_view why) {
  // As all codes: the status, then five digits.
  constexpr std::uint64_t kStatusUnit = 100'000;
  constexpr std::uint64_t kGeneral = 10'000;
  net::ServerResponse response =
      error_answer(static_cast<std::uint64_t>(status) * kStatusUnit + kGeneral, std::string{why});
  response.headers.push_back({"X-Request-ID", gatekeeper_->next_request_id()});
  return response;
}

}  // namespace st0ck::app::exchange
