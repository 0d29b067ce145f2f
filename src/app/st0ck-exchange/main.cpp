#include "src/app/exchange/data_side.hpp"
#include "src/app/exchange/exchange_host.hpp"
#include "src/app/exchange/exchange_server.hpp"
#include "src/app/exit_code.hpp"
#include "src/app/option_checks.hpp"
#include "src/app/program_main.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/core/version.hpp"
#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/net/asio_scheduler.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace {

using namespace st0ck;

struct Arguments {
  std::string address;
  std::uint64_t seed = 1;
  std::string market = "generated";
  double speed = 1;
  std::string at = "09:30:00";
  std::string date;
  std::string scenario;
  std::string key = "test";
  std::string secret = "test";
  bool has_own_keys = false;
  std::string cash = "100000";
  std::uint32_t leverage = 2;
  std::string certificate;
  std::string key_file;
};

void declare(CLI::App& cli, Arguments& arguments) {
  cli.set_version_flag("--version", std::string{core::kVersion});
  cli.add_option("--alpaca", arguments.address,
                 "Where Alpaca's clients find it: trading, data and all streams; port 0 is any")
      ->type_name("ADDRESS:PORT")
      ->required();
  cli.add_option("--seed", arguments.seed, "Of the generated market")
      ->check(app::whole_number_from(0))
      ->capture_default_str();
  cli.add_option("--market", arguments.market,
                 "generated, or a folder of one-minute bars like SPY.csv.gz")
      ->check(app::not_empty())
      ->capture_default_str();
  cli.add_option("--speed", arguments.speed, "Simulated seconds in a real one")
      ->check(app::number_from(0.001, 1'000'000.0))
      ->capture_default_str();
  cli.add_option("--at", arguments.at, "New York time at which its day begins")
      ->capture_default_str();
  cli.add_option("--date", arguments.date,
                 "Session that it begins in (2025-06-02; of recorded bars the last)")
      ->check(app::not_empty());
  cli.add_option("--scenario", arguments.scenario,
                 "YAML file: limits, latency, and faults of every kind (config/scenarios)")
      ->check(app::not_empty());
  cli.add_option("--key", arguments.key, "Key id of the account; wanted where others can connect")
      ->check(app::word())
      ->capture_default_str();
  cli.add_option("--secret", arguments.secret, "Its secret; the same")
      ->check(app::word())
      ->capture_default_str();
  cli.add_option("--cash", arguments.cash, "What the account begins with, in dollars")
      ->capture_default_str();
  cli.add_option("--margin", arguments.leverage, "Times equity that it may hold")
      ->check(CLI::IsMember({1, 2, 4}))
      ->capture_default_str();
  auto* certificate =
      cli.add_option("--tls-cert", arguments.certificate, "Certificate chain, PEM; TLS then")
          ->check(app::not_empty());
  auto* key_file = cli.add_option("--tls-key", arguments.key_file, "Its private key, PEM")
                       ->check(app::not_empty());
  certificate->needs(key_file);
  key_file->needs(certificate);
  cli.footer(
      "Prints a line that begins with `ready` once it listens. SIGINT and SIGTERM stop it.\n"
      "Exit codes: 0 fine, 2 arguments or input, 70 internal.");
}

/// `127.0.0.1:8080` or `[::1]:8080`.
core::Status read_address(const std::string& text, net::HttpServerSettings& server) {
  const auto colon = text.rfind(':');
  std::uint32_t port = 0;
  const char* begin = text.data() + std::min(colon + 1, text.size());
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(begin, end, port);
  if (colon == std::string::npos || colon == 0 || error != std::errc{} || stopped != end ||
      port > std::numeric_limits<std::uint16_t>::max())
    return core::fail(core::Errc::BadInput,
                      "--alpaca: found '{}', allowed is ADDRESS:PORT like 127.0.0.1:8080", text);
  server.address = text.substr(0, colon);
  if (server.address.front() == '[' && server.address.back() == ']')
    server.address = server.address.substr(1, server.address.size() - 2);
  server.port = static_cast<std::uint16_t>(port);
  return {};
}

/// Keys that everybody knows are for this machine alone. What is no address, the server refuses.
core::Status check_keys(const Arguments& arguments, const net::HttpServerSettings& server) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(server.address, error);
  if (error || address.is_loopback() || arguments.has_own_keys) return {};
  return core::fail(core::Errc::BadInput,
                    "--alpaca: {} can be reached from other machines, which the keys test and test "
                    "are not for; give --key and --secret, or listen on 127.0.0.1",
                    server.address);
}

/// Ids that no run before has made, whatever the seed.
std::uint64_t new_run() {
  std::random_device system;
  constexpr unsigned kHalf = 32;
  return (std::uint64_t{system()} << kHalf | system()) | 1U;
}

