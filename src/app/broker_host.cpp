#include "src/app/broker_host.hpp"

#include "st0ck/adapters/alpaca/trading_endpoints.hpp"
#include "st0ck/core/version.hpp"

#include <algorithm>

namespace st0ck::app {

namespace {

std::string_view name_of(ClockSource source) {
  switch (source) {
    case ClockSource::Machine: return "machine";
    case ClockSource::Broker: return "broker";
    case ClockSource::Market: return "market";
  }
  return "unknown";
}

std::string_view usual_port(std::string_view url) {
  return url.starts_with("https:") || url.starts_with("wss:") ? ":443" : ":80";
}

}  // namespace

std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  std::string_view host = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.ends_with(usual_port(url))) host.remove_suffix(usual_port(url).size());
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string name{host};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return name;
}

BrokerHost broker_host_at(const std::string& url) {
  const std::string name = host_of(url);
  if (is_loopback(url)) return {HostKind::Loopback, name};
  if (name == host_of(alpaca::TradingEndpoints::paper().rest)) return {HostKind::Paper, name};
  if (name == host_of(alpaca::TradingEndpoints::live().rest)) return {HostKind::Live, name};
  return {HostKind::Other, name};
}

BrokerHost broker_host_of(const Configuration& configuration) {
  const std::string& url = configuration.broker.alpaca.url;
  if (!url.empty()) return broker_host_at(url);
  return broker_host_at(configuration.mode == "live" ? alpaca::TradingEndpoints::live().rest
                                                     : alpaca::TradingEndpoints::paper().rest);
}

kernel::AccountCheck account_check_of(const Configuration& configuration,
                                      const std::string& broker_account,
                                      std::optional<core::Date> closed) {
  kernel::AccountCheck check;
  check.account = configuration.account.name;
  check.host = broker_host_of(configuration).name;
  check.market_host = host_of(configuration.market.alpaca.stream_url);
  check.broker_account = broker_account;
  check.clock = name_of(configuration.clock.source);
  check.program = core::kVersion;
  check.closed = closed;
  return check;
}

}  // namespace st0ck::app
