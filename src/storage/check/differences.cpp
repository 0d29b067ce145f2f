#include "differences.hpp"

#include "queries.hpp"

#include <string_view>

namespace st0ck::storage {

namespace {

constexpr std::string_view kUnsound = R"sql(
SELECT id, 'ended before it was first seen' FROM differences
WHERE ended_ns < first_seen_ns UNION ALL
SELECT id, 'changed before it came up' FROM differences WHERE sequence < sequence_first UNION ALL
SELECT id, 'has the number of another' FROM differences WHERE id < 1 UNION ALL
SELECT max(id), 'is the last, but there are other numbers of rows' FROM differences
HAVING count(*) > 0 AND count(*) <> max(id) UNION ALL
SELECT id, 'came up before one with a lower number' FROM differences AS d
WHERE EXISTS(SELECT 1 FROM differences AS e WHERE e.id < d.id AND e.sequence_first > d.sequence_first)
UNION ALL
SELECT id, 'says wrongly whether it stops entries' FROM differences
WHERE stops_entries <> (kind IN ('POSITION_DIFFERS', 'ORDER_UNBOOKED')) UNION ALL
SELECT id, 'is about no symbol' FROM differences
WHERE symbol IS NULL AND kind <> 'CASH_MOVED' UNION ALL
SELECT id, 'is about no order' FROM differences
WHERE client_order_id IS NULL AND venue_order_id IS NULL
  AND kind IN ('FOREIGN_ORDER', 'ORDER_UNBOOKED', 'ORDER_MISSING') UNION ALL
SELECT id, 'is none: both sides are equal' FROM differences
WHERE (kind IN ('POSITION_DIFFERS', 'POSITION_UNPROVEN') AND ours_e9 IS theirs_e9)
   OR (kind = 'CASH_MOVED' AND cash_ours_e9 IS cash_theirs_e9) UNION ALL
SELECT max(id), 'is in force twice' FROM differences WHERE ended_ns IS NULL
GROUP BY kind, symbol, client_order_id, venue_order_id HAVING count(*) > 1
)sql";

}  // namespace

core::Status check_differences(Database& database, Findings& findings) {
  return for_each_row(database, kUnsound, [&](const Statement& row) {
    findings.add("difference {}: {}", row.integer(0), row.text(1));
  });
}

}  // namespace st0ck::storage
