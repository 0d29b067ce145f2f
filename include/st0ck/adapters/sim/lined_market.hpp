#pragma once

#include "st0ck/adapters/sim/order_line.hpp"
#include "st0ck/market/data_source.hpp"

#include <memory>
#include <optional>

namespace st0ck::adapters::sim {

/// A market of bars whose orders go through a line that loses answers: at each moment what the
/// line has under way arrives before the market goes on.
class LinedMarket final : public market::DataSource {
 public:
  /// `line` outlives the market.
  LinedMarket(std::unique_ptr<market::DataSource> market, OrderLine& line);

  std::optional<core::Timestamp> next_time() const override;
  core::Status step(market::EventSink& sink) override;

 private:
  std::unique_ptr<market::DataSource> market_;
  OrderLine& line_;
  core::Timestamp played_until_{};
};

}  // namespace st0ck::adapters::sim
