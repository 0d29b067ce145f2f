#include "src/app/alpaca_parts.hpp"

#include "src/app/cache_metrics.hpp"
#include "src/app/net_metrics.hpp"
#include "src/app/slow_operations.hpp"
#include "st0ck/adapters/alpaca/alpaca_broker.hpp"
#include "st0ck/adapters/alpaca/alpaca_stream.hpp"
#include "st0ck/adapters/alpaca/asset_terms.hpp"
#include "st0ck/adapters/alpaca/corporate_actions_reader.hpp"
#include "st0ck/adapters/alpaca/credentials.hpp"
#include "st0ck/adapters/alpaca/history.hpp"
#include "st0ck/adapters/alpaca/reference_reader.hpp"
#include "st0ck/adapters/alpaca/request_limits.hpp"
#include "st0ck/adapters/alpaca/rest_reader.hpp"
#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/net/beast_web_socket.hpp"
#include "st0ck/net/curl_transport.hpp"
#include "st0ck/net/http_client.hpp"
#include "st0ck/net/socket_keys.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

/// How long the provider may take to notice that a socket of ours is gone.
constexpr core::Duration kSocketLinger = 1s;

/// Whoever asks for an asset again a while later wants to know what has changed.
constexpr core::Duration kAssetAge = 1min;

alpaca::Feed feed_of(AlpacaFeedChoice choice) {
  switch (choice) {
    case AlpacaFeedChoice::Iex: return alpaca::Feed::Iex;
    case AlpacaFeedChoice::Sip: return alpaca::Feed::Sip;
    case AlpacaFeedChoice::DelayedSip: return alpaca::Feed::DelayedSip;
    case AlpacaFeedChoice::Test: return alpaca::Feed::Test;
  }
  return alpaca::Feed::Iex;
}

/// `http://host` and `https://host` as the socket addresses beside them.
alpaca::TradingEndpoints endpoints_of(const Configuration& configuration) {
  const std::string& url = configuration.broker.alpaca.url;
  if (url.empty())
    return configuration.mode == "live" ? alpaca::TradingEndpoints::live()
                                        : alpaca::TradingEndpoints::paper();
  const std::string base = url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
  return {base, "ws" + base.substr(4) + "/stream"};
}

/// Requests of one purpose with connections and limits of their own.
struct Channel {
  Channel(const LiveSurroundings& around, std::unique_ptr<net::HttpTransport> http,
          const net::HttpPoolSettings& pool_settings, const net::RateLimiterSettings& limits,
          std::uint64_t seed)
      : transport{std::move(http)},
        pool{around.scheduler, *transport, pool_settings},
        limiter{around.scheduler, around.clock, limits},
        client{around.scheduler, around.clock, limiter, pool, {}, seed} {
    if (around.slow != nullptr)
      client.listen([slow = around.slow](std::string_view group, core::Duration latency) {
        slow->note("http", group, latency);
      });
  }

  std::unique_ptr<net::HttpTransport> transport;
  net::HttpPool pool;
  net::RateLimiter limiter;
  net::HttpClient client;
};

Json feed_json(const alpaca::FeedTraits& feed) {
  return {{"name", feed.name},
          {"description", feed.description},
          {"is_consolidated", feed.is_consolidated},
          {"is_real_time", feed.is_real_time},
          {"has_off_exchange_trades", feed.has_off_exchange_trades},
          {"has_complete_bars", feed.has_complete_bars},
          {"has_true_quotes", feed.has_true_quotes}};
}

Json stream_json(const alpaca::AlpacaStreamStats& stream) {
  return {{"is_streaming", stream.is_streaming}, {"connections", stream.connections},
          {"attempts", stream.attempts},         {"late_quotes", stream.late_quotes},
          {"late_trades", stream.late_trades},   {"trades_withheld", stream.trades_withheld},
          {"corrections", stream.corrections},   {"back_fills", stream.back_fills}};
}

