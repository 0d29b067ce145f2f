#pragma once

#include "st0ck/core/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace st0ck::trading {

/// What a person may tell a run at any moment, also when no market data come.
enum class OperatorCommandKind : std::uint8_t {
  Halt,     ///< No entries until a resume; survives restarts.
  Resume,   ///< Takes a halt back; needs a reason.
  Flatten,  ///< Cancels all orders of ours and closes all positions of ours; halts first.
  Close,    ///< The same for one instrument, without a halt.
  Cancel,   ///< One order.
};

/// An event like any other: recorded with its place in the total order.
struct OperatorCommand {
  /// The operator's own number for it, so that a command that is read twice acts once.
  std::string id;
  OperatorCommandKind kind = OperatorCommandKind::Halt;
  core::BotId bot;            ///< Empty: all bots of the account.
  core::Symbol symbol;        ///< Of a Close.
  core::ClientOrderId order;  ///< Of a Cancel.
  std::string reason;

  friend bool operator==(const OperatorCommand&, const OperatorCommand&) = default;
};

std::string_view name_of(OperatorCommandKind kind);

}  // namespace st0ck::trading
