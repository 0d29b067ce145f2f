#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <optional>
#include <string_view>

namespace st0ck::app::exchange {

/// In which pieces an order fills.
struct FillPieces {
  core::Quantity shares;   ///< The most of one execution.
  core::Duration pause{};  ///< From one to the next, by the scheduler.
};

/// What a scenario does to orders at the venue, after their requests were answered. Nothing by
/// default.
class OrderFaults {
 public:
  virtual ~OrderFaults() = default;

  // Whether what was answered with success is refused by an event of the stream. The id is the
  // order's own.
  virtual bool refuses_entry(std::string_view /*id*/) { return false; }
  virtual bool refuses_cancel(std::string_view /*id*/) { return false; }
  virtual bool refuses_replace(std::string_view /*id*/) { return false; }

  virtual std::optional<FillPieces> pieces_of(const core::Symbol& /*symbol*/) const {
    return std::nullopt;
  }

  /// How far ahead the clock is that stamps what clients are told.
  virtual core::Duration clock_offset() const { return {}; }

  /// Of an exchange without a scenario.
  static OrderFaults& none();
};

inline OrderFaults& OrderFaults::none() {
  static OrderFaults nothing;
  return nothing;
}

}  // namespace st0ck::app::exchange
