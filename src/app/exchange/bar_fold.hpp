#pragma once

#include "st0ck/core/fixed_point.hpp"
#include "st0ck/market/events.hpp"

#include <optional>

namespace st0ck::app::exchange {

/// Makes one bar of shorter ones that are added in their order. Exact, but for the average price:
/// those of the parts are weighted by their volumes, and the quotient is rounded half to even.
class BarFold {
 public:
  void add(const market::Bar& bar);

  /// From the first bar's start to the last one's end; nothing before the first.
  std::optional<market::Bar> bar() const;

 private:
  std::optional<market::Bar> bar_;
  core::Int128 turnover_ = 0;
  core::Int128 turnover_volume_ = 0;
};

}  // namespace st0ck::app::exchange
