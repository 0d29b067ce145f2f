#include "engines/sma_cross/plan.hpp"

#include "st0ck/core/assert.hpp"

namespace st0ck::engines::sma_cross {

namespace {

using trading::OrderType;
using trading::Side;
using trading::TimeInForce;

constexpr core::Rate kWhole = core::Rate::whole(1);

/// The price changed by `part` of it, to the buyer's loss where `part` is positive and the order
/// buys, to the seller's where it sells.
core::Price moved(core::Price price, Side side, core::Rate part, core::Price tick) {
  const core::Rate factor = side == Side::Buy ? kWhole + part : kWhole - part;
  return core::scaled_to_tick(price, factor, tick, core::Rounding::HalfAway);
}

trading::OrderRequest exit_of(Side side, core::Quantity quantity, core::InstrumentId instrument,
                              OrderType type, std::string_view reason) {
  trading::OrderRequest request;
  request.instrument = instrument;
  request.side = side;
  request.type = type;
  request.purpose = trading::Purpose::Exit;
  request.terms.quantity = quantity;
  request.reason = core::Code{reason};
  return request;
}

trading::OrderRequest entry_base(Side side, const market::Instrument& instrument,
                                 const Settings& settings) {
  trading::OrderRequest request;
  request.instrument = instrument.id;
  request.side = side;
  request.purpose = trading::Purpose::Entry;
  request.terms.quantity = settings.size;
  request.reason = core::Code{"ENTRY"};
  return request;
}

Side closing_side(core::Quantity position) {
  return position.is_positive() ? Side::Sell : Side::Buy;
}

trading::OrderRequest target_of(Side side, core::Quantity quantity, core::InstrumentId instrument,
                                const Levels& levels, const Settings& settings) {
  auto request = exit_of(side, quantity, instrument, OrderType::Limit, "TARGET");
  request.terms.limit = levels.target;
  request.time_in_force = settings.exit_time_in_force;
  return request;
}

trading::OrderRequest stop_of(Side side, core::Quantity quantity, core::InstrumentId instrument,
                              const Levels& levels, const Settings& settings) {
  auto request = exit_of(side, quantity, instrument, OrderType::Stop, "STOP");
  request.terms.stop = levels.stop;
  request.time_in_force = settings.exit_time_in_force;
  return request;
}

trading::OrderRequest trailing_stop_of(Side side, core::Quantity quantity,
                                       core::InstrumentId instrument, const Settings& settings) {
  auto request = exit_of(side, quantity, instrument, OrderType::TrailingStop, "TRAIL");
  request.terms.trail_rate = settings.stop;
  request.time_in_force = settings.exit_time_in_force;
  return request;
}

}  // namespace

std::optional<Side> side_of(Cross cross, Direction direction) {
  if (cross == Cross::Up && direction != Direction::Short) return Side::Buy;
  if (cross == Cross::Down && direction != Direction::Long) return Side::Sell;
  return std::nullopt;
}

Levels levels_of(Side side, core::Price base, core::Price tick, const Settings& settings) {
  const Side other = trading::opposite(side);
  return {moved(base, side, settings.target, tick), moved(base, other, settings.stop, tick)};
}

trading::OrderRequest entry_of(EntryStyle style, Side side, core::Price close,
                               const market::Instrument& instrument, const Settings& settings) {
  trading::OrderRequest request = entry_base(side, instrument, settings);
  const auto at = [&](core::Rate part) { return moved(close, side, part, instrument.tick); };
  const core::Rate offset = settings.entry_offset;
  switch (style) {
    case EntryStyle::Market: break;
    case EntryStyle::Limit:
      request.type = OrderType::Limit;
      request.terms.limit = at(-offset);
      break;
    case EntryStyle::Stop:
      request.type = OrderType::Stop;
      request.terms.stop = at(offset);
      break;
    case EntryStyle::StopLimit:
      request.type = OrderType::StopLimit;
      request.terms.stop = at(offset);
      request.terms.limit = at(offset + offset);
      break;
    case EntryStyle::Ioc:
    case EntryStyle::Fok:
      request.type = OrderType::Limit;
      request.time_in_force = style == EntryStyle::Ioc ? TimeInForce::Ioc : TimeInForce::Fok;
      request.terms.limit = at(offset);
      break;
  }
  return request;
}

trading::OrderRequest opening_entry_of(OpeningEntry style, Side side, core::Price close,
                                       const market::Instrument& instrument,
                                       const Settings& settings) {
  ST0CK_ASSERT(style != OpeningEntry::None, "an entry into the auction is wanted");
  trading::OrderRequest request = entry_base(side, instrument, settings);
  request.time_in_force = TimeInForce::Opg;
  if (style == OpeningEntry::Market) return request;
  request.type = OrderType::Limit;
  request.terms.limit = moved(close, side, settings.entry_offset, instrument.tick);
  return request;
}

core::Price base_of(const trading::OrderRequest& entry, core::Price close) {
  if (entry.terms.stop) return *entry.terms.stop;
  const bool waits = entry.type == OrderType::Limit && entry.time_in_force == TimeInForce::Day;
  return waits ? *entry.terms.limit : close;
}

trading::GroupRequest group_of(ExitStyle style, const trading::OrderRequest& entry,
                               const Levels& levels, const Settings& settings) {
  ST0CK_ASSERT(style != ExitStyle::Oco, "an entry alone is no group");
  const Side side = trading::opposite(entry.side);
  const core::Quantity quantity = entry.terms.quantity;
  trading::GroupRequest group;
  group.kind = style == ExitStyle::Bracket ? trading::GroupKind::Bracket
                                           : trading::GroupKind::OneTriggersOther;
  group.entry = entry;
  if (style == ExitStyle::Bracket)
    group.target = target_of(side, quantity, entry.instrument, levels, settings);
  group.stop = style == ExitStyle::Trailing
                   ? trailing_stop_of(side, quantity, entry.instrument, settings)
                   : stop_of(side, quantity, entry.instrument, levels, settings);
  return group;
}

trading::GroupRequest exits_of(core::Quantity position, core::InstrumentId instrument,
                               const Levels& levels, const Settings& settings) {
  const Side side = closing_side(position);
  trading::GroupRequest group;
  group.kind = trading::GroupKind::OneCancelsOther;
  group.target = target_of(side, position.abs(), instrument, levels, settings);
  group.stop = stop_of(side, position.abs(), instrument, levels, settings);
  return group;
}

trading::OrderRequest market_exit_of(core::Quantity position, core::InstrumentId instrument,
                                     std::string_view reason) {
  return exit_of(closing_side(position), position.abs(), instrument, OrderType::Market, reason);
}

trading::OrderRequest flat_order_of(core::Quantity position, core::InstrumentId instrument,
                                    FlatBy flat_by) {
  auto request = market_exit_of(position, instrument, "FLAT_BY_CLOSE");
  if (flat_by == FlatBy::CloseAuction) request.time_in_force = TimeInForce::Cls;
  return request;
}

}  // namespace st0ck::engines::sma_cross
