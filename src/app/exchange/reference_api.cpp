#include "src/app/exchange/api.hpp"
#include "src/app/exchange/exchange_market.hpp"
#include "st0ck/adapters/alpaca/wire/reference/asset.hpp"
#include "st0ck/adapters/alpaca/wire/reference/clock.hpp"
#include "st0ck/adapters/alpaca/wire/time.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/trading/settlement.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <utility>

namespace st0ck::app::exchange {

namespace {

namespace api_code = alpaca::api_code;
using Json = nlohmann::ordered_json;

constexpr std::string_view kNoOptions = "options are not traded at this exchange yet";

alpaca::Percent percent(std::int64_t whole) { return alpaca::Percent::whole(whole); }

alpaca::Asset asset_of(const market::Instrument& instrument) {
  alpaca::Asset asset;
  asset.symbol = instrument.symbol.str();
  asset.id = Identifiers::of_name(asset.symbol);
  asset.exchange = listing_exchange_of(asset.symbol);
  asset.name = asset.symbol + " (simulated)";
  asset.tradable = true;
  asset.marginable = true;
  asset.shortable = instrument.is_shortable;
  asset.easy_to_borrow = instrument.is_shortable;
  asset.fractionable = true;
  asset.borrow_status = instrument.is_shortable ? "easy_to_borrow" : "not_shortable";
  constexpr std::int64_t kMaintenance = 30;
  asset.maintenance_margin_requirement = percent(kMaintenance);
  asset.margin_requirement_long = percent(kMaintenance);
  asset.margin_requirement_short = percent(kMaintenance);
  return asset;
}

ApiAnswer list_assets(const ApiCall& call) {
  QueryReader query{call.request.target};
  const std::string status = query.word("status", {"", "active", "inactive"});
  const std::string asset_class =
      query.word("asset_class", {"", "us_equity", "us_option", "crypto"});
  const std::string exchange = query.text("exchange");
  const auto attributes = query.list("attributes");
  if (auto refused = query.refusal()) return refused;
  std::vector<alpaca::Asset> assets;
  const bool is_any = status != "inactive" && (asset_class.empty() || asset_class == "us_equity") &&
                      attributes.empty();
  for (const market::Instrument& instrument : call.venue.instruments()) {
    if (!is_any) break;
    alpaca::Asset asset = asset_of(instrument);
    if (exchange.empty() || asset.exchange == exchange) assets.push_back(std::move(asset));
  }
  return json_answer(alpaca::to_json(assets));
}

// Clock and calendar.

/// The session that a moment waits for or is in.
struct Hours {
  bool is_open = false;
  core::Session current_or_next;
  core::Timestamp next_open;
};

Hours hours_at(const Venue& venue, core::Timestamp now) {
  const core::ExchangeCalendar& calendar = venue.calendar();
  Hours hours;
  const core::Date today = core::to_new_york(now).date;
  if (const auto session = calendar.session_at(now)) {
    hours.is_open = true;
    hours.current_or_next = *session;
    const auto next = calendar.next_session(today);
    hours.next_open = next ? next->open : session->open;
    return hours;
  }
  auto session = calendar.session_on(today);
  if (!session || session->open < now)
    if (const auto next = calendar.next_session(today)) session = *next;
  if (session) hours.current_or_next = *session;
  hours.next_open = hours.current_or_next.open;
  return hours;
}

net::ServerResponse clock(const ApiCall& call) {
  const core::Timestamp now = call.venue.told_time();
  const Hours hours = hours_at(call.venue, now);
  return json_answer(
      alpaca::to_json(alpaca::MarketClock{.time = now,
                                          .is_open = hours.is_open,
                                          .next_open = hours.next_open,
                                          .next_close = hours.current_or_next.close}));
}

std::string_view phase_of(const Venue& venue, core::Timestamp now) {
  if (venue.calendar().session_at(now)) return "core";
  const auto session = venue.calendar().session_on(core::to_new_york(now).date);
  if (!session) return "closed";
  if (now >= session->pre_market_open() && now < session->open) return "pre";
  if (now >= session->close && now < session->post_market_close()) return "post";
  return "closed";
}

net::ServerResponse clocks(const ApiCall& call) {
  const core::Timestamp now = call.venue.told_time();
  const Hours hours = hours_at(call.venue, now);
  QueryReader query{call.request.target};
  auto markets = query.list("markets");
  if (markets.empty()) markets = {"NYSE"};
  Json all = Json::array();
  for (const std::string& market : markets)
    all.push_back(
        {{"market", {{"acronym", market}, {"mic", market}, {"timezone", "America/New_York"}}},
         {"timestamp", alpaca::new_york_rfc3339(now)},
         {"is_market_day", call.venue.calendar().is_session(core::to_new_york(now).date)},
         {"phase", phase_of(call.venue, now)},
         {"next_market_open", alpaca::new_york_rfc3339(hours.next_open)},
         {"next_market_close", alpaca::new_york_rfc3339(hours.current_or_next.close)}});
  return json_answer(Json{{"clocks", all}}.dump());
}

ApiAnswer calendar(const ApiCall& call) {
  QueryReader query{call.request.target};
  const core::Date today = core::to_new_york(call.venue.clock().now()).date;
  constexpr std::chrono::years kAhead{1};
  const auto clamped = [](core::Date date) {
    return std::clamp(date, core::ExchangeCalendar::first_date(),
                      core::ExchangeCalendar::last_date());
  };
  const core::Date from =
      clamped(query.date("start").value_or(core::ExchangeCalendar::first_date()));
  const core::Date end_of_month =
      core::Date{(today + kAhead).year() / today.month() / std::chrono::last};
  const core::Date until = clamped(query.date("end").value_or(end_of_month));
  query.word("date_type", {"TRADING", "SETTLEMENT"});
  if (auto refused = query.refusal()) return refused;
  if (until < from) return json_answer("[]");
  const auto sessions = call.venue.calendar().sessions_between(from, until);
  if (!sessions) return error_answer(api_code::kUnprocessable, sessions.error().message);
  std::vector<alpaca::CalendarDay> days;
  for (const core::Session& session : *sessions) {
    const auto of_day = [](core::Timestamp time) { return core::to_new_york(time).time_of_day; };
    days.push_back(
        {.date = session.date,
         .open = of_day(session.open),
         .close = of_day(session.close),
         .session_open = of_day(session.pre_market_open()),
         .session_close = of_day(session.post_market_close()),
         .settlement_date = trading::settlement_date(session.date, market::AssetClass::Equity)});
  }
  return json_answer(alpaca::to_json(days));
}

// Corporate actions that the market has announced, in the older form.

Json announcement(const Venue& venue, const market::CorporateAction& action) {
  const std::string symbol = venue.instruments()[action.instrument].symbol.str();
  const bool is_split = action.kind == market::CorporateActionKind::Split;
  const std::string date = core::format_date(action.ex_date);
  const std::string name = symbol + date + (is_split ? "split" : "dividend");
  Json json{{"id", Identifiers::of_name(name)},
            {"corporate_action_id", name},
            {"ca_type", is_split ? "split" : "dividend"},
            {"ca_sub_type", "cash"},
            {"initiating_symbol", symbol},
            {"initiating_original_cusip", ""},
            {"target_symbol", symbol},
            {"target_original_cusip", ""},
            {"declaration_date", date},
            {"ex_date", date},
            {"record_date", date},
            {"payable_date", date},
            {"cash", is_split ? "0" : action.amount.to_string()},
            {"old_rate", std::to_string(action.denominator)},
            {"new_rate", std::to_string(action.numerator)}};
  if (is_split)
    json["ca_sub_type"] = action.numerator > action.denominator ? "stock_split" : "reverse_split";
  return json;
}

ApiAnswer announcements(const ApiCall& call) {
  QueryReader query{call.request.target};
  const auto types = query.list("ca_types");
  const auto since = query.date("since");
  const auto until = query.date("until");
  const std::string symbol = query.text("symbol");
  if (auto refused = query.refusal()) return refused;
  constexpr std::chrono::days kDaysMax{90};
  if (types.empty() || !since || !until)
    return error_answer(api_code::kUnprocessable, "ca_types, since and until are required");
  if (std::chrono::sys_days{*until} - std::chrono::sys_days{*since} > kDaysMax)
    return error_answer(api_code::kUnprocessable, "since and until are at most 90 days apart");
  Json all = Json::array();
  for (const market::CorporateAction& action : call.venue.prices().actions()) {
    Json row = announcement(call.venue, action);
    const bool is_wanted = std::ranges::any_of(types, [&](std::string type) {
      std::ranges::transform(type, type.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
      });
      return row["ca_type"] == type;
    });
    if (is_wanted && action.ex_date >= *since && action.ex_date <= *until &&
        (symbol.empty() || row["initiating_symbol"] == symbol))
      all.push_back(std::move(row));
  }
  return json_answer(all.dump());
}

ApiAnswer one_announcement(const ApiCall& call) {
  for (const market::CorporateAction& action : call.venue.prices().actions()) {
    const Json row = announcement(call.venue, action);
    if (row["id"] == call.segment(3)) return json_answer(row.dump());
  }
  return error_answer(api_code::kNotFound, "announcement not found");
}

}  // namespace

