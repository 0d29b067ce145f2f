#pragma once

#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/history.hpp"
#include "st0ck/adapters/alpaca/wire/time.hpp"
#include "st0ck/net/memory_http_transport.hpp"
#include "st0ck/net/memory_web_socket.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::alpaca::test {

/// The parameters of a request, decoded.
inline std::map<std::string, std::string> parameters_of(const std::string& url) {
  std::map<std::string, std::string> found;
  const auto mark = url.find('?');
  std::istringstream text{mark == std::string::npos ? "" : url.substr(mark + 1)};
  for (std::string pair; std::getline(text, pair, '&');) {
    std::string value;
    for (std::size_t i = pair.find('=') + 1; i < pair.size(); ++i) {
      if (pair[i] != '%') {
        value += pair[i];
        continue;
      }
      value += static_cast<char>(std::stoi(pair.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
    found[pair.substr(0, pair.find('='))] = value;
  }
  return found;
}

/// The provider's data host in memory: one stream, and the history of the minute bars that were
/// published. What it does wrong is set by the test.
class MemoryDataServer {
 public:
  struct Manners {
    bool accepts = true;
    bool greets = true;
    bool answers_authentication = true;
    bool answers_subscription = true;
    std::optional<std::uint32_t> authentication_error{};
    std::optional<std::uint32_t> subscription_error{};
    std::function<void(Channels& echo)> echo = [](Channels&) {};
    std::size_t rows_max = 10'000;  ///< Of a page of history.
    std::optional<net::HttpResponse> history_refusal{};
  };

  explicit MemoryDataServer(net::Scheduler& scheduler, Codec codec = Codec::Json)
      : codec_{codec},
        sockets{scheduler, [this](net::MemoryPeer peer) { meet(std::move(peer)); }},
        http{scheduler, [this](const net::HttpRequest& request) { return answer(request); }} {}

  // What it publishes to whoever has asked for it.
  void quote(const std::string& symbol, const TapeQuote& quote) { publish(symbol, quote); }
  void trade(const std::string& symbol, const TapeTrade& trade) { publish(symbol, trade); }
  void status(const std::string& symbol, const TapeStatus& status) { publish(symbol, status); }
  void bands(const std::string& symbol, const TapeBands& bands) { publish(symbol, bands); }

  /// A minute is over: its bar is history, and news for who listens.
  void bar(const std::string& symbol, const TapeBar& bar) {
    history[symbol].push_back(bar);
    if (!is_in(subscribed.bars, symbol)) return;
    DataFrame frame{codec_};
    frame.add(symbol, TapeBarKind::Minute, bar);
    send(frame.take());
  }

  /// A frame as it is.
  void send(std::string bytes) {
    if (!peer_ || !peer_->is_alive()) return;
    peer_->deliver(codec_ == Codec::Json ? net::MessageKind::Text : net::MessageKind::Binary,
                   std::move(bytes));
  }
  void send_error(std::uint32_t code) { send(DataFrame{codec_}.error(code)); }

  // What happens to the connection.
  void drop() {
    if (peer_) peer_->drop();
    subscribed.clear();
  }
  void go_silent() {
    if (peer_) peer_->go_silent();
    subscribed.clear();
  }
  bool is_connected() const { return peer_ && peer_->is_alive(); }

 private:
  Codec codec_;
  DataRequestReader reader_;
  std::optional<net::MemoryPeer> peer_;

 public:
  Manners manners;
  net::MemoryWebSocketTransport sockets;
  net::MemoryHttpTransport http;
  Channels subscribed;                  ///< What stands now.
  std::vector<Channels> subscriptions;  ///< All that was asked for.
  std::vector<DataAuth> authentications;
  std::vector<std::string> urls;
  std::vector<net::HttpRequest> requests;
  std::uint64_t connects = 0;
  std::map<std::string, std::vector<TapeBar>> history;

 private:
  static bool is_in(const std::vector<std::string>& list, const std::string& symbol) {
    return std::ranges::find(list, symbol) != list.end();
  }

  const std::vector<std::string>& listeners(const TapeQuote&) const { return subscribed.quotes; }
  const std::vector<std::string>& listeners(const TapeTrade&) const { return subscribed.trades; }
  const std::vector<std::string>& listeners(const TapeStatus&) const { return subscribed.statuses; }
  const std::vector<std::string>& listeners(const TapeBands&) const { return subscribed.lulds; }

  template <typename Message>
  void publish(const std::string& symbol, const Message& message) {
    if (!is_in(listeners(message), symbol)) return;
    DataFrame frame{codec_};
    frame.add(symbol, message);
    send(frame.take());
  }

  void meet(net::MemoryPeer peer) {
    ++connects;
    urls.push_back(peer.request().url);
    if (!manners.accepts) return peer.refuse(503);
    peer_ = peer;
    subscribed.clear();
    peer.on_message([this](net::MemoryPeer /*from*/, net::MessageKind, std::string_view bytes) {
      hear(reader_.read(bytes).value());
    });
    peer.on_closed([this](std::uint16_t) { subscribed.clear(); });
    peer.accept();
    if (manners.greets) send(DataFrame{codec_}.success("connected"));
  }

  void hear(const DataRequest& request) {
    if (const auto* auth = std::get_if<DataAuth>(&request)) {
      authentications.push_back(*auth);
      if (manners.authentication_error) return send_error(*manners.authentication_error);
      if (manners.answers_authentication) send(DataFrame{codec_}.success("authenticated"));
    }
    if (const auto* subscribe = std::get_if<Subscribe>(&request)) {
      subscriptions.push_back(subscribe->channels);
      if (manners.subscription_error) return send_error(*manners.subscription_error);
      if (!manners.answers_subscription) return;
      subscribed = subscribe->channels;
      Channels echo = subscribed;
      manners.echo(echo);
      send(DataFrame{codec_}.subscription(echo));
    }
  }

  net::HttpResponse answer(const net::HttpRequest& request) {
    requests.push_back(request);
    if (manners.history_refusal) return *manners.history_refusal;
    const auto parameters = parameters_of(request.url);
    const auto start = read_time(parameters.at("start")).value();
    const auto end = read_time(parameters.at("end")).value();
    const auto token = parameters.find("page_token");
    std::size_t skip = token == parameters.end() ? 0 : std::stoul(token->second);
    const std::size_t limit = std::min(manners.rows_max, std::stoul(parameters.at("limit")));

    // By symbol, then by time, as the provider does: a symbol may go on in the next page.
    HistoryPage<TapeBar> page;
    std::size_t passed = 0;
    std::size_t given = 0;
    std::istringstream symbols{parameters.at("symbols")};
    for (std::string symbol; std::getline(symbols, symbol, ',');) {
      for (const TapeBar& bar : history[symbol]) {
        if (bar.start < start || bar.start > end) continue;
        if (passed++ < skip) continue;
        if (given == limit) {
          page.next_page_token = std::to_string(skip + given);
          return {.status = 200, .body = to_json(page)};
        }
        page.rows[symbol].push_back(bar);
        ++given;
      }
    }
    return {.status = 200, .body = to_json(page)};
  }
};

}  // namespace st0ck::alpaca::test
