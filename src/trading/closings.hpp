#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/trading/desk_port.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::trading {

/// Brings positions to zero without their bot: cancels every order of the bot in the instrument,
/// waits for each one's end, then sells or buys back what is held at the market, until it is flat.
/// Works whatever the bot's engine does, and also while it is halted.
class Closings {
 public:
  explicit Closings(DeskPort& desk) : desk_{desk} {}

  /// Does nothing new where one is under way.
  void begin(const core::BotId& bot, core::InstrumentId instrument, const core::Code& reason);

  void on_order(const Order& order);
  void on_timer(std::uint32_t key);

  /// Whether the position is being closed: the bot takes no entry in the instrument then.
  bool is_closing(const core::BotId& bot, core::InstrumentId instrument) const;

  std::size_t under_way() const { return closings_.size(); }

 private:
  /// When something is tried once more that was refused.
  struct Retry {
    core::Timestamp at{};
    core::Duration pause{};  ///< Before that; zero while none was refused.
  };

  struct Closing {
    std::uint32_t key = 0;
    core::BotId bot;
    core::InstrumentId instrument;
    core::Code reason;
    core::ClientOrderId exit;  ///< The market order that was sent last.
    /// Whose cancels were sent.
    std::vector<core::ClientOrderId> cancelled{};
    Retry exits{};
    Retry cancels{};
  };

  /// Takes the next step; true when the bot is flat and nothing works any more.
  bool step(Closing& closing);
  void clear_away(Closing& closing, const Order& order);
  void send_exit(Closing& closing, core::Quantity position);
  void pause(const Closing& closing, Retry& retry);

  DeskPort& desk_;
  std::vector<Closing> closings_;
  std::uint32_t last_key_ = 0;
};

}  // namespace st0ck::trading
