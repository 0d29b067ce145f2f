#include "st0ck/adapters/alpaca/wire/reference/asset.hpp"

#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"
#include "src/adapters/alpaca/wire/trading/describe_order.hpp"

namespace st0ck::alpaca {

template <>
struct Names<ListingStatus> {
  static constexpr Name<ListingStatus> kList[] = {{"active", ListingStatus::Active},
                                                  {"inactive", ListingStatus::Inactive}};
  static constexpr std::optional<ListingStatus> kOther = ListingStatus::Inactive;
};

template <>
struct Names<ContractType> {
  static constexpr Name<ContractType> kList[] = {{"call", ContractType::Call},
                                                 {"put", ContractType::Put}};
  static constexpr std::optional<ContractType> kOther{};
};

template <>
struct Names<ExerciseStyle> {
  static constexpr Name<ExerciseStyle> kList[] = {{"american", ExerciseStyle::American},
                                                  {"european", ExerciseStyle::European}};
  static constexpr std::optional<ExerciseStyle> kOther{};
};

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Asset>
void describe(Fields& fields, T& asset) {
  fields.field("id", asset.id);
  fields.field("class", asset.asset_class);
  fields.or_empty("exchange", asset.exchange);
  fields.field("symbol", asset.symbol);
  fields.or_empty("name", asset.name);
  fields.field("status", asset.status);
  fields.field("tradable", asset.tradable);
  fields.or_default("marginable", asset.marginable);
  fields.or_default("shortable", asset.shortable);
  fields.or_default("easy_to_borrow", asset.easy_to_borrow);
  fields.or_default("fractionable", asset.fractionable);
  fields.if_set("borrow_status", asset.borrow_status);
  fields.number("maintenance_margin_requirement", asset.maintenance_margin_requirement);
  fields.if_set("margin_requirement_long", asset.margin_requirement_long);
  fields.if_set("margin_requirement_short", asset.margin_requirement_short);
  fields.if_set("cusip", asset.cusip);
  fields.or_empty_list("attributes", asset.attributes);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, OptionContract>
void describe(Fields& fields, T& contract) {
  fields.field("id", contract.id);
  fields.field("symbol", contract.symbol);
  fields.or_empty("name", contract.name);
  fields.field("status", contract.status);
  fields.field("tradable", contract.tradable);
  fields.field("expiration_date", contract.expiration_date);
  fields.or_empty("root_symbol", contract.root_symbol);
  fields.field("underlying_symbol", contract.underlying_symbol);
  fields.or_empty("underlying_asset_id", contract.underlying_asset_id);
  fields.field("type", contract.type);
  fields.field("style", contract.style);
  fields.field("strike_price", contract.strike_price);
  fields.if_set("multiplier", contract.multiplier);
  fields.field("size", contract.size);
  fields.field("open_interest", contract.open_interest);
  fields.field("open_interest_date", contract.open_interest_date);
  fields.field("close_price", contract.close_price);
  fields.field("close_price_date", contract.close_price_date);
  fields.if_set("ppind", contract.is_penny_program);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, OptionContractPage>
void describe(Fields& fields, T& page) {
  fields.or_empty_list("option_contracts", page.contracts);
  fields.field("next_page_token", page.next_page_token);
}

core::Result<Asset> read_asset(std::string_view body) { return read_object<Asset>("asset", body); }

core::Result<std::vector<Asset>> read_assets(std::string_view body) {
  return read_list<Asset>("assets", body);
}

std::string to_json(const Asset& asset) { return object_json(asset); }
std::string to_json(const std::vector<Asset>& assets) { return list_json(assets); }

core::Result<OptionContract> read_option_contract(std::string_view body) {
  return read_object<OptionContract>("option contract", body);
}

core::Result<OptionContractPage> read_option_contracts(std::string_view body) {
  return read_object<OptionContractPage>("option contracts", body);
}

std::string to_json(const OptionContract& contract) { return object_json(contract); }
std::string to_json(const OptionContractPage& page) { return object_json(page); }

}  // namespace st0ck::alpaca
