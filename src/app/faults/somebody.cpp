#include "src/app/faults/somebody.hpp"

#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace st0ck::app::faults {

using namespace std::chrono_literals;

void Somebody::plan() {
  for (const ForeignTrade& trade : parts_.schedule.foreign)
    parts_.scheduler.call_after(trade.at, [this, trade] { this->trade(trade); });
  if (!parts_.schedule.foreign.empty())
    parts_.scheduler.call_after(parts_.schedule.calm_after, [this] { give_back(); });
}

/// Somebody goes back to where he began, again and again until he is there.
void Somebody::give_back() {
  parts_.scheduler.call_after(10s, [this] { give_back(); });
  const market::InstrumentTable& instruments = parts_.exchange.host().venue().instruments();
  const auto symbols = symbols_of(parts_.schedule.market);
  for (std::uint32_t i = 0; i < symbols.size(); ++i) {
    const core::Quantity account =
        parts_.exchange.account().holdings().position(instruments.find(symbols[i])->id);
    core::Quantity held = account;
    for (const auto& [holder, ours] : parts_.books.positions())
      if (holder.symbol == symbols[i]) held -= ours;
    if (held.is_zero()) continue;
    // No order takes an account from short to long: first to nothing, and on the next time.
    core::Quantity quantity = held.abs();
    if (account.is_positive() == held.is_positive() && !account.is_zero())
      quantity = std::min(quantity, account.abs());
    this->trade({{}, i, held.is_positive() ? trading::Side::Sell : trading::Side::Buy, quantity});
  }
}

void Somebody::trade(const ForeignTrade& trade) {
  alpaca::NewOrder order;
  order.symbol = symbols_of(parts_.schedule.market)[trade.symbol].str();
  order.quantity = trade.quantity;
  order.side = trade.side;
  order.type = trading::OrderType::Market;
  order.time_in_force = trading::TimeInForce::Day;
  const auto sent = parts_.exchange.account().desk().submit(order);
  parts_.say(fmt::format("{} {} {}{}", trading::name_of(trade.side), trade.quantity.to_string(),
                         *order.symbol, sent ? "" : ": " + sent.error().message));
}

}  // namespace st0ck::app::faults
