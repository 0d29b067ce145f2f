#include "st0ck/adapters/alpaca/wire/reference/corporate_action.hpp"

#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

#include <algorithm>

namespace st0ck::alpaca {

template <>
struct Names<CorporateActionType> {
  static constexpr Name<CorporateActionType> kList[] = {
      {"forward_splits", CorporateActionType::ForwardSplit},
      {"reverse_splits", CorporateActionType::ReverseSplit},
      {"unit_splits", CorporateActionType::UnitSplit},
      {"cash_dividends", CorporateActionType::CashDividend},
      {"stock_dividends", CorporateActionType::StockDividend},
      {"spin_offs", CorporateActionType::SpinOff},
      {"cash_mergers", CorporateActionType::CashMerger},
      {"stock_mergers", CorporateActionType::StockMerger},
      {"stock_and_cash_mergers", CorporateActionType::StockAndCashMerger},
      {"redemptions", CorporateActionType::Redemption},
      {"name_changes", CorporateActionType::NameChange},
      {"worthless_removals", CorporateActionType::WorthlessRemoval},
      {"rights_distributions", CorporateActionType::RightsDistribution},
  };
  static constexpr std::optional<CorporateActionType> kOther{};
};

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, CorporateActionNotice>
void describe(Fields& fields, T& action) {
  fields.if_set("id", action.id);
  fields.if_set("symbol", action.symbol);
  fields.if_set("old_symbol", action.old_symbol);
  fields.if_set("new_symbol", action.new_symbol);
  fields.if_set("source_symbol", action.source_symbol);
  fields.if_set("acquirer_symbol", action.acquirer_symbol);
  fields.if_set("acquiree_symbol", action.acquiree_symbol);
  fields.number("rate", action.rate);
  fields.number("old_rate", action.old_rate);
  fields.number("new_rate", action.new_rate);
  fields.number("source_rate", action.source_rate);
  fields.if_set("ex_date", action.ex_date);
  fields.if_set("effective_date", action.effective_date);
  fields.if_set("record_date", action.record_date);
  fields.if_set("payable_date", action.payable_date);
  fields.if_set("process_date", action.process_date);
}

std::string_view name_of(CorporateActionType type) { return text_of(type); }

core::Result<CorporateActionPage> read_corporate_actions(std::string_view body) {
  Document document;
  const auto read = document.read_json(body);
  if (!read) return core::at("corporate actions", read.error());
  CorporateActionPage page;
  Problem problem;
  ObjectReader fields{*read, problem};
  fields.field("next_page_token", page.next_page_token);
  if (problem.exists()) return tl::unexpected<core::Error>(error_of("corporate actions", problem));
  const Value lists = (*read)["corporate_actions"];
  if (!lists.is_object()) return page;
  for (const Value list : lists) {
    const auto type = value_of<CorporateActionType>(list.key());
    // A type that is not known yet concerns nobody who could not name it.
    if (!type || list.scalar().is_absent()) continue;
    auto actions = read_list<CorporateActionNotice>(list.key(), list);
    if (!actions) return tl::unexpected<core::Error>(actions.error());
    for (auto& action : *actions) {
      action.type = *type;
      page.actions.push_back(std::move(action));
    }
  }
  return page;
}

std::string to_json(const CorporateActionPage& page) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  writer.key("corporate_actions");
  writer.begin_object();
  for (const auto& [name, type] : Names<CorporateActionType>::kList) {
    if (std::ranges::find(page.actions, type, &CorporateActionNotice::type) == page.actions.end())
      continue;
    writer.key(name);
    writer.begin_array();
    for (const auto& action : page.actions) {
      if (action.type != type) continue;
      ObjectWriter fields{writer};
      describe(fields, action);
    }
    writer.end_array();
  }
  writer.end_object();
  writer.key("next_page_token");
  if (page.next_page_token)
    writer.text(*page.next_page_token);
  else
    writer.null();
  writer.end_object();
  return out;
}

}  // namespace st0ck::alpaca
