#include "st0ck/trading/ledger_entry.hpp"

namespace st0ck::trading {

std::string_view name_of(LedgerEntryKind kind) {
  switch (kind) {
    case LedgerEntryKind::Dividend: return "dividend";
    case LedgerEntryKind::BorrowFee: return "borrow_fee";
    case LedgerEntryKind::Split: return "split";
    case LedgerEntryKind::CashInLieu: return "cash_in_lieu";
    case LedgerEntryKind::Expiry: return "expiry";
    case LedgerEntryKind::Fee: return "fee";
  }
  return "unknown";
}

}  // namespace st0ck::trading
