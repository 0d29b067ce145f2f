#pragma once

#include "src/app/configuration.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::app {

/// What trading at a host means.
enum class HostKind : std::uint8_t {
  Paper,     ///< The broker's own host for simulated money.
  Live,      ///< The one for real money.
  Loopback,  ///< An exchange on this machine: a drill.
  Other,     ///< Something between us and a broker, which we know nothing of.
};

/// Where orders go.
struct BrokerHost {
  HostKind kind = HostKind::Other;
  std::string name;  ///< `paper-api.alpaca.markets`; with its port where that is not the usual one.
};

/// The host of an address such as `https://API.alpaca.markets:443/`, in the form in which it is
/// compared: small letters, no usual port, no dot at its end.
std::string host_of(std::string_view url);

/// What kind of host an address names.
BrokerHost broker_host_at(const std::string& url);

/// The broker's host as configured; mode decides where no address is set. Only for Alpaca.
BrokerHost broker_host_of(const Configuration& configuration);

/// What is recorded when the broker has told of the account `broker_account`.
kernel::AccountCheck account_check_of(const Configuration& configuration,
                                      const std::string& broker_account,
                                      std::optional<core::Date> closed = std::nullopt);

}  // namespace st0ck::app
