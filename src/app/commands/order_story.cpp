#include "src/app/commands/order_story.hpp"

#include "src/app/commands/close_names.hpp"
#include "src/app/commands/state_files.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/record_codec.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app {

namespace {

core::Result<storage::LoggedOrder> find_order(storage::TradeLogReader& log, const std::string& id) {
  if (core::ClientOrderId::fits(id)) {
    auto order = log.order(core::ClientOrderId{id});
    if (!order) return tl::unexpected(order.error());
    if (*order) return std::move(**order);
  }
  const auto orders = log.orders();
  if (!orders) return tl::unexpected(orders.error());
  std::vector<std::string> names;
  for (const auto& order : *orders) names.push_back(order.row.client_order_id.str());
  return core::fail(core::Errc::NotFound, "no order '{}'{}", id,
                    names.empty() ? std::string{"; there are no orders yet"}
                                  : did_you_mean(close_names(id, names)));
}

/// The order's records, which lie between its first and its last.
core::Result<std::vector<OrderStep>> steps_of(const std::filesystem::path& journal,
                                              const storage::LoggedOrder& order) {
  std::vector<OrderStep> steps;
  auto reader = kernel::JournalReader::open(journal, order.first);
  if (!reader) return tl::unexpected(reader.error());
  while (true) {
    const auto next = reader->next();
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr || (*next)->sequence > order.sequence) return steps;
    const auto kind = static_cast<kernel::RecordKind>((*next)->kind);
    if (kind != kernel::RecordKind::Order) continue;
    const auto record = kernel::decode(kind, (*next)->payload);
    if (!record) return tl::unexpected(record.error());
    const auto* row = std::get_if<kernel::OrderRow>(&*record);
    if (row != nullptr && row->client_order_id == order.row.client_order_id)
      steps.push_back({(*next)->sequence, *row});
  }
}

void take_steps(OrderStory& story, const std::filesystem::path& journal) {
  auto steps = steps_of(journal, story.order);
  if (steps && !steps->empty()) {
    story.steps = std::move(*steps);
    return;
  }
  story.steps = {{story.order.sequence, story.order.row}};
  story.steps_missing = steps ? "the journal has no record of it" : steps.error().message;
}

core::Status take_fills_and_trades(OrderStory& story, storage::TradeLogReader& log) {
  const auto& id = story.order.row.client_order_id;
  const auto fills = log.fills();
  if (!fills) return tl::unexpected(fills.error());
  for (const auto& fill : *fills)
    if (fill.row.client_order_id == id) story.fills.push_back(fill.row);
  auto trades = log.trades();
  if (!trades) return tl::unexpected(trades.error());
  for (auto& trade : *trades) {
    const auto& ids = trade.row.client_order_ids;
    if (std::ranges::find(ids, id) != ids.end()) story.trades.push_back(std::move(trade.row));
  }
  return {};
}

}  // namespace

core::Result<OrderStory> order_story(const std::filesystem::path& state_dir,
                                     const std::string& client_order_id) {
  auto log = open_trade_log(state_dir);
  if (!log) return tl::unexpected(log.error());
  auto order = find_order(*log, client_order_id);
  if (!order) return tl::unexpected(order.error());
  OrderStory story;
  story.order = std::move(*order);
  auto decisions = log->decisions_of(story.order.row.client_order_id);
  if (!decisions) return tl::unexpected(decisions.error());
  story.decisions = std::move(*decisions);
  take_steps(story, state_dir / "journal");
  if (const auto taken = take_fills_and_trades(story, *log); !taken)
    return tl::unexpected(taken.error());
  return story;
}

}  // namespace st0ck::app
