#include "st0ck/adapters/sim/lined_market.hpp"

#include <chrono>
#include <utility>

namespace st0ck::adapters::sim {

namespace {
/// How long messages that are under way at the end of the bars are waited for.
constexpr core::Duration kLineAfterEnd = std::chrono::minutes{1};
}  // namespace

LinedMarket::LinedMarket(std::unique_ptr<market::DataSource> market, OrderLine& line)
    : market_{std::move(market)}, line_{line} {}

std::optional<core::Timestamp> LinedMarket::next_time() const {
  const auto of_market = market_->next_time();
  const auto of_line = line_.next_due();
  if (!of_line || (of_market && *of_market <= *of_line)) return of_market;
  // An order that is asked after again and again must not keep a market open that has ended.
  if (!of_market && *of_line > played_until_ + kLineAfterEnd) return std::nullopt;
  return of_line;
}

core::Status LinedMarket::step(market::EventSink& sink) {
  const auto of_market = market_->next_time();
  const auto of_line = line_.next_due();
  if (of_line && (!of_market || *of_line <= *of_market)) {
    line_.deliver_due();
    return {};
  }
  played_until_ = *of_market;
  return market_->step(sink);
}

}  // namespace st0ck::adapters::sim
