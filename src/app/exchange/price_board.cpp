#include "src/app/exchange/price_board.hpp"

#include "st0ck/market/sale_conditions.hpp"
#include "st0ck/trading/corporate_terms.hpp"

namespace st0ck::app::exchange {

void PriceBoard::on_quote(const market::Quote& quote) {
  if (!market::defect_of(quote)) rows_[quote.instrument.value()].quote = quote;
}

void PriceBoard::on_trade(const market::Trade& trade) {
  if (market::effect_of(trade.conditions).last && !market::defect_of(trade))
    rows_[trade.instrument.value()].last = trade.price;
}

void PriceBoard::on_session_phase(const market::SessionPhase& phase) {
  is_open_ = phase.phase == market::Phase::Open;
  session_ = phase.session;
  if (phase.phase == market::Phase::Prepare)
    std::erase_if(splits_, [&](const market::CorporateAction& split) {
      const bool is_due = split.ex_date <= phase.session.date;
      if (is_due) carry_out(split);
      return is_due;
    });
  // Trading before the open moves the last price; the close stays what it was.
  if (phase.phase != market::Phase::Close) return;
  for (Row& row : rows_) row.previous_close = row.last;
}

void PriceBoard::on_trading_status(const market::TradingStatus& status) {
  rows_[status.instrument.value()].is_halted = status.state != market::TradingState::Trading;
}

void PriceBoard::on_corporate_action(const market::CorporateAction& action) {
  if (actions_.size() == kActionsMax) actions_.erase(actions_.begin());
  actions_.push_back(action);
  if (action.kind != market::CorporateActionKind::Split) return;
  if (session_ && action.ex_date <= session_->date) return carry_out(action);
  if (splits_.size() < kActionsMax) splits_.push_back(action);
}

/// A price of yesterday is told in today's shares, so that a split changes nobody's worth.
void PriceBoard::carry_out(const market::CorporateAction& split) {
  Row& row = rows_[split.instrument.value()];
  constexpr core::Price kStep = core::Price::from_raw(1);
  for (auto* price : {&row.last, &row.previous_close})
    if (*price) *price = trading::after_split(**price, split, kStep, core::Rounding::HalfEven);
  row.quote.reset();
}

const PriceBoard::Row* PriceBoard::find(core::InstrumentId instrument) const {
  return instrument.value() < rows_.size() ? &rows_[instrument.value()] : nullptr;
}

std::optional<market::Quote> PriceBoard::quote(core::InstrumentId instrument) const {
  const Row* row = find(instrument);
  return row ? row->quote : std::nullopt;
}

std::optional<core::Price> PriceBoard::last(core::InstrumentId instrument) const {
  const Row* row = find(instrument);
  return row ? row->last : std::nullopt;
}

std::optional<core::Price> PriceBoard::previous_close(core::InstrumentId instrument) const {
  const Row* row = find(instrument);
  return row ? row->previous_close : std::nullopt;
}

bool PriceBoard::is_halted(core::InstrumentId instrument) const {
  const Row* row = find(instrument);
  return row && row->is_halted;
}

std::optional<core::Price> PriceBoard::touch(core::InstrumentId instrument, bool buys) const {
  const auto known = quote(instrument);
  if (known) return buys ? known->ask : known->bid;
  return last(instrument);
}

}  // namespace st0ck::app::exchange