std::string asset_json(const market::Instrument& instrument) {
  return alpaca::to_json(asset_of(instrument));
}

ApiAnswer answer_reference(const ApiCall& call) {
  const std::string_view part = call.segment(1);
  const bool is_options = part == "options" && call.segment(2) == "contracts" && call.size() <= 4;
  const bool is_actions = part == "corporate_actions" && call.segment(2) == "announcements" &&
                          call.size() >= 3 && call.size() <= 4;
  const bool is_plain = call.size() == 2 && (part == "clock" || part == "calendar");
  const bool is_assets = part == "assets" && call.size() <= 3;
  if (!is_options && !is_actions && !is_plain && !is_assets) return std::nullopt;
  if (call.method() != "GET") return method_refused();
  if (is_options) return error_answer(api_code::kUnprocessable, std::string{kNoOptions});
  if (is_actions) return call.size() == 3 ? announcements(call) : one_announcement(call);
  if (part == "clock") return call.segment(0) == "v3" ? clocks(call) : clock(call);
  if (part == "calendar") return calendar(call);
  if (call.size() == 2) return list_assets(call);
  const market::Instrument* instrument = call.venue.find_asset(call.segment(2));
  if (instrument == nullptr)
    return error_answer(api_code::kNotFound, "asset not found for " + std::string{call.segment(2)});
  return json_answer(asset_json(*instrument));
}

}  // namespace st0ck::app::exchange
