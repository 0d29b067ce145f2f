#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace st0ck::app::faults {

/// What passes between a client and the exchange.
enum class LinkEvent : std::uint8_t {
  Sent,      ///< A request, or a message of a WebSocket, has left the client.
  Answered,  ///< An answer or a message has left the exchange.
  Broken,    ///< A connection ended, or none came about.
};

/// Takes each in a line, for timelines.
using LinkLog = std::function<void(LinkEvent event, const std::string& what)>;

}  // namespace st0ck::app::faults
