#pragma once

#include "st0ck/adapters/alpaca/wire/trading/order_words.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/core/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

enum class ListingStatus : std::uint8_t { Active, Inactive };

/// Something that the broker trades.
struct Asset {
  std::string id;
  AssetClass asset_class = AssetClass::UsEquity;
  std::string exchange{};
  std::string symbol;
  std::string name{};
  ListingStatus status = ListingStatus::Active;
  bool tradable = false;
  bool marginable = false;
  bool shortable = false;
  bool easy_to_borrow = false;
  bool fractionable = false;
  std::optional<std::string> borrow_status{};
  std::optional<Percent> maintenance_margin_requirement{};
  std::optional<Percent> margin_requirement_long{};
  std::optional<Percent> margin_requirement_short{};
  std::optional<std::string> cusip{};
  std::vector<std::string> attributes{};

  friend bool operator==(const Asset&, const Asset&) = default;
};

core::Result<Asset> read_asset(std::string_view body);
core::Result<std::vector<Asset>> read_assets(std::string_view body);
std::string to_json(const Asset& asset);
std::string to_json(const std::vector<Asset>& assets);

enum class ContractType : std::uint8_t { Call, Put };
enum class ExerciseStyle : std::uint8_t { American, European };

/// An option contract. Open interest comes from here only.
struct OptionContract {
  std::string id;
  std::string symbol;
  std::string name;
  ListingStatus status = ListingStatus::Active;
  bool tradable = false;
  core::Date expiration_date{};
  std::string root_symbol;
  std::string underlying_symbol;
  std::string underlying_asset_id;
  ContractType type = ContractType::Call;
  ExerciseStyle style = ExerciseStyle::American;
  core::Price strike_price{};
  std::optional<core::Quantity> multiplier{};
  core::Quantity size{};
  std::optional<core::Volume> open_interest{};
  std::optional<core::Date> open_interest_date{};
  std::optional<core::Price> close_price{};
  std::optional<core::Date> close_price_date{};
  std::optional<bool> is_penny_program{};

  friend bool operator==(const OptionContract&, const OptionContract&) = default;
};

struct OptionContractPage {
  std::vector<OptionContract> contracts{};
  std::optional<std::string> next_page_token{};

  friend bool operator==(const OptionContractPage&, const OptionContractPage&) = default;
};

core::Result<OptionContract> read_option_contract(std::string_view body);
core::Result<OptionContractPage> read_option_contracts(std::string_view body);
std::string to_json(const OptionContract& contract);
std::string to_json(const OptionContractPage& page);

}  // namespace st0ck::alpaca