/// Everything that stream and broker stand on.
class Connection {
 public:
  Connection(const Configuration& configuration, const LiveSurroundings& around,
             const alpaca::Credentials& keys, AlpacaTransports transports)
      : transports_{std::move(transports)},
        socket_keys_{around.scheduler, kSocketLinger},
        data_{around,
              transports_.make_http(),
              {.name = "stock_data", .connections = 3},
              alpaca::rate_limits_of(configuration.market.alpaca.request_limits),
              transports_.seed()},
        reader_{around.scheduler,
                data_.client,
                {.base_url = configuration.market.alpaca.data_url},
                {keys.key_id, keys.secret}},
        feed_{feed_of(configuration.market.alpaca.feed)},
        history_{{.feed = feed_}, {around.clock, around.instruments, reader_}} {}

  std::unique_ptr<market::StreamSource> make_stream(const Configuration& configuration,
                                                    const LiveSurroundings& around,
                                                    const alpaca::Credentials& keys) {
    alpaca::AlpacaStreamSettings settings;
    settings.base_url = configuration.market.alpaca.stream_url;
    settings.feed = feed_;
    settings.codec =
        configuration.market.alpaca.uses_msgpack ? alpaca::Codec::Msgpack : alpaca::Codec::Json;
    settings.watch.stale_after = configuration.market.alpaca.stale_after;
    settings.seed = transports_.seed();
    auto stream = std::make_unique<alpaca::AlpacaStream>(
        settings, alpaca::DataAuth{keys.key_id, keys.secret},
        alpaca::AlpacaStream::Parts{around.scheduler, *transports_.sockets, socket_keys_,
                                    around.clock, around.instruments, history_, around.log});
    stream_ = stream.get();
    return stream;
  }

  std::unique_ptr<trading::RemoteBroker> make_broker(const Configuration& configuration,
                                                     const LiveSurroundings& around,
                                                     const alpaca::Credentials& keys) {
    const AlpacaBrokerSettings& chosen = configuration.broker.alpaca;
    trading_ = std::make_unique<Channel>(
        around, transports_.make_http(),
        net::HttpPoolSettings{.name = "trading", .connections = 2, .kept_for_orders = 1},
        alpaca::rate_limits_of(chosen.request_limits), transports_.seed());
    alpaca::AlpacaBrokerSettings settings;
    settings.endpoints = endpoints_of(configuration);
    settings.api.order_timeout = chosen.order_timeout;
    settings.poll_pause = chosen.poll_every;
    std::vector<core::BotId> bots;
    bots.reserve(configuration.bots.size());
    for (const ConfiguredBot& bot : configuration.bots) bots.push_back(bot.identity.bot);
    return std::make_unique<alpaca::AlpacaBroker>(
        alpaca::AlpacaBroker::Parts{around.scheduler, around.clock, around.instruments,
                                    around.updates, trading_->client, *transports_.sockets,
                                    socket_keys_, around.log, keys, std::move(bots),
                                    transports_.seed()},
        settings);
  }

  std::unique_ptr<market::CorporateActionSource> make_corporate_actions(
      const LiveSurroundings& around) {
    return std::make_unique<alpaca::CorporateActionsReader>(
        alpaca::CorporateActionsReaderSettings{}, reader_, around.instruments);
  }

  /// After the broker, on whose channel its assets are asked for.
  std::unique_ptr<trading::TermsSource> make_terms(const Configuration& configuration,
                                                   const LiveSurroundings& around,
                                                   const alpaca::Credentials& keys) {
    trading_reader_ = std::make_unique<alpaca::RestReader>(
        around.scheduler, trading_->client,
        alpaca::RestReaderSettings{.base_url = endpoints_of(configuration).rest},
        alpaca::DataAuth{keys.key_id, keys.secret});
    reference_ = std::make_unique<alpaca::ReferenceReader>(
        alpaca::ReferenceReaderSettings{.assets = {.ttl = kAssetAge, .entries_max = 1000}},
        *trading_reader_, around.clock);
    return std::make_unique<alpaca::AssetTerms>(*reference_);
  }

