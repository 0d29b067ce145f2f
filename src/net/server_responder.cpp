// The handlers' ends of a request: Responder and WebSocketUpgrade.

#include "st0ck/core/assert.hpp"
#include "st0ck/net/http_server.hpp"

#include <utility>

namespace st0ck::net {
namespace {

ServerResponse forgotten() {
  return {.status = 500, .body = "no answer was given\n", .content_type = "text/plain"};
}

}  // namespace

struct Responder::Pending {
  Send send;

  explicit Pending(Send how) : send{std::move(how)} {}
  ~Pending() { answer(forgotten()); }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  void answer(ServerResponse response) {
    // Taken out first, so that it is called once.
    if (const auto once = std::exchange(send, nullptr)) once(std::move(response));
  }
};

Responder::Responder(Send send) : pending_{std::make_shared<Pending>(std::move(send))} {}

void Responder::operator()(ServerResponse response) const { pending_->answer(std::move(response)); }

struct WebSocketUpgrade::Pending {
  Accept accept;
  Responder refuse;
};

WebSocketUpgrade::WebSocketUpgrade(Accept accept, Responder::Send refuse)
    : pending_{
          std::make_shared<Pending>(Pending{std::move(accept), Responder{std::move(refuse)}})} {}

std::unique_ptr<WebSocketConnection> WebSocketUpgrade::accept(WebSocketListener listener) const {
  ST0CK_ASSERT(pending_->accept, "an upgrade is decided once");
  return std::exchange(pending_->accept, nullptr)(std::move(listener));
}

void WebSocketUpgrade::refuse(ServerResponse response) const {
  pending_->accept = nullptr;
  pending_->refuse(std::move(response));
}

}  // namespace st0ck::net
