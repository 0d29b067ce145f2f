#include "src/app/exchange/faults/stream_faults.hpp"

#include "src/app/exchange/faults/faulty_link.hpp"

#include <string>
#include <utility>

namespace st0ck::app::exchange {

namespace {

/// What the stream owns in place of its socket.
class FaultyConnection final : public net::WebSocketConnection {
 public:
  explicit FaultyConnection(std::shared_ptr<FaultyLink> link) : link_{std::move(link)} {}
  ~FaultyConnection() override { link_->let_go(); }
  FaultyConnection(const FaultyConnection&) = delete;
  FaultyConnection& operator=(const FaultyConnection&) = delete;

  core::Status send(net::MessageKind kind, std::string_view bytes) override {
    // The owner may let go of it meanwhile.
    const auto link = link_;
    return link->send(kind, bytes);
  }
  void close(std::uint16_t code, std::string_view reason) override { link_->close(code, reason); }
  void freeze() override { link_->freeze(); }

 private:
  std::shared_ptr<FaultyLink> link_;
};

alpaca::Codec codec_of(const net::ServerRequest& request) {
  const auto type = request.header("Content-Type").value_or(std::string_view{});
  return type.find("msgpack") == std::string_view::npos ? alpaca::Codec::Json
                                                        : alpaca::Codec::Msgpack;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

bool is_about_connection(FaultPoint point, std::string_view frame) {
  if (point == FaultPoint::TradeUpdates) return !has(frame, R"("stream":"trade_updates")");
  // Frames of data have no other, and begin with what they are in both codecs.
  constexpr std::size_t kBegin = 24;
  const std::string_view begin = frame.substr(0, kBegin);
  return has(begin, "success") || has(begin, "error") || has(begin, "subscription");
}

net::WebSocketUpgrade StreamFaults::wrap(FaultPoint point, const net::ServerRequest& request,
                                         const net::WebSocketUpgrade& upgrade) {
  std::erase_if(links_, [](const auto& link) { return link.expired(); });
  auto accept = [this, point, codec = codec_of(request), upgrade](
                    net::WebSocketListener listener) -> std::unique_ptr<net::WebSocketConnection> {
    auto link = std::make_shared<FaultyLink>(parts_, point, codec, std::move(listener));
    links_.push_back(link);
    link->set_socket(upgrade.accept(link->listener()));
    return std::make_unique<FaultyConnection>(std::move(link));
  };
  return net::WebSocketUpgrade{std::move(accept), [upgrade](net::ServerResponse response) {
                                 upgrade.refuse(std::move(response));
                               }};
}

void StreamFaults::look(core::Timestamp before, core::Timestamp now) {
  const auto links = links_;
  for (const auto& weak : links) {
    const auto link = weak.lock();
    if (!link) continue;
    const FaultVerdict verdict = parts_.plan.judge_silent(link->point(), before, now);
    if (!verdict) continue;
    if (parts_.log) parts_.log(fault_note(now, verdict, link->point(), "a stream at its time"));
    link->befall(verdict);
  }
}

}  // namespace st0ck::app::exchange