  /// Of an exchange that has trading and data at one address, as st0ck-exchange has.
  void read_time(const core::Clock& clock,
                 const std::function<void(const core::Result<TimeReport>&)>& done) {
    reader_.get(alpaca::EndpointGroup::Account, "/v2/clock",
                [&clock, done](const core::Result<std::string>& body) {
                  if (!body) return done(tl::unexpected<core::Error>(body.error()));
                  const auto told = alpaca::read_clock(*body);
                  if (!told) return done(tl::unexpected<core::Error>(told.error()));
                  done(TimeReport{told->time, clock.now()});
                });
  }

  void add_metrics(Json& json) {
    json["feed"] = feed_json(alpaca::traits_of(feed_));
    if (stream_ != nullptr) json["stream"] = stream_json(stream_->stats());
    std::vector<CacheFigures> caches;
    if (reference_ != nullptr) caches.push_back(figures_of(reference_->assets()));
    add_caches(json, caches);
    json["pools"]["stock_data"] = pool_json(data_.pool);
    json["pools"]["option_data"] = {{"connections", nullptr},
                                    {"reason", "not there: nothing asks for option data yet"}};
    json["limits"]["data"] = limit_json(data_.limiter.stats());
    if (trading_ != nullptr) {
      json["pools"]["trading"] = pool_json(trading_->pool);
      json["limits"]["trading"] = limit_json(trading_->limiter.stats());
    }
    Json& endpoints = json["endpoints"] = Json::object();
    add_endpoints(endpoints, data_.client.stats());
    if (trading_ != nullptr) add_endpoints(endpoints, trading_->client.stats());
  }

 private:
  AlpacaTransports transports_;
  net::SocketKeys socket_keys_;
  Channel data_;
  alpaca::RestReader reader_;
  alpaca::Feed feed_;
  alpaca::AlpacaHistory history_;
  std::unique_ptr<Channel> trading_;
  std::unique_ptr<alpaca::RestReader> trading_reader_;
  std::unique_ptr<alpaca::ReferenceReader> reference_;
  const alpaca::AlpacaStream* stream_ = nullptr;  ///< For its figures; owned by the run.
};

net::CurlSettings curl_of(const Configuration& configuration) {
  net::CurlSettings settings;
  if (configuration.net.ca_file) settings.ca_file = configuration.net.ca_file->string();
  return settings;
}

}  // namespace

core::Result<LiveParts> open_alpaca(const Configuration& configuration,
                                    const LiveSurroundings& around) {
  const auto keys =
      alpaca::read_credentials(configuration.account.name, alpaca::process_environment());
  if (!keys) return tl::unexpected(keys.error());
  net::TlsTrust trust;
  if (configuration.net.ca_file) trust.ca_file = configuration.net.ca_file->string();
  auto sockets = net::BeastWebSocketTransport::create(around.io, trust);
  if (!sockets) return tl::unexpected(sockets.error());
  AlpacaTransports transports;
  transports.sockets = std::move(*sockets);
  transports.make_http = [&io = around.io, curl = curl_of(configuration)] {
    return std::make_unique<net::CurlTransport>(io, curl);
  };
  // No two daemons shall come back at one moment.
  transports.seed = [] { return std::random_device{}(); };
  return open_alpaca_over(configuration, around, *keys, std::move(transports));
}

LiveParts open_alpaca_over(const Configuration& configuration, const LiveSurroundings& around,
                           const alpaca::Credentials& keys, AlpacaTransports transports) {
  const auto connection =
      std::make_shared<Connection>(configuration, around, keys, std::move(transports));
  LiveParts parts;
  parts.owner = connection;
  parts.stream = connection->make_stream(configuration, around, keys);
  parts.corporate_actions = connection->make_corporate_actions(around);
  if (configuration.broker.kind == BrokerKind::Alpaca) {
    parts.broker = connection->make_broker(configuration, around, keys);
    parts.terms = connection->make_terms(configuration, around, keys);
  }
  if (configuration.clock.source == ClockSource::Market)
    parts.time = [connection, &clock = around.clock](const auto& done) {
      connection->read_time(clock, done);
    };
  parts.add_metrics = [connection](Json& metrics) { connection->add_metrics(metrics); };
  return parts;
}

}  // namespace st0ck::app