core::Result<app::exchange::ExchangeSettings> settings_of(const Arguments& arguments) {
  app::exchange::ExchangeSettings settings;
  settings.market.seed = arguments.seed;
  settings.speed = arguments.speed;
  if (arguments.market != "generated") settings.market.recorded = arguments.market;
  const auto at = core::parse_time_of_day(arguments.at);
  if (!at)
    return core::fail(core::Errc::BadInput, "--at: found '{}', allowed is a time like 09:30:00",
                      arguments.at);
  settings.market.at = *at;
  if (!arguments.date.empty()) {
    const auto date = core::parse_date(arguments.date);
    if (!date) return core::at("--date", date.error());
    settings.market.date = *date;
  }
  const auto cash = core::Money::parse(arguments.cash);
  if (!cash) return core::at("--cash", cash.error());
  if (cash->is_negative() || *cash > core::Money::whole(100'000'000))
    return core::fail(core::Errc::OutOfRange, "--cash: found {}, allowed are 0 to 100000000",
                      arguments.cash);
  app::exchange::AccountSettings& account = settings.accounts.front();
  account.key = arguments.key;
  account.secret = arguments.secret;
  account.cash = *cash;
  account.leverage = arguments.leverage;
  account.seed = arguments.seed;
  account.run = new_run();
  if (arguments.scenario.empty()) return settings;
  auto loaded = app::exchange::load_scenario(arguments.scenario);
  for (const core::SettingProblem& problem : loaded.problems)
    fmt::print(stderr, "{}\n", problem.to_string());
  if (!loaded.problems.empty())
    return core::fail(core::Errc::BadInput, "--scenario: {} problem{} in {}",
                      loaded.problems.size(), loaded.problems.size() == 1 ? "" : "s",
                      arguments.scenario);
  settings.scenario = loaded.scenario;
  return settings;
}

/// Tells a person at a terminal how far the history is.
std::function<void(std::size_t)> progress_of(const app::exchange::ExchangeSettings& settings) {
  if (::isatty(STDERR_FILENO) == 0) return [](std::size_t) {};
  return [all = settings.market.sessions_before](std::size_t sessions) {
    fmt::print(stderr, "\rhistory: session {} of {}{}", sessions, all, sessions == all ? "\n" : "");
  };
}

/// At once, so that a drill can be watched.
void print_line(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

int report(const core::Error& error) {
  fmt::print(stderr, "st0ck-exchange: {}\n", error.message);
  return app::exit_code_of(error.code);
}

int run(const Arguments& arguments) {
  net::HttpServerSettings serving;
  if (auto read = read_address(arguments.address, serving); !read) return report(read.error());
  if (auto checked = check_keys(arguments, serving); !checked) return report(checked.error());
  if (!arguments.certificate.empty())
    serving.tls = net::ServerIdentity{arguments.certificate, arguments.key_file};
  const auto settings = settings_of(arguments);
  if (!settings) return report(settings.error());

  boost::asio::io_context io{1};
  net::AsioScheduler scheduler{io};
  const kernel::LiveClock wall;
  // Goes after the host, which feeds it.
  std::unique_ptr<app::exchange::DataSide> data;
  const auto host = app::exchange::ExchangeHost::open(
      *settings, {.scheduler = scheduler, .wall = wall, .on_fault = print_line},
      [&](app::exchange::ExchangeHost& opening) -> core::Result<app::exchange::DataHalf> {
        auto made = app::exchange::DataSide::open(*settings, opening,
                                                  {scheduler, wall, progress_of(*settings)});
        if (!made) return tl::unexpected(made.error());
        data = std::move(*made);
        return data->half();
      });
  if (!host) return report(host.error());
  auto& exchange = **host;
  std::optional<core::Error> failure;
  const auto server = app::exchange::ExchangeServer::listen(io, scheduler, serving, exchange,
                                                            [&](const core::Error& error) {
                                                              failure = error;
                                                              io.stop();
                                                            });
  if (!server) return report(server.error());

  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  app::exchange::ExchangeServer& listening = **server;
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    listening.stop();
    // What is left of the market must not keep the program.
    scheduler.call_after(serving.close_deadline, [&io] { io.stop(); });
    if (listening.connections() == 0) io.stop();
  });
  exchange.run();
  fmt::print("ready {}://{}:{} New York {}\n", serving.tls ? "https" : "http", serving.address,
             listening.port(), core::format_new_york(exchange.clock().now()));
  std::fflush(stdout);
  io.run();
  return failure ? report(*failure) : app::kExitFine;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"st0ck-exchange: a simulated exchange that clients of Alpaca trade at unchanged",
               "st0ck-exchange"};
  Arguments arguments;
  declare(cli, arguments);
  return app::run_program(cli, argc, argv, [&] {
    arguments.has_own_keys = cli.count("--key") > 0 && cli.count("--secret") > 0;
    return run(arguments);
  });
}
