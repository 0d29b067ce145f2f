#pragma once

#include "src/app/exchange/data_session.hpp"
#include "src/app/exchange/history_request.hpp"
#include "src/app/exchange/market_listener.hpp"
#include "src/app/exchange/market_record.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/net/http_server.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

namespace st0ck::app::exchange {

struct DataStreamsSettings {
  DataPlan plan = DataPlan::Plus;
  core::Duration auth_deadline = std::chrono::seconds{10};
  core::Duration slow_deadline = std::chrono::seconds{10};  ///< To take its 407; silence then.
  std::size_t clients_max = 128;                            ///< 503 above.
  std::size_t frame_messages_max = 500;                     ///< Of one frame; more begin the next.
  std::size_t delayed_max = 1'000'000;  ///< Events that wait for `delayed_sip`; then the oldest go.
  std::size_t symbols_max_basic = 30;
};

/// Market data as they happen, as Alpaca's data streams give them (docs/exchange-data.md).
///
/// What the market says in one turn of the thread goes out together, in frames of data alone. A
/// client that does not keep up hears no more of them; it is told 407 and let go, and never holds
/// up the market or the others.
class DataStreams final : public MarketListener {
 public:
  /// They outlive this. `clock` tells the exchange's time.
  struct Parts {
    MarketRecord& record;
    const DataKeys& keys;
    const core::Clock& clock;
    net::Scheduler& scheduler;
  };

  explicit DataStreams(const Parts& parts, const DataStreamsSettings& settings = {});
  ~DataStreams() override;
  DataStreams(const DataStreams&) = delete;
  DataStreams& operator=(const DataStreams&) = delete;

  /// Whether the path is a data stream's.
  bool handles(const net::ServerRequest& request) const;

  void upgrade(const net::ServerRequest& request, const net::WebSocketUpgrade& upgrade);

  std::size_t clients() const { return clients_.size(); }

  void on_quote(const market::Quote& quote) override;
  void on_trade(const NumberedTrade& trade) override;
  void on_bar(const market::Bar& bar) override;
  void on_updated_bar(const market::Bar& bar) override;
  void on_daily_bar(const market::Bar& bar) override;
  void on_status(const market::TradingStatus& status) override;
  void on_bands(const market::TradingStatus& status) override;

 private:
  struct Client;
  using Clients = std::list<std::unique_ptr<Client>>;

  struct ToldBar {
    alpaca::TapeBarKind kind;
    market::Bar bar;
  };
  struct ToldStatus {
    market::TradingStatus status;
  };
  struct ToldBands {
    market::TradingStatus status;
  };
  /// One thing that the market said.
  struct Told {
    core::Timestamp time;
    std::variant<market::Quote, NumberedTrade, ToldBar, ToldStatus, ToldBands> what;
  };

  void tell(Told told);
  void tell(DataStreamKind kind, const Told& told);
  void tell_delayed(core::Timestamp now);
  void tell_test();
  bool has_place(std::string_view key, std::string_view path) const;
  void hear(Client& client, std::string_view message);
  void say(Client& client, const DataReply& reply);
  bool send(Client& client, std::string_view frame);
  void flush(Client& client);
  void flush_later();
  void flush_all();
  void let_go(Client& client, std::string_view reason);
  void let_slow_go(Client& client);
  void tell_slow(Client& client);
  void forget(const Client& client);

  Parts parts_;
  DataStreamsSettings settings_;
  alpaca::DataRequestReader reader_;
  Clients clients_;
  std::deque<Told> delayed_;
  std::optional<net::TaskId> flush_task_;
  std::optional<net::TaskId> test_task_;
  std::uint64_t test_seconds_ = 0;
};

}  // namespace st0ck::app::exchange
