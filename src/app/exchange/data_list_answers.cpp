// Screeners, corporate actions, news.

#include "src/app/exchange/data_queries.hpp"
#include "st0ck/adapters/alpaca/wire/data/snapshot.hpp"
#include "st0ck/adapters/alpaca/wire/reference/corporate_action.hpp"
#include "st0ck/adapters/alpaca/wire/time.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace st0ck::app::exchange {

namespace {

using alpaca::CorporateActionNotice;
using alpaca::CorporateActionType;

net::ServerResponse refusal(const BadRequest& bad) { return data_error(bad.status, bad.message); }

/// A stock that moved since the last close.
struct Mover {
  std::string symbol;
  core::Price price;
  core::Price change;
  core::Rate percent;  ///< 1 is one per cent.
};

constexpr core::Rate kHundredth = core::Rate::from_raw(core::Rate::kOne / 100);

std::optional<Mover> mover_of(const MarketRecord& record, const market::Instrument& instrument) {
  const auto now = record.daily_bar(instrument.id);
  const auto before = record.previous_daily_bar(instrument.id);
  if (!now || !before) return std::nullopt;
  const core::Price change = now->close - before->close;
  const auto raw = core::narrow(core::divide(core::Int128{change.raw()} * 100 * core::Rate::kOne,
                                             before->close.raw(), core::Rounding::HalfEven));
  return Mover{
      instrument.symbol.str(), now->close, change,
      core::Rate::from_raw(raw.value_or(0)).rounded_to(kHundredth, core::Rounding::HalfEven)};
}

std::string movers_json(const std::vector<Mover>& movers, std::size_t top) {
  std::string out;
  for (const Mover& mover : movers) {
    if (top-- == 0) break;
    out += fmt::format(R"({}{{"symbol":"{}","percent_change":{},"change":{},"price":{}}})",
                       out.empty() ? "" : ",", mover.symbol, mover.percent.to_string(0),
                       mover.change.to_string(0), mover.price.to_string(0));
  }
  return out;
}

CorporateActionNotice notice_of(const market::CorporateAction& action, std::string_view symbol) {
  CorporateActionNotice notice;
  const bool is_split = action.kind == market::CorporateActionKind::Split;
  notice.id = fmt::format("{}-{}-{}", symbol, core::format_date_compact(action.ex_date),
                          is_split ? "split" : "dividend");
  notice.symbol = std::string{symbol};
  notice.ex_date = notice.process_date = notice.record_date = notice.payable_date = action.ex_date;
  if (is_split) {
    notice.type = action.numerator > action.denominator ? CorporateActionType::ForwardSplit
                                                        : CorporateActionType::ReverseSplit;
    notice.new_rate = core::Quantity::whole(action.numerator);
    notice.old_rate = core::Quantity::whole(action.denominator);
  } else {
    notice.type = CorporateActionType::CashDividend;
    notice.rate = action.amount;
  }
  return notice;
}

std::string_view word_of(CorporateActionType type) {
  switch (type) {
    case CorporateActionType::ForwardSplit: return "forward_split";
    case CorporateActionType::ReverseSplit: return "reverse_split";
    default: return "cash_dividend";
  }
}

/// Whether the reference has such a type of corporate action.
bool is_action_type(std::string_view word) {
  constexpr std::string_view kWords[] = {
      "forward_split",         "reverse_split", "unit_split",  "cash_dividend",
      "stock_dividend",        "spin_off",      "cash_merger", "stock_merger",
      "stock_and_cash_merger", "redemption",    "name_change", "worthless_removal",
      "rights_distribution"};
  return std::ranges::find(kWords, word) != std::end(kWords);
}

/// The date of a parameter, of a time its date part.
Asked<core::Date> date_of(const net::RequestTarget& target, std::string_view name,
                          core::Date otherwise) {
  const auto text = target.find(name);
  if (!text || text->empty()) return otherwise;
  const auto date = alpaca::read_date_part(*text);
  if (!date)
    return tl::unexpected(
        BadRequest{400, fmt::format("invalid {}: {}: a date is YYYY-MM-DD", name, *text)});
  return *date;
}

std::set<std::string, std::less<>> words_of(std::string_view text) {
  std::set<std::string, std::less<>> words;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    words.emplace(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return words;
}

void add_actions(std::vector<CorporateActionNotice>& out, const MarketRecord& record,
                 const DayRecord& day) {
  for (std::size_t i = 0; i < day.instruments.size(); ++i) {
    const auto id = core::InstrumentId{static_cast<std::uint32_t>(i)};
    for (const auto& action : day.instruments[i].actions)
      out.push_back(notice_of(action, record.instruments()[id].symbol.view()));
  }
}

}  // namespace

net::ServerResponse most_actives_answer(const DataQuestion& question) {
  const auto top = limit_of(question.target, "top", 10, 100);
  if (!top) return refusal(top.error());
  const auto by = question.target.find("by").value_or("volume");
  if (by != "volume" && by != "trades")
    return data_error(400, fmt::format("invalid by: {}: it is volume or trades", by));
  alpaca::MostActives actives;
  actives.last_updated = question.now;
  for (const market::Instrument& instrument : question.record.instruments())
    if (const auto bar = question.record.daily_bar(instrument.id))
      actives.most_actives.push_back(
          {instrument.symbol.str(), bar->volume, bar->trade_count.value_or(0)});
  const auto rank = [&](const alpaca::MostActive& each) {
    const std::int64_t volume = each.volume.raw();
    const auto trades = static_cast<std::int64_t>(each.trade_count);
    return by == "volume" ? std::pair{volume, trades} : std::pair{trades, volume};
  };
  std::ranges::stable_sort(actives.most_actives, std::ranges::greater{}, rank);
  if (actives.most_actives.size() > *top) actives.most_actives.resize(*top);
  return {.body = to_json(actives)};
}

net::ServerResponse movers_answer(const DataQuestion& question) {
  const auto top = limit_of(question.target, "top", 10, 50);
  if (!top) return refusal(top.error());
  std::vector<Mover> gainers;
  std::vector<Mover> losers;
  for (const market::Instrument& instrument : question.record.instruments()) {
    const auto mover = mover_of(question.record, instrument);
    if (mover && mover->change.is_positive()) gainers.push_back(*mover);
    if (mover && mover->change.is_negative()) losers.push_back(*mover);
  }
  std::ranges::stable_sort(gainers, std::ranges::greater{}, &Mover::percent);
  std::ranges::stable_sort(losers, std::ranges::less{}, &Mover::percent);
  return {.body = fmt::format(
              R"({{"gainers":[{}],"losers":[{}],"market_type":"stocks","last_updated":"{}"}})",
              movers_json(gainers, *top), movers_json(losers, *top),
              core::format_utc(question.now))};
}

net::ServerResponse corporate_actions_answer(const DataQuestion& question) {
  const core::Date today = core::to_new_york(question.now).date;
  const auto start = date_of(question.target, "start", today);
  if (!start) return refusal(start.error());
  const auto end = date_of(question.target, "end", std::max(today, *start));
  if (!end) return refusal(end.error());
  if (*end < *start) return data_error(400, "end should not be before start");
  const auto limit = limit_of(question.target, "limit", 100, 1'000);
  if (!limit) return refusal(limit.error());
  const auto offset = limit_of(question.target, "page_token", 0, 1'000'000);
  if (!offset) return data_error(400, "invalid page_token: it is of another question");
  const auto sort = question.target.find("sort").value_or("asc");
  if (sort != "asc" && sort != "desc")
    return data_error(400, fmt::format("invalid sort: {}: it is asc or desc", sort));
  const auto symbols = words_of(question.target.find("symbols").value_or(std::string_view{}));
  const auto types = words_of(question.target.find("types").value_or(std::string_view{}));
  if (const auto odd = std::ranges::find_if_not(types, is_action_type); odd != types.end())
    return data_error(400, fmt::format("invalid types: {}: no type of corporate action", *odd));

  std::vector<CorporateActionNotice> found;
  for (const DayRecord& day : question.record.history().days())
    add_actions(found, question.record, day);
  if (question.record.day() != nullptr) add_actions(found, question.record, *question.record.day());
  std::erase_if(found, [&](const CorporateActionNotice& notice) {
    return *notice.ex_date < *start || *notice.ex_date > *end ||
           (!symbols.empty() && !symbols.contains(*notice.symbol)) ||
           (!types.empty() && !types.contains(word_of(notice.type)));
  });
  if (sort == "desc") std::ranges::reverse(found);

  alpaca::CorporateActionPage page;
  const std::size_t first = std::min(*offset, found.size());
  const std::size_t last = std::min(first + *limit, found.size());
  page.actions.assign(found.begin() + static_cast<std::ptrdiff_t>(first),
                      found.begin() + static_cast<std::ptrdiff_t>(last));
  if (last < found.size()) page.next_page_token = fmt::to_string(last);
  return {.body = to_json(page)};
}

net::ServerResponse news_answer(const DataQuestion& question) {
  if (const auto limit = limit_of(question.target, "limit", 10, 50); !limit)
    return refusal(limit.error());
  // Nobody writes about a market that is made up.
  return {.body = R"({"news":[],"next_page_token":null})"};
}

}  // namespace st0ck::app::exchange
