#pragma once

#include "st0ck/adapters/alpaca/credentials.hpp"
#include "st0ck/adapters/alpaca/order_finder.hpp"
#include "st0ck/adapters/alpaca/order_pages.hpp"
#include "st0ck/adapters/alpaca/order_stream.hpp"
#include "st0ck/adapters/alpaca/order_tracker.hpp"
#include "st0ck/adapters/alpaca/trading_api.hpp"
#include "st0ck/adapters/alpaca/trading_endpoints.hpp"
#include "st0ck/adapters/alpaca/unproven_sendings.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/net/callback_guard.hpp"
#include "st0ck/net/http_client.hpp"
#include "st0ck/net/scheduler.hpp"
#include "st0ck/net/socket_keys.hpp"
#include "st0ck/net/web_socket_transport.hpp"
#include "st0ck/trading/remote_broker.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

struct AlpacaBrokerSettings {
  TradingEndpoints endpoints = TradingEndpoints::paper();
  TradingApiSettings api{};
  OrderStreamSettings stream{};
  OrderPagesSettings pages{};
  TrackerSettings tracker{};
  OrderRules rules{};
  /// How long connecting may wait for the order stream.
  core::Duration stream_deadline = std::chrono::seconds{15};
  /// How often open orders are asked for besides the stream, and while it is down.
  core::Duration poll_pause = std::chrono::seconds{10};
  core::Duration poll_pause_blind = std::chrono::seconds{2};
  /// Lists begin so long before the oldest open order, but no further back than the reach; older
  /// ones are asked for one by one, at most so many in a round.
  core::Duration poll_margin = std::chrono::minutes{1};
  core::Duration poll_reach = std::chrono::hours{24};
  std::size_t poll_look_ups_max = 20;
  /// Of orders that are looked up at the same moment so many, and all after, are first looked for
  /// in one list.
  std::size_t look_ups_listed_from = 4;
  /// How long after its answer a cancel should have ended its order; then the order is looked up,
  /// as the word of the stream may be lost.
  core::Duration cancel_check = std::chrono::seconds{5};
  /// Replacements of one order that are followed in one look-up.
  int chain_max = 32;
  core::Duration calendar_span = std::chrono::hours{24 * 28};
};

/// Alpaca as a broker. Its README says what this venue does differently.
///
/// An order's fate hangs on three things only: whether its request can have reached the server,
/// what the server says of the order, and what it never says in an answer to a request (fills).
/// Orders of others in the account are neither touched nor told. Core thread only.
class AlpacaBroker final : public trading::RemoteBroker {
 public:
  struct Parts {
    net::Scheduler& scheduler;
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    trading::OrderUpdateSink& updates;
    net::HttpClient& http;
    net::WebSocketTransport& web_sockets;
    net::SocketKeys& socket_keys;
    core::Logger log;
    Credentials credentials;
    std::vector<core::BotId> bots;  ///< Whose orders are ours.
    std::uint64_t seed = 1;         ///< Of the reconnect's jitter.
  };

  /// The references outlive the broker.
  AlpacaBroker(Parts parts, const AlpacaBrokerSettings& settings);
  ~AlpacaBroker() override;

  /// A second call takes the place of the first, which is answered with Errc::Interrupted.
  void connect(Connected done) override;
  void connect_blind() override;
  void note_earlier(const core::ClientOrderId& id) override;
  void read_account(Connected done) override;
  void disconnect() override;

  void submit(const trading::Approved<trading::OrderIntent>& intent) override;
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override;
  void cancel(const core::ClientOrderId& order) override;
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override;
  void look_up(const core::ClientOrderId& order) override;
  trading::BrokerAbilities abilities() const override;

  bool is_stream_live() const { return stream_ && stream_->is_live(); }

  /// Where the venue's trading days differ from ours, as found when connecting last.
  const std::vector<std::string>& calendar_differences() const { return calendar_differences_; }

 private:
  using Id = core::ClientOrderId;
  using Ids = std::vector<Id>;
  /// An order that is looked up, and whether it was not known here before.
  struct Asked {
    Id id;
    bool is_new_here = false;
  };

  // Connecting, and asking for orders besides the stream (alpaca_broker.cpp).
  void start_stream();
  void on_stream_live();
  void on_stream_down(const OrderStreamSession::End& end);
  void check_calendar(trading::AccountReport report);
  void compare_calendar(const ApiAnswer& answer, core::Date from, core::Date to);
  void end_connect(core::Result<trading::AccountReport> result);
  void report_account(Connected done);
  void answer_readers(const core::Status& polled);
  void poll_later();
  void poll();
  void on_poll(const core::Result<std::vector<Order>>& listed);
  void look_up_unlisted(const std::vector<Order>& listed);

  // Orders on their way (alpaca_requests.cpp).
  void send_order(const NewOrder& body, trading::Purpose purpose, Ids ids);
  void on_submitted(const Ids& ids, const ApiAnswer& answer);
  void take_reply(const Ids& ids, const ApiAnswer& answer);
  void refuse_order(const Ids& ids, const ApiAnswer& answer);
  void send_cancel(const Id& id, bool may_ask);
  void delete_order(TrackedOrder& order);
  void on_cancel_answer(const Id& id, const std::string& venue_id, const ApiAnswer& answer);
  void check_cancel_later(TrackedOrder& order);
  void check_cancel(const Id& id);
  void on_cancel_checked(const Id& id, const std::string& venue_id, const core::Code& code);
  void go_on_with_cancel(const Id& id);
  void send_replace(const Id& id, const trading::OrderTerms& terms, bool may_ask);
  void patch_order(TrackedOrder& order, const trading::OrderTerms& terms);
  void on_replace_answer(const Id& id, const ApiAnswer& answer);
  OrderFinder::Done answering(const Asked& asked);
  void look_up_listed();
  void on_looked_up(const Id& id, bool is_new_here, Found found);
  bool is_under_way(const Id& id);
  void reject_unless_it_may_arrive(TrackedOrder& order, const core::Code& code);
  void tell_refused_here(const Id& id, std::string_view code);
  using trading::RemoteBroker::tell;
  void tell(const Id& id, trading::OrderUpdateKind kind, std::string_view code);
  void log_refusal(const Id& id, const core::Code& code, std::string_view message) const;

  Parts parts_;
  AlpacaBrokerSettings settings_;
  TradingApi api_;
  OrderTracker tracker_;
  OrderFinder finder_;
  UnprovenSendings unproven_;
  std::unique_ptr<OrderStream> stream_;
  Connected connecting_;
  std::vector<Connected> readers_;  ///< Of the account, once the orders have been asked for.
  std::vector<std::string> calendar_differences_;
  net::TaskId stream_deadline_{};
  net::TaskId next_poll_{};
  std::size_t looked_up_now_ = 0;       ///< At this moment ...
  std::vector<Asked> asked_;            ///< ... and of those the ones that wait for the list.
  core::ClientOrderId looked_up_last_;  ///< Where the round of look-ups goes on.
  bool is_polling_ = false;
  bool is_poll_due_ = false;  ///< Once more after the one under way.
  net::CallbackGuard guard_;
};

}  // namespace st0ck::alpaca
