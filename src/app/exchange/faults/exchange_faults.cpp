#include "src/app/exchange/faults/exchange_faults.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace st0ck::app::exchange {

namespace {

/// How exactly faults keep their times, by the scheduler.
constexpr core::Duration kLookPause = std::chrono::milliseconds{20};

}  // namespace

ExchangeFaults::ExchangeFaults(const Scenario& scenario, net::Scheduler& scheduler,
                               const core::Clock& clock, FaultLog log, OnRestart on_restart)
    : plan_{scenario.faults, static_cast<std::uint64_t>(scenario.seed)},
      scheduler_{scheduler},
      clock_{clock},
      log_{std::move(log)},
      on_restart_{std::move(on_restart)},
      parts_{plan_, scheduler, clock, log_},
      requests_{parts_},
      streams_{parts_} {}

ExchangeFaults::~ExchangeFaults() { scheduler_.cancel(look_task_); }

void ExchangeFaults::run() {
  looked_ = clock_.now();
  told_offset_ = {};
  if (plan_.has_times()) look_later();
}

void ExchangeFaults::look_later() {
  look_task_ = scheduler_.call_after(kLookPause, [this] {
    look();
    look_later();
  });
}

void ExchangeFaults::look() {
  const core::Timestamp before = std::exchange(looked_, clock_.now());
  if (const FaultRule* restart = plan_.restart(before, looked_)) {
    if (log_)
      log_(fault_note(looked_, *restart,
                      fmt::format("down for {} ms", restart->down / std::chrono::milliseconds{1})));
    down_until_ = scheduler_.elapsed() + restart->down;
    if (on_restart_) on_restart_(restart->down);
  }
  for (; !notes_.empty() && notes_.front().first <= looked_; notes_.pop_front())
    if (log_) log_(notes_.front().second);
  streams_.look(before, looked_);
  const core::Duration offset = clock_offset();
  if (offset == std::exchange(told_offset_, offset)) return;
  for (const FaultRule& rule : plan_.rules())
    if (rule.kind == FaultKind::Clock && log_)
      return log_(fault_note(
          looked_, rule, fmt::format("now {} ms ahead", offset / std::chrono::milliseconds{1})));
}

std::optional<net::WebSocketUpgrade> ExchangeFaults::on_upgrade(
    bool is_data, const net::ServerRequest& request, const net::WebSocketUpgrade& upgrade) {
  const FaultPoint connect =
      is_data ? FaultPoint::MarketDataConnect : FaultPoint::TradeUpdatesConnect;
  if (auto refused = requests_.refusal(connect, request)) {
    upgrade.refuse(std::move(*refused));
    return std::nullopt;
  }
  return streams_.wrap(is_data ? FaultPoint::MarketData : FaultPoint::TradeUpdates, request,
                       upgrade);
}

bool ExchangeFaults::refuses_entry(std::string_view id) {
  return static_cast<bool>(parts_.judge(FaultPoint::EnteredOrder, id));
}

bool ExchangeFaults::refuses_cancel(std::string_view id) {
  return static_cast<bool>(parts_.judge(FaultPoint::CancelledOrder, id));
}

bool ExchangeFaults::refuses_replace(std::string_view id) {
  return static_cast<bool>(parts_.judge(FaultPoint::ReplacedOrder, id));
}

std::optional<FillPieces> ExchangeFaults::pieces_of(const core::Symbol& symbol) const {
  const FaultRule* rule = plan_.pieces_of(symbol, clock_.now());
  if (rule == nullptr) return std::nullopt;
  if (log_) log_(fault_note(clock_.now(), *rule, symbol.view()));
  return FillPieces{rule->shares, rule->pause};
}

core::Duration ExchangeFaults::clock_offset() const { return plan_.clock_offset(clock_.now()); }

}  // namespace st0ck::app::exchange
