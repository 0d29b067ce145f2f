#include "st0ck/market/events.hpp"

namespace st0ck::market {

namespace {

/// A ratio beyond it is taken for a mistake.
constexpr std::uint32_t kSplitRatioMax = 100'000;

}  // namespace

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

std::string_view name_of(TradingState state) {
  switch (state) {
    case TradingState::Trading: return "trading";
    case TradingState::Halted: return "halted";
    case TradingState::Paused: return "paused";
  }
  return "unknown";
}

std::string_view name_of(CorporateActionKind kind) {
  return kind == CorporateActionKind::Split ? "split" : "cash_dividend";
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

std::optional<std::string_view> defect_of(const TradingStatus& status) {
  for (const auto& band : {status.band_low, status.band_high})
    if (band && !band->is_positive()) return "a price band is not positive";
  if (status.band_low && status.band_high && *status.band_high < *status.band_low)
    return "the price bands are crossed";
  return std::nullopt;
}

std::optional<std::string_view> defect_of(const CorporateAction& action) {
  if (action.kind == CorporateActionKind::CashDividend)
    return action.amount.is_positive() ? std::nullopt
                                       : std::optional<std::string_view>{"amount is not positive"};
  if (action.numerator == 0 || action.denominator == 0) return "the split's ratio has a zero";
  if (action.numerator > kSplitRatioMax || action.denominator > kSplitRatioMax)
    return "the split's ratio is beyond 100000";
  return std::nullopt;
}

}  // namespace st0ck::market
