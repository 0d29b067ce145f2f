#include "st0ck/adapters/alpaca/corporate_actions_reader.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

// What the provider's notices mean here.
namespace st0ck::alpaca {

namespace {

using market::CorporateAction;
using market::CorporateActionKind;
using Type = CorporateActionType;

/// Whose shares change. An acquirer's do not, nor does what comes of a spin-off or has the new
/// name.
const std::string* symbol_of(const CorporateActionNotice& notice) {
  for (const auto* symbol :
       {&notice.symbol, &notice.old_symbol, &notice.source_symbol, &notice.acquiree_symbol})
    if (*symbol) return &**symbol;
  return nullptr;
}

std::optional<core::Date> date_of(const CorporateActionNotice& notice) {
  for (const auto& date :
       {notice.ex_date, notice.effective_date, notice.process_date, notice.payable_date})
    if (date) return date;
  return std::nullopt;
}

/// `numerator` to `denominator` in lowest terms; false where it is none that a split can have.
bool set_ratio(CorporateAction& action, std::int64_t numerator, std::int64_t denominator) {
  if (numerator <= 0 || denominator <= 0 || numerator == denominator) return false;
  const std::int64_t divisor = std::gcd(numerator, denominator);
  constexpr std::int64_t kMax = std::numeric_limits<std::uint32_t>::max();
  if (numerator / divisor > kMax || denominator / divisor > kMax) return false;
  action.kind = CorporateActionKind::Split;
  action.numerator = static_cast<std::uint32_t>(numerator / divisor);
  action.denominator = static_cast<std::uint32_t>(denominator / divisor);
  return true;
}

/// Shares that are given for each share: of 5% there are 21 for 20.
bool set_stock_dividend(CorporateAction& action, core::Price rate) {
  const auto numerator = rate.checked_add(core::Price::whole(1));
  return numerator && rate.is_positive() && set_ratio(action, numerator->raw(), core::Price::kOne);
}

/// Why the notice cannot be told as `action`; nothing where it is.
std::optional<std::string_view> fill_in(CorporateAction& action,
                                        const CorporateActionNotice& notice) {
  constexpr std::string_view kNoRatio = "its ratio is missing or none that can be told exactly";
  bool is_set = false;
  switch (notice.type) {
    case Type::CashDividend:
      if (!notice.rate || !notice.rate->is_positive()) return "its rate is missing or not positive";
      action.kind = CorporateActionKind::CashDividend;
      action.amount = *notice.rate;
      is_set = true;
      break;
    case Type::ForwardSplit:
    case Type::ReverseSplit:
      is_set = notice.new_rate && notice.old_rate &&
               set_ratio(action, notice.new_rate->raw(), notice.old_rate->raw());
      break;
    case Type::StockDividend:
      is_set = notice.rate && set_stock_dividend(action, *notice.rate);
      break;
    default: return "it is neither a split nor a dividend";
  }
  if (!notice.ex_date) return "it has no ex-date";
  if (!is_set || defect_of(action)) return kNoRatio;
  return std::nullopt;
}

/// Adds what is told; why it cannot be where it meets another of its kind and day. A second split
/// may be the first one, announced again: nobody can tell.
std::optional<std::string_view> add(std::vector<CorporateAction>& actions,
                                    const CorporateAction& action) {
  const auto known = std::ranges::find_if(actions, [&](const CorporateAction& other) {
    return other.instrument == action.instrument && other.kind == action.kind &&
           other.ex_date == action.ex_date;
  });
  if (known == actions.end()) {
    actions.push_back(action);
    return std::nullopt;
  }
  if (action.kind == CorporateActionKind::Split) return "there is another split on its ex-date";
  const auto sum = known->amount.checked_add(action.amount);
  if (!sum) return "the sum of the day's dividends is beyond all bounds";
  known->amount = *sum;
  return std::nullopt;
}

}  // namespace

core::Result<market::AnnouncedActions> announced_actions(
    const std::vector<CorporateActionNotice>& notices, const market::InstrumentTable& instruments,
    core::Date first, core::Date last) {
  market::AnnouncedActions announced;
  std::set<std::string_view> ids;
  for (const CorporateActionNotice& notice : notices) {
    const std::string* symbol = symbol_of(notice);
    if (symbol == nullptr || !core::Symbol::fits(*symbol)) continue;
    const market::Instrument* instrument = instruments.find(core::Symbol{*symbol});
    if (instrument == nullptr) continue;
    if (notice.id && !ids.insert(*notice.id).second) continue;
    const auto date = date_of(notice);
    if (!date)
      return core::fail(core::Errc::Corrupt, "corporate actions: {} of {} has no date",
                        name_of(notice.type), *symbol);
    if (*date < first || *date > last) continue;

    CorporateAction action;
    action.instrument = instrument->id;
    action.ex_date = *date;
    auto defect = fill_in(action, notice);
    if (!defect) defect = add(announced.actions, action);
    if (defect)
      announced.unhandled.push_back(
          {instrument->id, std::string{name_of(notice.type)}, *date, std::string{*defect}});
  }
  std::ranges::stable_sort(announced.actions, {}, &CorporateAction::ex_date);
  std::ranges::stable_sort(announced.unhandled, {}, &market::UnhandledAction::effective);
  return announced;
}

}  // namespace st0ck::alpaca
