#include "st0ck/trading/group_request.hpp"

#include <algorithm>

namespace st0ck::trading {

namespace {

constexpr std::string_view kShape = "GROUP_SHAPE";
constexpr std::string_view kSide = "BRACKET_SIDE";

bool is_stop_type(OrderType type) {
  return type == OrderType::Stop || type == OrderType::StopLimit || type == OrderType::TrailingStop;
}

bool has_right_members(const GroupRequest& request) {
  switch (request.kind) {
    case GroupKind::None: return false;
    case GroupKind::OneCancelsOther: return !request.entry && request.target && request.stop;
    case GroupKind::OneTriggersOther:
      return request.entry && request.target.has_value() != request.stop.has_value();
    case GroupKind::Bracket: return request.entry && request.target && request.stop;
  }
  return false;
}

/// Whether an exit is of the instrument and quantity of the group's first order, and on the side
/// that an exit of it has.
bool belongs_to(const OrderRequest& exit, const OrderRequest& first) {
  const Side side = first.purpose == Purpose::Entry ? opposite(first.side) : first.side;
  return exit.purpose == Purpose::Exit && exit.instrument == first.instrument &&
         exit.side == side && exit.terms.quantity == first.terms.quantity;
}

bool has_right_shape(const GroupRequest& request) {
  if (!has_right_members(request)) return false;
  if (request.entry && request.entry->purpose != Purpose::Entry) return false;
  if (request.target && (request.target->type != OrderType::Limit || !request.target->terms.limit))
    return false;
  if (request.stop && !is_stop_type(request.stop->type)) return false;
  const OrderRequest& first = request.entry ? *request.entry : *request.target;
  for (const auto& exit : {request.target, request.stop})
    if (exit && !belongs_to(*exit, first)) return false;
  return true;
}

/// Where a market order of that side would be met.
std::optional<core::Price> touch(Side side, const market::QuoteReading& quote) {
  if (!quote.is_fresh()) return std::nullopt;
  return side == Side::Buy ? quote.quote.ask : quote.quote.bid;
}

/// Whether `price` is where the market has to go for a gain (or a loss) from `from`.
bool is_on_side(Side exit_side, core::Price price, core::Price from, bool is_gain) {
  return (exit_side == Side::Sell) == is_gain ? price > from : price < from;
}

bool has_right_sides(const GroupRequest& request, const market::QuoteReading& quote) {
  const Side exit_side = request.target ? request.target->side : request.stop->side;
  std::optional<core::Price> from = touch(exit_side, quote);
  if (request.entry) {
    const OrderTerms& terms = request.entry->terms;
    from = terms.limit ? terms.limit : terms.stop ? terms.stop : touch(request.entry->side, quote);
  }
  const auto target = request.target ? request.target->terms.limit : std::nullopt;
  const auto stop = request.stop ? request.stop->terms.stop : std::nullopt;
  if (target && stop && !is_on_side(exit_side, *target, *stop, true)) return false;
  if (from && target && request.entry && !is_on_side(exit_side, *target, *from, true)) return false;
  return !(from && stop && !is_on_side(exit_side, *stop, *from, false));
}

}  // namespace

std::optional<std::string_view> defect_of(const GroupRequest& request,
                                          const market::QuoteReading& quote) {
  if (!has_right_shape(request)) return kShape;
  if (!has_right_sides(request, quote)) return kSide;
  return std::nullopt;
}

}  // namespace st0ck::trading
