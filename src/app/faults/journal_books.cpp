#include "src/app/faults/journal_books.hpp"

#include "st0ck/kernel/record_codec.hpp"

#include <algorithm>

namespace st0ck::app::faults {

namespace {

const core::Code kAbandoned{"ABANDONED"};

}  // namespace

void JournalBooks::take(kernel::RecordKind kind, core::Sequence sequence,
                        std::span<const std::byte> payload) {
  if (kind != kernel::RecordKind::Order) return;
  const auto record = kernel::decode(kind, payload);
  const auto* row = record ? std::get_if<kernel::OrderRow>(&*record) : nullptr;
  if (row == nullptr) return;
  auto [found, is_new] = orders_.try_emplace(row->client_order_id);
  Intended& intended = found->second;
  // What is armed may still change before it is sent.
  if (is_new || intended.state == trading::OrderState::Armed) intended.row = *row;
  if (is_new) intended.sequence = sequence;
  intended.quantity_max = std::max(intended.quantity_max, row->quantity);
  intended.state = row->state;
  intended.states.emplace_back(sequence, row->state);
  intended.is_abandoned |= row->state_reason == kAbandoned;
  ++intended.rows;
  if (row->state == trading::OrderState::Unknown) unknown_.insert(row->client_order_id);
}

void JournalBooks::lose_after(core::Sequence sequence) {
  std::erase_if(orders_, [&](const auto& entry) { return entry.second.sequence > sequence; });
  for (auto& [id, intended] : orders_) {
    auto& states = intended.states;
    while (states.back().first > sequence) states.pop_back();
    intended.state = states.back().second;
  }
}

const JournalBooks::Intended* JournalBooks::find(const core::ClientOrderId& id) const {
  const auto found = orders_.find(id);
  return found == orders_.end() ? nullptr : &found->second;
}

const JournalBooks::Intended* JournalBooks::unknown_of(const core::Symbol& symbol) const {
  for (const auto& [id, intended] : orders_)
    if (intended.state == trading::OrderState::Unknown && intended.row.symbol == symbol)
      return &intended;
  return nullptr;
}

}  // namespace st0ck::app::faults
