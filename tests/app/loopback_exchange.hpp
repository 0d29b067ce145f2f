#pragma once

#include "src/app/exchange/data_side.hpp"
#include "src/app/exchange/exchange_host.hpp"
#include "src/app/exchange/exchange_server.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace st0ck::app {

/// A whole st0ck-exchange behind real sockets of this machine, whose time goes on only when it is
/// told to: what happens there is the same in every run.
class LoopbackExchange {
 public:
  /// Keys are `test` and `test`.
  explicit LoopbackExchange(const exchange::ExchangeSettings& settings);
  ~LoopbackExchange();

  const core::Clock& clock() const { return host_->clock(); }
  std::string http() const;
  std::string web_socket() const;

  /// Lets the market begin.
  void run() { host_->run(); }

  /// Answers what has come in at the sockets. Returns whether there was something.
  bool serve();

  /// Goes on to what happens next, but not beyond the next tenth of a second of its time.
  void step();

  /// Quotes of an instrument that were told.
  std::uint64_t quotes_of(core::InstrumentId instrument) const;

  core::InstrumentId instrument(std::string_view symbol) const;

  /// The lines of the scenario's faults so far.
  const std::vector<std::string>& faults() const { return faults_; }
  exchange::ExchangeHost& host() { return *host_; }

  /// What has filled of all orders of the account.
  core::Quantity filled();

 private:
  class QuoteCount;

  boost::asio::io_context io_{1};
  net::SimulatedScheduler scheduler_;
  std::unique_ptr<exchange::DataSide> data_;
  std::unique_ptr<QuoteCount> quotes_;
  std::unique_ptr<exchange::ExchangeHost> host_;
  std::unique_ptr<exchange::ExchangeServer> server_;
  std::vector<std::string> faults_;
};

}  // namespace st0ck::app
