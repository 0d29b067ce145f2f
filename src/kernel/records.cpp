#include "st0ck/kernel/records.hpp"

#include <fmt/format.h>

namespace st0ck::kernel {

std::string_view name_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::RunStart: return "run_start";
    case RecordKind::InstrumentDefined: return "instrument_defined";
    case RecordKind::Quote: return "quote";
    case RecordKind::Trade: return "trade";
    case RecordKind::Bar: return "bar";
    case RecordKind::SessionPhase: return "session_phase";
    case RecordKind::ProviderStatus: return "provider_status";
    case RecordKind::OrderUpdate: return "order_update";
    case RecordKind::TimerFired: return "timer_fired";
    case RecordKind::TradingStatus: return "trading_status";
    case RecordKind::CorporateAction: return "corporate_action";
    case RecordKind::OperatorCommand: return "operator_command";
    case RecordKind::Reconciliation: return "reconciliation";
    case RecordKind::AccountCheck: return "account_check";
    case RecordKind::ProcessStart: return "process_start";
    case RecordKind::LostExit: return "lost_exit";
    case RecordKind::Decision: return "decision";
    case RecordKind::Order: return "order";
    case RecordKind::Fill: return "fill";
    case RecordKind::RoundTrip: return "round_trip";
    case RecordKind::Position: return "position";
    case RecordKind::BotDay: return "bot_day";
    case RecordKind::RiskEvent: return "risk_event";
    case RecordKind::LedgerEntry: return "ledger_entry";
    case RecordKind::EquityMark: return "equity_mark";
    case RecordKind::Halt: return "halt";
    case RecordKind::Difference: return "difference";
    case RecordKind::RunEnd: return "run_end";
  }
  return "unknown";
}

std::string_view name_of(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::Intent: return "intent";
    case DecisionKind::Refusal: return "refusal";
    case DecisionKind::Cancel: return "cancel";
    case DecisionKind::Replace: return "replace";
    case DecisionKind::Transition: return "transition";
  }
  return "unknown";
}

bool is_trade_log_row(RecordKind kind) {
  return !is_input(kind) || kind == RecordKind::RunStart || kind == RecordKind::InstrumentDefined ||
         kind == RecordKind::SessionPhase || kind == RecordKind::AccountCheck;
}

// Put together by hand: formatting took a tenth of a backtest's time.
std::string canonical_text(const Decision& decision) {
  std::string text;
  text.reserve(192);
  const auto add = [&text](std::string_view part, char end = '|') {
    text += part;
    text += end;
  };
  add(decision.account.view());
  add(decision.bot.view());
  add(decision.engine.view());
  add(fmt::format_int{core::to_ns(decision.event_time)}.c_str());
  add(decision.symbol.view());
  add(name_of(decision.kind));
  add(decision.side ? trading::name_of(*decision.side) : std::string_view{});
  add(decision.quantity ? decision.quantity->to_string() : std::string{});
  add(decision.price ? decision.price->to_string() : std::string{});
  add(decision.code.view(), '\n');
  return text;
}

}  // namespace st0ck::kernel
