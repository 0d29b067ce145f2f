#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/bar_interval.hpp"
#include "st0ck/market/events.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace st0ck::market {

/// What prices of the past are told in.
enum class Adjustment : std::uint8_t {
  None,    ///< As they were printed.
  Splits,  ///< In today's shares.
  All,     ///< In today's shares, less dividends.
};

/// Bars of one instrument that start in [from, until).
struct BarsRequest {
  core::InstrumentId instrument;
  BarInterval interval = BarInterval::minutes(1);
  core::Timestamp from{};
  core::Timestamp until{};
  Adjustment adjustment = Adjustment::None;
  std::size_t bars_max = 10'000;
};

/// Bars in the order of their start; for those after them, ask again from `next`.
struct BarsPage {
  std::vector<Bar> bars{};
  std::optional<core::Timestamp> next{};  ///< Nothing at the end of the period.
};

/// What a market did before: a provider's history, a store. Core thread only.
///
/// Bars are those of the regular hours, as a stream tells them (see BarInterval); stretches without
/// a trade have none. A bar that is not over yet is not told.
class HistorySource {
 public:
  using BarsDone = std::function<void(core::Result<BarsPage>)>;

  virtual ~HistorySource() = default;

  /// Answers once and never inside this call, unless the source is destroyed before.
  ///
  /// Errors: `OutOfRange` for a period that is reversed, an interval that the source does not have
  /// or a page of none or too many; `NotFound` for an instrument it does not know; `Refused` where
  /// the source may not say, with what to change; `Broker` where it could not be asked,
  /// `Retry::Yes` when asking again may help; `Corrupt` for an answer that makes no sense.
  virtual void bars(const BarsRequest& request, BarsDone done) = 0;
};

}  // namespace st0ck::market
