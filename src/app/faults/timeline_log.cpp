#include "src/app/faults/timeline_log.hpp"

#include "st0ck/kernel/record_codec.hpp"

#include <fmt/format.h>

#include <string>
#include <variant>

namespace st0ck::app::faults {

namespace {

std::string text_of(const kernel::OrderRow& row) {
  return fmt::format(
      "{} {} {} {} {} is {}, filled {}{}{}", row.client_order_id, trading::name_of(row.side),
      row.quantity.to_string(), row.symbol, trading::name_of(row.type), trading::name_of(row.state),
      row.filled.to_string(), row.state_reason.empty() ? "" : ": ", row.state_reason);
}

std::string text_of(const trading::OrderUpdate& update) {
  return fmt::format("{} hears {}{}{}, filled {}", update.client_order_id,
                     trading::name_of(update.kind), update.reason.empty() ? "" : " ", update.reason,
                     update.cumulative_quantity.to_string());
}

}  // namespace

void TimelineLog::write(const core::LogRecord& record) {
  timeline_->add(record.time, Actor::Trader, fmt::format("{} {}", record.code, record.message));
}

void tell_record(Timeline& timeline, core::Timestamp time, kernel::RecordKind kind,
                 std::span<const std::byte> payload) {
  using kernel::RecordKind;
  switch (kind) {
    case RecordKind::Order:
    case RecordKind::OrderUpdate:
    case RecordKind::Decision:
    case RecordKind::RiskEvent:
    case RecordKind::Halt:
    case RecordKind::Difference:
    case RecordKind::ProviderStatus:
    case RecordKind::OperatorCommand: break;
    default: return;
  }
  const auto record = kernel::decode(kind, payload);
  if (!record) return;
  if (const auto* row = std::get_if<kernel::OrderRow>(&*record))
    timeline.add(time, Actor::Desk, text_of(*row));
  if (const auto* update = std::get_if<trading::OrderUpdate>(&*record))
    timeline.add(time, Actor::Desk, text_of(*update));
  if (const auto* decision = std::get_if<kernel::Decision>(&*record))
    timeline.add(
        time, Actor::Desk,
        fmt::format("{} decides {} {} {} {}", decision->bot, kernel::name_of(decision->kind),
                    decision->symbol, decision->code, decision->client_order_id));
  if (const auto* event = std::get_if<kernel::RiskEventRow>(&*record))
    timeline.add(time, Actor::Desk,
                 fmt::format("{} {}: {}", event->bot, event->code, event->message));
  if (const auto* halt = std::get_if<kernel::HaltRow>(&*record))
    timeline.add(time, Actor::Desk,
                 fmt::format("{} is {}: {}", halt->bot.empty() ? core::BotId{"all"} : halt->bot,
                             halt->is_halted ? "halted" : "resumed", halt->code));
  if (const auto* row = std::get_if<kernel::DifferenceRow>(&*record))
    timeline.add(time, Actor::Desk,
                 fmt::format("difference {} {}: {}", trading::name_of(row->difference.kind),
                             row->ended ? "is over" : "is there", row->difference.message));
  if (const auto* status = std::get_if<market::ProviderStatus>(&*record))
    timeline.add(time, Actor::Desk,
                 fmt::format("{} is {} {}", status->provider, market::name_of(status->state),
                             status->reason));
  if (const auto* command = std::get_if<trading::OperatorCommand>(&*record))
    timeline.add(
        time, Actor::Operator,
        fmt::format("{} {} {}", trading::name_of(command->kind), command->bot, command->symbol));
}

std::string line_of(const alpaca::TradeUpdate& update) {
  const alpaca::Order& order = update.order;
  std::string line =
      fmt::format("{} {} {} {} {}", order.client_order_id, alpaca::text_of(update.event),
                  trading::name_of(*order.side),
                  order.quantity.value_or(core::Quantity{}).to_string(), order.symbol);
  if (update.price)
    line +=
        fmt::format(" {} at {}, filled {}", update.quantity.value_or(core::Quantity{}).to_string(),
                    update.price->to_string(), order.filled_quantity.to_string());
  return line;
}

std::string fault_kind_in(std::string_view line) {
  for (int word = 0; word < 5; ++word) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return {};
    line.remove_prefix(blank + 1);
  }
  return std::string{line.substr(0, line.find(' '))};
}

}  // namespace st0ck::app::faults
