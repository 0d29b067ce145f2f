#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// The account's value over time; a moment without one has no equity.
struct PortfolioPoint {
  core::Timestamp time;
  std::optional<core::Money> equity{};
  std::optional<core::Money> profit{};
  std::optional<double> profit_rate{};

  friend bool operator==(const PortfolioPoint&, const PortfolioPoint&) = default;
};

struct PortfolioHistory {
  std::vector<PortfolioPoint> points{};
  std::optional<core::Money> base_value{};
  std::string timeframe = "1D";

  friend bool operator==(const PortfolioHistory&, const PortfolioHistory&) = default;
};

core::Result<PortfolioHistory> read_portfolio_history(std::string_view body);
std::string to_json(const PortfolioHistory& history);

}  // namespace st0ck::alpaca
