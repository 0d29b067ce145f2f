#include "src/app/faults/exchange_link_ends.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

// The requests of a link.
namespace st0ck::app::faults {

namespace {

core::Result<net::ServerRequest> server_request_of(const net::HttpRequest& request) {
  auto target = net::parse_request_target(request.url);
  if (!target) return tl::unexpected(target.error());
  net::ServerRequest received;
  received.method = net::name_of(request.method);
  received.target = std::move(*target);
  for (const net::HttpHeader& header : request.headers)
    received.headers.push_back({header.name, header.value});
  received.body = request.body;
  received.peer = "127.0.0.1";
  return received;
}

net::HttpResponse client_response_of(net::ServerResponse response) {
  net::HttpResponse received;
  received.status = response.status;
  received.headers.add("Content-Type", response.content_type);
  for (const net::HeaderField& field : response.headers)
    received.headers.add(field.name, field.value);
  received.body = std::move(response.body);
  return received;
}

}  // namespace

net::HttpFailure link_failure(net::HttpFailureKind kind, const net::HttpRequest& request,
                              std::string_view what, bool is_timeout) {
  return {.kind = kind,
          .message = fmt::format("{}: {}", net::place_of(request), what),
          .is_timeout = is_timeout};
}

/// The client's end of requests.
class ExchangeLink::Http final : public net::HttpTransport {
 public:
  explicit Http(ExchangeLink& link) : link_{link} {}
  ~Http() override {
    for (const auto& [id, open] : calls_) {
      open.call->end = nullptr;
      link_.scheduler_.cancel(open.timeout);
    }
  }

  net::HttpCallId send(net::HttpRequest request, net::HttpDone done) override {
    const auto id = net::HttpCallId{++last_id_};
    if (link_.cuts_ != cuts_seen_) idle_ = 0;
    cuts_seen_ = link_.cuts_;
    Open& open = calls_[id];
    open.done = std::move(done);
    open.call = std::make_shared<Call>();
    open.call->is_reused = idle_ > 0;
    open.call->cuts = link_.cuts_;
    if (idle_ > 0) --idle_;
    open.timeout = link_.scheduler_.call_after(request.timeout, guard_.wrap([this, id] {
      const Call& late = *calls_.at(id).call;
      finish(id,
             tl::unexpected(late.is_sent ? link_failure(net::HttpFailureKind::NoAnswer,
                                                        late.request, "no answer in time", true)
                                         : link_failure(net::HttpFailureKind::NotSent, late.request,
                                                        "no connection in time", true)));
    }));
    open.call->request = std::move(request);
    open.call->end =
        guard_.wrap([this, id](net::HttpResult result) { finish(id, std::move(result)); });
    link_.send(open.call);
    return id;
  }

  void cancel(net::HttpCallId id) override {
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    Open& open = found->second;
    open.call->end = nullptr;
    link_.scheduler_.cancel(open.timeout);
    const auto kind =
        open.call->is_sent ? net::HttpFailureKind::NoAnswer : net::HttpFailureKind::NotSent;
    open.timeout = link_.scheduler_.call_after(
        {},
        guard_.wrap([this, id, cancelled = link_failure(kind, open.call->request, "cancelled")] {
          finish(id, tl::unexpected(cancelled));
        }));
  }

  std::size_t connections_open() const override { return calls_.size() + idle_; }

 private:
  struct Open {
    std::shared_ptr<Call> call;
    net::HttpDone done;
    net::TaskId timeout{};
  };

  void finish(net::HttpCallId id, net::HttpResult result) {
    auto ended = calls_.extract(id);
    if (ended.empty()) return;
    Open& open = ended.mapped();
    open.call->end = nullptr;
    link_.scheduler_.cancel(open.timeout);
    if (result) {
      result->is_reused = open.call->is_reused;
      link_.note_answer(open.call->request.url, result->status, link_.scheduler_.elapsed());
      ++idle_;
    } else {
      link_.note(LinkEvent::Broken, result.error().message);
    }
    // Last: it may destroy this.
    const net::HttpDone done = std::move(open.done);
    done(std::move(result));
  }

  ExchangeLink& link_;
  std::map<net::HttpCallId, Open> calls_;
  std::size_t idle_ = 0;
  std::uint64_t cuts_seen_ = 0;
  std::uint64_t last_id_ = 0;
  net::CallbackGuard guard_;
};

std::unique_ptr<net::HttpTransport> ExchangeLink::make_http() {
  return std::make_unique<Http>(*this);
}

void ExchangeLink::send(const std::shared_ptr<Call>& call) {
  if (log_)
    note(LinkEvent::Sent, fmt::format("{} {}", net::place_of(call->request), call->request.body));
  scheduler_.call_after(latency(), guard_.wrap([this, call] { arrive(call); }));
  if (call->request.method == net::HttpMethod::Get) return;
  ++order_requests_;
  if (on_order_request) on_order_request(order_requests_);
}

/// A connection that a restart has cut meanwhile answers nothing; one that is new is refused.
void ExchangeLink::arrive(const std::shared_ptr<Call>& call) {
  if (host_.is_down() || call->cuts != cuts_) {
    const auto kind = call->is_reused || call->cuts != cuts_ ? net::HttpFailureKind::NoAnswer
                                                             : net::HttpFailureKind::NotSent;
    call->is_sent = kind == net::HttpFailureKind::NoAnswer;
    return end_later(call, tl::unexpected(link_failure(kind, call->request, "connection refused")));
  }
  auto request = server_request_of(call->request);
  if (!request)
    return end_later(call, tl::unexpected(link_failure(net::HttpFailureKind::Invalid, call->request,
                                                       request.error().message)));
  ++requests_;
  open_.push_back(call);
  host_.on_request(*request, net::Responder{guard_.wrap([this, call](net::ServerResponse response) {
    answer(call, std::move(response));
  })});
}

void ExchangeLink::answer(const std::shared_ptr<Call>& call, net::ServerResponse response) {
  if (call->cuts != cuts_) return;  // Its connection is gone.
  switch (response.delivery) {
    case net::ServerDelivery::Hang: return;
    case net::ServerDelivery::Cut:
      return end_later(call, tl::unexpected(link_failure(net::HttpFailureKind::NoAnswer,
                                                         call->request, "cut without an answer")));
    case net::ServerDelivery::Send: break;
  }
  if (log_)
    note(LinkEvent::Answered,
         fmt::format("{} {} {}", net::place_of(call->request), response.status, response.body));
  end_later(call, client_response_of(std::move(response)));
}

void ExchangeLink::end_later(const std::shared_ptr<Call>& call, net::HttpResult result) {
  scheduler_.call_after(latency(), guard_.wrap([this, call, result = std::move(result)] {
    std::erase(open_, call);
    // Moved out first: it empties its own place.
    if (const auto end = call->end) end(result);
  }));
}

}  // namespace st0ck::app::faults
