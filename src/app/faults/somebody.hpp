#pragma once

#include "src/app/faults/exchange_books.hpp"
#include "src/app/faults/fault_exchange.hpp"
#include "src/app/faults/schedule.hpp"
#include "src/app/faults/timeline.hpp"

#include <functional>
#include <string>

namespace st0ck::app::faults {

/// Somebody else who trades in the account, in symbols of ours; what he holds he gives back.
class Somebody {
 public:
  struct Parts {
    const Schedule& schedule;
    net::Scheduler& scheduler;
    FaultExchange& exchange;
    const ExchangeBooks& books;
    std::function<void(std::string what)> say;
  };

  explicit Somebody(Parts parts) : parts_{std::move(parts)} {}

  /// His trades, each at its time; once nothing goes wrong any more he goes back to where he began.
  void plan();

 private:
  void trade(const ForeignTrade& trade);
  void give_back();

  Parts parts_;
};

}  // namespace st0ck::app::faults
