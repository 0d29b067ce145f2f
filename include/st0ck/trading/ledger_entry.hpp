#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <string_view>

namespace st0ck::trading {

/// What can change a position or cash besides a fill.
enum class LedgerEntryKind : std::uint8_t {
  Dividend,
  BorrowFee,
  Split,
  CashInLieu,  ///< For the fraction of a share that a split left.
  Expiry,      ///< Of an option that was still held.
  Fee,         ///< Of an order, told after its fills.
};

/// A change of a position or of cash that no fill has made.
struct LedgerEntry {
  core::AccountId account;
  core::BotId bot;
  core::InstrumentId instrument;
  LedgerEntryKind kind = LedgerEntryKind::Dividend;
  core::Date date{};        ///< Ex-date, or the New York day it belongs to.
  core::Quantity quantity;  ///< Held when it happened; of a split, after it. Signed.
  core::Money amount;       ///< Received (+) or paid (-).
};

std::string_view name_of(LedgerEntryKind kind);

}  // namespace st0ck::trading
