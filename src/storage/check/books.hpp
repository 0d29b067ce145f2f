#pragma once

#include "fifo_oracle.hpp"
#include "findings.hpp"
#include "rows.hpp"

#include <map>
#include <string>
#include <vector>

namespace st0ck::storage {

/// What follows from the fills of a trade log alone.
struct Books {
  struct OrderSum {
    core::Int128 quantity = 0;
    core::Int128 notional = 0;
    core::Int128 fees = 0;
    core::Sequence newest;
  };
  /// What a fill or a ledger entry has added to its bot's figures.
  struct Gain {
    core::AccountId account;
    core::BotId bot;
    core::Sequence sequence;
    bool is_fill = false;
    core::Int128 realized = 0;
    core::Int128 fees = 0;
  };

  std::map<core::ClientOrderId, const kernel::OrderRow*> orders;  ///< The rows' own.
  FifoOracle oracle;
  std::map<core::ClientOrderId, OrderSum> by_order;
  std::vector<Gain> gains;  ///< In the order of their records.
};

/// Books the fills and ledger entries in their order, checking each by itself and a fill against
/// its order; one that cannot be booked is a finding.
Books book_fills(const CheckRows& rows, Findings& findings);

void check_orders(const CheckRows& rows, const Books& books, Findings& findings);
void check_positions(const CheckRows& rows, const Books& books, Findings& findings);

/// Round trips against those that the fills make.
void check_trades(const CheckRows& rows, const Books& books, Findings& findings);

/// Daily figures, equity and the run's totals.
void check_sums(const CheckRows& rows, const Books& books, Findings& findings);

/// Cash of the equity marks against the cash of the start with all that was paid and received.
void check_cash(const CheckRows& rows, Findings& findings);

std::string name_of(const FifoOracle::Key& key);

}  // namespace st0ck::storage
