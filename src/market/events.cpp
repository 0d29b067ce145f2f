#include "st0ck/market/events.hpp"

namespace st0ck::market {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::Prepare: return "prepare";
    case Phase::Open: return "open";
    case Phase::Close: return "close";
  }
  return "unknown";
}

std::string_view name_of(ProviderState state) {
  switch (state) {
    case ProviderState::Connected: return "connected";
    case ProviderState::Degraded: return "degraded";
    case ProviderState::Down: return "down";
    case ProviderState::Finished: return "finished";
  }
  return "unknown";
}

std::optional<std::string_view> defect_of(const Quote& quote) {
  if (!quote.bid.is_positive() || !quote.ask.is_positive()) return "INVALID";
  if (quote.ask < quote.bid) return "CROSSED";
  return std::nullopt;
}

std::optional<std::string_view> defect_of(const Bar& bar) {
  if (!bar.open.is_positive() || !bar.high.is_positive() || !bar.low.is_positive() ||
      !bar.close.is_positive())
    return "a price is not positive";
  if (bar.high < bar.open || bar.high < bar.close) return "high is below open or close";
  if (bar.low > bar.open || bar.low > bar.close) return "low is above open or close";
  if (bar.volume.is_negative()) return "volume is negative";
  if (bar.end <= bar.start) return "the bar ends before it starts";
  return std::nullopt;
}

std::optional<std::string_view> defect_of(const Trade& trade) {
  if (!trade.price.is_positive()) return "price is not positive";
  if (!trade.size.is_positive()) return "size is not positive";
  return std::nullopt;
}

}  // namespace st0ck::market
