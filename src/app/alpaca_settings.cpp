#include "src/app/alpaca_settings.hpp"

#include "st0ck/net/web_socket_url.hpp"

#include <array>
#include <string>
#include <string_view>

namespace st0ck::app {

namespace {

/// Whether keys may go there: encrypted, or not beyond this machine; and whether it is an address
/// alone, to which paths can be added.
bool may_be_trusted(const std::string& url, std::string_view encrypted, std::string_view plain) {
  if (url.find_first_of("@?# ") != std::string::npos) return false;
  // Its form is that of a WebSocket's, with another first word.
  if (!net::parse_web_socket_url(url.starts_with("http") ? "ws" + url.substr(4) : url))
    return false;
  return url.starts_with(encrypted) || (url.starts_with(plain) && is_loopback(url));
}

template <typename Limits>
void add_limit(core::Schema<Limits>& schema, std::string_view key, std::uint32_t Limits::* member,
               const Limits& defaults, std::string_view help) {
  schema.field(key, member)
      .help(help)
      .by_default(std::to_string(defaults.*member))
      .range("10", std::to_string(alpaca::kPaidPlanRequests))  // More no plan has.
      .unit("requests");
}

}  // namespace

core::Schema<AlpacaMarketSettings> alpaca_market_schema() {
  core::Schema<AlpacaMarketSettings> schema;
  schema.field("feed", &AlpacaMarketSettings::feed)
      .help(
          "iex is one venue with some 2 % of the volume; sip is the consolidated tape, which a "
          "paid plan has; delayed_sip comes 15 minutes late and decides nothing; test is the "
          "symbol FAKEPACA.")
      .words({{"iex", AlpacaFeedChoice::Iex},
              {"sip", AlpacaFeedChoice::Sip},
              {"delayed_sip", AlpacaFeedChoice::DelayedSip},
              {"test", AlpacaFeedChoice::Test}})
      .by_default("iex");
  schema.field("msgpack", &AlpacaMarketSettings::uses_msgpack)
      .help("Whether the stream is asked for in MessagePack; JSON gives decimals as they are.")
      .by_default("false")
      .not_in_hash();
  schema.field("data_url", &AlpacaMarketSettings::data_url)
      .help("Where history is asked for.")
      .by_default("https://data.alpaca.markets")
      .not_in_hash();
  schema.field("stream_url", &AlpacaMarketSettings::stream_url)
      .help("Where the stream is, without the feed.")
      .by_default("wss://stream.data.alpaca.markets")
      .not_in_hash();
  schema.field("stale_after", &AlpacaMarketSettings::stale_after)
      .help("In session: a stream that says nothing for so long counts as degraded.")
      .by_default("5s")
      .range("1s", "5m");
  schema.check([](const AlpacaMarketSettings& settings, core::SettingChecks& checks) {
    if (!may_be_trusted(settings.data_url, "https://", "http://"))
      checks.add("data_url", "an address that begins with https://, or http:// on this machine");
    if (!may_be_trusted(settings.stream_url, "wss://", "ws://"))
      checks.add("stream_url", "an address that begins with wss://, or ws:// on this machine");
  });
  return schema;
}

core::Schema<AlpacaBrokerSettings> alpaca_broker_schema() {
  core::Schema<AlpacaBrokerSettings> schema;
  schema.field("url", &AlpacaBrokerSettings::url)
      .help("Where orders go; empty is Alpaca's paper or live host, as mode says.")
      .by_default("")
      .not_in_hash();
  schema.field("order_timeout", &AlpacaBrokerSettings::order_timeout)
      .help(
          "A request without an answer for so long counts as unknown, and its order is looked up.")
      .by_default("2s")
      .range("100ms", "30s");
  schema.field("poll_every", &AlpacaBrokerSettings::poll_every)
      .help("How often orders are listed beside the stream.")
      .by_default("60s")
      .range("1s", "10m");
  schema.check([](const AlpacaBrokerSettings& settings, core::SettingChecks& checks) {
    if (!settings.url.empty() && !may_be_trusted(settings.url, "https://", "http://"))
      checks.add("url",
                 "empty, or an address that begins with https://, or http:// on this machine");
  });
  return schema;
}

core::Schema<alpaca::DataRequestLimits> data_request_limits_schema(AlpacaFeedChoice feed) {
  using Limits = alpaca::DataRequestLimits;
  const Limits defaults{.requests = feed == AlpacaFeedChoice::Sip ? alpaca::kPaidPlanRequests
                                                                  : alpaca::kFreePlanRequests};
  core::Schema<Limits> schema;
  add_limit(schema, "requests_per_minute", &Limits::requests, defaults,
            "Requests for market data in a minute, as the plan allows: 200 on the free one, 10000 "
            "on the paid one, which is the default with the feed sip.");
  add_limit(schema, "quote_requests_per_minute", &Limits::quotes, defaults,
            "Of these, for quotes.");
  add_limit(schema, "trade_requests_per_minute", &Limits::trades, defaults,
            "Of these, for trades.");
  add_limit(schema, "option_requests_per_minute", &Limits::options, defaults,
            "Of these, for option chains.");
  schema.not_in_hash();
  return schema;
}

core::Schema<alpaca::TradingRequestLimits> trading_request_limits_schema() {
  using Limits = alpaca::TradingRequestLimits;
  const Limits defaults;
  core::Schema<Limits> schema;
  add_limit(schema, "requests_per_minute", &Limits::requests, defaults,
            "What the account may ask the broker in a minute; a fifth is kept for exits and "
            "cancels.");
  add_limit(schema, "order_requests_per_minute", &Limits::orders, defaults,
            "Of these, for orders and look-ups of them; again with a fifth for exits and cancels.");
  add_limit(schema, "account_requests_per_minute", &Limits::account, defaults,
            "Of these, for the account, its positions, clock and calendar.");
  return schema;
}

core::Schema<NetSettings> net_schema() {
  core::Schema<NetSettings> schema;
  schema.field("ca_file", &NetSettings::ca_file)
      .help("Certificate authorities to trust, in PEM; the system's without.")
      .not_in_hash();
  return schema;
}

bool is_loopback(const std::string& url) {
  constexpr std::array<std::string_view, 3> kHosts{"127.0.0.1", "localhost", "[::1]"};
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return false;
  const std::string_view rest = std::string_view{url}.substr(scheme + 3);
  for (const std::string_view host : kHosts) {
    if (!rest.starts_with(host)) continue;
    const std::string_view after = rest.substr(host.size());
    if (after.empty() || after.front() == ':' || after.front() == '/') return true;
  }
  return false;
}

}  // namespace st0ck::app
