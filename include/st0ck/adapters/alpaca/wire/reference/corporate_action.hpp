#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

enum class CorporateActionType : std::uint8_t {
  ForwardSplit,
  ReverseSplit,
  UnitSplit,
  CashDividend,
  StockDividend,
  SpinOff,
  CashMerger,
  StockMerger,
  StockAndCashMerger,
  Redemption,
  NameChange,
  WorthlessRemoval,
  RightsDistribution,
};

/// The provider's word: `forward_splits`.
std::string_view name_of(CorporateActionType type);

/// A corporate action as it is announced; each type sets its own members. Rates are dollars per
/// share of a dividend, shares for shares of a split.
struct CorporateActionNotice {
  CorporateActionType type = CorporateActionType::CashDividend;
  std::optional<std::string> id{};
  std::optional<std::string> symbol{};
  std::optional<std::string> old_symbol{};
  std::optional<std::string> new_symbol{};
  std::optional<std::string> source_symbol{};
  std::optional<std::string> acquirer_symbol{};
  std::optional<std::string> acquiree_symbol{};
  std::optional<core::Price> rate{};
  std::optional<core::Quantity> old_rate{};
  std::optional<core::Quantity> new_rate{};
  std::optional<core::Quantity> source_rate{};
  std::optional<core::Date> ex_date{};
  std::optional<core::Date>
      effective_date{};  ///< Of a merger or a unit split, which have no ex-date.
  std::optional<core::Date> record_date{};
  std::optional<core::Date> payable_date{};
  std::optional<core::Date>
      process_date{};  ///< When the provider books it, a dividend when it is paid.

  friend bool operator==(const CorporateActionNotice&, const CorporateActionNotice&) = default;
};

struct CorporateActionPage {
  std::vector<CorporateActionNotice> actions{};
  std::optional<std::string> next_page_token{};

  friend bool operator==(const CorporateActionPage&, const CorporateActionPage&) = default;
};

core::Result<CorporateActionPage> read_corporate_actions(std::string_view body);
std::string to_json(const CorporateActionPage& page);

}  // namespace st0ck::alpaca
