#pragma once

#include "src/app/exchange/day_record.hpp"
#include "st0ck/market/events.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// What of the past is brought to what a share is today.
struct Adjustment {
  bool splits = false;
  bool dividends = false;

  /// `raw`, `split`, `dividend`, `spin-off`, `all`, and several of them with commas. Nothing for
  /// another text. The market knows no spin-offs.
  static std::optional<Adjustment> parse(std::string_view text);
};

/// Brings the bars of one instrument to today's share, from the last session back to the first: a
/// split changes prices and volume, a dividend takes from prices before it the part of the last
/// close that it was. Each step rounds half to even.
class BarAdjuster {
 public:
  explicit BarAdjuster(const Adjustment& adjustment) : adjustment_{adjustment} {}

  /// `actions` are ex on the session that comes now after one without; `last_close` is the
  /// unadjusted close before it. Both for sessions from the last back to the first.
  void step_over(const std::vector<market::CorporateAction>& actions,
                 std::optional<core::Price> last_close);

  market::Bar adjusted(market::Bar bar) const;

 private:
  struct Factor {
    std::int64_t numerator;
    std::int64_t denominator;
    bool is_split;
  };

  core::Price adjusted(core::Price price) const;

  Adjustment adjustment_;
  std::vector<Factor> factors_;  ///< In the order in which they are applied: the oldest first.
};

}  // namespace st0ck::app::exchange
