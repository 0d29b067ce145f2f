#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/records.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace st0ck::app {

/// An order as one journal record told it.
struct OrderStep {
  core::Sequence sequence;
  kernel::OrderRow row;
};

/// All that is known of one order, from the decision to the round trips it was part of.
struct OrderStory {
  storage::LoggedOrder order;
  std::vector<storage::Logged<kernel::Decision>> decisions;
  std::vector<OrderStep> steps;
  std::string steps_missing;  ///< Why the steps are only the last one; empty when they are all.
  std::vector<kernel::FillRow> fills;
  std::vector<kernel::RoundTripRow> trades;
};

/// Gathers the story of an order from trade log and journal. NotFound names ids that are close.
core::Result<OrderStory> order_story(const std::filesystem::path& state_dir,
                                     const std::string& client_order_id);

}  // namespace st0ck::app
