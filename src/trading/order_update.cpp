#include "st0ck/trading/order_update.hpp"

namespace st0ck::trading {

std::string_view name_of(OrderUpdateKind kind) {
  switch (kind) {
    case OrderUpdateKind::Accepted: return "accepted";
    case OrderUpdateKind::Rejected: return "rejected";
    case OrderUpdateKind::Fill: return "fill";
    case OrderUpdateKind::Cancelled: return "cancelled";
    case OrderUpdateKind::CancelRejected: return "cancel_rejected";
    case OrderUpdateKind::Replaced: return "replaced";
    case OrderUpdateKind::ReplaceRejected: return "replace_rejected";
    case OrderUpdateKind::Expired: return "expired";
    case OrderUpdateKind::TimedOut: return "timed_out";
    case OrderUpdateKind::ProvenAbsent: return "proven_absent";
    case OrderUpdateKind::DuplicateId: return "duplicate_id";
  }
  return "unknown";
}

}  // namespace st0ck::trading
