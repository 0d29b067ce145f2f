#include "src/app/faults/exchange_link.hpp"

#include "src/app/faults/exchange_link_ends.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app::faults {

ExchangeLink::ExchangeLink(net::Scheduler& scheduler, exchange::ExchangeHost& host,
                           const Settings& settings, LinkLog log)
    : scheduler_{scheduler},
      host_{host},
      settings_{settings},
      log_{std::move(log)},
      random_{settings.seed} {
  host_.when_restarted([this](core::Duration) { cut_all(); });
}

ExchangeLink::~ExchangeLink() { host_.when_restarted({}); }

core::Duration ExchangeLink::latency() {
  const auto span = static_cast<std::uint64_t>(
      std::max<std::int64_t>((settings_.latency_max - settings_.latency_min).count(), 1));
  return settings_.latency_min + core::Duration{static_cast<std::int64_t>(random_() % span)};
}

/// The exchange restarts: no connection outlives it, whatever was on its way.
void ExchangeLink::cut_all() {
  ++cuts_;
  note(LinkEvent::Broken, "every connection: the exchange restarts");
  for (const auto& call : std::exchange(open_, {})) {
    const auto end = call->end;
    if (!end) continue;
    call->end = nullptr;
    scheduler_.call_after(
        {}, [end, cut = link_failure(net::HttpFailureKind::NoAnswer, call->request,
                                     "cut without an answer")] { end(tl::unexpected(cut)); });
  }
  for (const auto& weak : std::exchange(sockets_, {})) {
    const auto end = weak.lock();
    if (!end || end->is_over) continue;
    end->peer.drop("cut by a restart");
    scheduler_.call_after({}, [weak] {
      if (const auto open = weak.lock()) open->tell_closed(net::WebSocketEnd::Lost, 0);
    });
  }
}

}  // namespace st0ck::app::faults
