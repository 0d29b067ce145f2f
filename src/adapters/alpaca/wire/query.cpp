#include "st0ck/adapters/alpaca/wire/query.hpp"

#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

namespace st0ck::alpaca {

namespace {

std::string text_of(const std::string& value) { return value; }
std::string text_of(std::uint32_t value) { return std::to_string(value); }
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(core::Timestamp value) { return core::format_utc(value); }
std::string text_of(core::Date value) { return core::format_date(value); }
std::string text_of(core::Price value) { return value.to_string(0); }
std::string text_of(Direction value) { return value == Direction::Ascending ? "asc" : "desc"; }
std::string text_of(trading::Side value) { return value == trading::Side::Buy ? "buy" : "sell"; }
std::string text_of(ContractType value) { return value == ContractType::Call ? "call" : "put"; }

std::string text_of(ListingStatus value) {
  return value == ListingStatus::Active ? "active" : "inactive";
}

std::string text_of(OrderFilter value) {
  switch (value) {
    case OrderFilter::Open: return "open";
    case OrderFilter::Closed: return "closed";
    case OrderFilter::All: return "all";
  }
  return "open";
}

std::string text_of(AssetClass value) {
  switch (value) {
    case AssetClass::UsOption: return "us_option";
    case AssetClass::Crypto: return "crypto";
    default: return "us_equity";
  }
}

/// Collects `name=value` pairs.
class Query {
 public:
  template <typename T>
  Query& add(std::string_view name, const std::optional<T>& value) {
    if (value) append(name, text_of(*value));
    return *this;
  }

  Query& add(std::string_view name, const std::vector<std::string>& values) {
    if (!values.empty()) append(name, fmt::format("{}", fmt::join(values, ",")));
    return *this;
  }

  std::string take() { return std::move(text_); }

 private:
  void append(std::string_view name, const std::string& value) {
    if (!text_.empty()) text_ += '&';
    text_.append(name).append(1, '=').append(percent_encoded(value));
  }

  std::string text_;
};

constexpr bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_plain(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string to_query(const OrdersQuery& query) {
  return Query{}
      .add("status", query.status)
      .add("limit", query.limit)
      .add("after", query.after)
      .add("until", query.until)
      .add("direction", query.direction)
      .add("nested", query.nested)
      .add("symbols", query.symbols)
      .add("side", query.side)
      .take();
}

std::string to_query(const ActivitiesQuery& query) {
  return Query{}
      .add("activity_types", query.activity_types)
      .add("after", query.after)
      .add("until", query.until)
      .add("direction", query.direction)
      .add("page_size", query.page_size)
      .add("page_token", query.page_token)
      .take();
}

std::string to_query(const AssetsQuery& query) {
  return Query{}.add("status", query.status).add("asset_class", query.asset_class).take();
}

std::string to_query(const ContractsQuery& query) {
  return Query{}
      .add("underlying_symbols", query.underlying_symbols)
      .add("expiration_date_gte", query.expiration_date_min)
      .add("expiration_date_lte", query.expiration_date_max)
      .add("type", query.type)
      .add("strike_price_gte", query.strike_price_min)
      .add("strike_price_lte", query.strike_price_max)
      .add("limit", query.limit)
      .add("page_token", query.page_token)
      .take();
}

std::string to_query(const CalendarQuery& query) {
  return Query{}.add("start", query.start).add("end", query.end).take();
}

std::string to_query(const CorporateActionsQuery& query) {
  return Query{}
      .add("symbols", query.symbols)
      .add("start", query.start)
      .add("end", query.end)
      .add("limit", query.limit)
      .add("page_token", query.page_token)
      .take();
}

std::string to_query(const HistoryQuery& query) {
  return Query{}
      .add("symbols", query.symbols)
      .add("timeframe", query.timeframe)
      .add("adjustment", query.adjustment)
      .add("start", query.start)
      .add("end", query.end)
      .add("feed", query.feed)
      .add("sort", query.sort)
      .add("limit", query.limit)
      .add("page_token", query.page_token)
      .take();
}

std::string to_query(const ChainQuery& query) {
  return Query{}
      .add("feed", query.feed)
      .add("type", query.type)
      .add("strike_price_gte", query.strike_price_min)
      .add("strike_price_lte", query.strike_price_max)
      .add("expiration_date_gte", query.expiration_date_min)
      .add("expiration_date_lte", query.expiration_date_max)
      .add("limit", query.limit)
      .add("page_token", query.page_token)
      .take();
}

}  // namespace st0ck::alpaca
