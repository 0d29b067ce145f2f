#include "st0ck/net/web_socket_transport.hpp"

namespace st0ck::net {

std::string_view name_of(WebSocketEnd end) {
  switch (end) {
    case WebSocketEnd::BadRequest: return "BadRequest";
    case WebSocketEnd::Unresolved: return "Unresolved";
    case WebSocketEnd::Unreachable: return "Unreachable";
    case WebSocketEnd::Untrusted: return "Untrusted";
    case WebSocketEnd::Refused: return "Refused";
    case WebSocketEnd::TimedOut: return "TimedOut";
    case WebSocketEnd::ClosedByUs: return "ClosedByUs";
    case WebSocketEnd::ClosedByPeer: return "ClosedByPeer";
    case WebSocketEnd::Silent: return "Silent";
    case WebSocketEnd::TooLarge: return "TooLarge";
    case WebSocketEnd::Broken: return "Broken";
    case WebSocketEnd::Lost: return "Lost";
  }
  return "?";
}

}  // namespace st0ck::net
