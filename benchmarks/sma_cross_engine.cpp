#include "benchmarks/sma_cross_engine.hpp"

namespace st0ck::benchmarks {

namespace {

constexpr core::Quantity kQuantity = core::Quantity::whole(10);
constexpr core::Rate kTarget = core::Rate::from_raw(1'010'000'000);
constexpr core::Rate kStop = core::Rate::from_raw(990'000'000);

trading::OrderRequest request_of(core::InstrumentId instrument, trading::Side side,
                                 trading::OrderType type, std::string_view reason) {
  trading::OrderRequest request;
  request.instrument = instrument;
  request.side = side;
  request.type = type;
  request.time_in_force = trading::TimeInForce::Gtc;
  request.purpose = side == trading::Side::Buy ? trading::Purpose::Entry : trading::Purpose::Exit;
  request.terms.quantity = kQuantity;
  request.reason = core::Code{reason};
  return request;
}

}  // namespace

std::vector<market::DataNeed> SmaCrossEngine::needs() const {
  return {{instrument_, market::DataKind::Bars, std::chrono::minutes{1}}};
}

void SmaCrossEngine::on_bar(kernel::EngineContext& context, const market::Bar& bar) {
  fast_.add(bar.close);
  slow_.add(bar.close);
  if (crosses_up() && is_flat_) buy(context, bar.close);
}

/// SMA10 - SMA30 > 0 now, and its last value other than zero was below.
bool SmaCrossEngine::crosses_up() {
  if (!slow_.is_full()) return false;
  const std::int64_t difference = 3 * fast_.sum() - slow_.sum();
  if (difference == 0) return false;
  const int sign = difference > 0 ? 1 : -1;
  const bool crossed = sign > 0 && last_sign_ < 0;
  last_sign_ = sign;
  return crossed;
}

void SmaCrossEngine::buy(kernel::EngineContext& context, core::Price close) {
  const core::Price tick = context.instrument(instrument_).tick;
  target_ = core::scaled_to_tick(close, kTarget, tick, core::Rounding::HalfAway);
  stop_ = core::scaled_to_tick(close, kStop, tick, core::Rounding::HalfAway);
  const auto sent = context.submit(
      request_of(instrument_, trading::Side::Buy, trading::OrderType::Market, "ENTRY"));
  is_flat_ = !std::holds_alternative<core::ClientOrderId>(sent);
}

void SmaCrossEngine::protect(kernel::EngineContext& context) {
  trading::GroupRequest group;
  group.kind = trading::GroupKind::OneCancelsOther;
  auto stop = request_of(instrument_, trading::Side::Sell, trading::OrderType::Stop, "STOP");
  stop.terms.stop = stop_;
  group.stop = stop;
  auto target = request_of(instrument_, trading::Side::Sell, trading::OrderType::Limit, "TARGET");
  target.terms.limit = target_;
  group.target = target;
  context.submit_group(group);
}

void SmaCrossEngine::on_order(kernel::EngineContext& context, const kernel::OrderNews& news) {
  if (!news.fill) return;
  if (news.fill->side == trading::Side::Buy) {
    protect(context);
  } else {
    is_flat_ = true;
  }
}

}  // namespace st0ck::benchmarks
