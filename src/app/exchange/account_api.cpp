#include "src/app/exchange/api.hpp"
#include "st0ck/adapters/alpaca/wire/reference/portfolio_history.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>
#include <utility>

namespace st0ck::app::exchange {

namespace {

namespace api_code = alpaca::api_code;
using Json = nlohmann::json;

constexpr std::uint32_t kActivitiesMax = 100;

// Configurations.

/// Takes a field of the body where it is there; false when it is of another type or no such word.
bool take(const Json& body, const char* name, bool& value) {
  const auto found = body.find(name);
  if (found == body.end()) return true;
  if (!found->is_boolean()) return false;
  value = found->get<bool>();
  return true;
}

bool take(const Json& body, const char* name, std::string& value,
          std::initializer_list<std::string_view> words) {
  const auto found = body.find(name);
  if (found == body.end()) return true;
  if (!found->is_string()) return false;
  value = found->get<std::string>();
  return std::ranges::find(words, value) != words.end();
}

net::ServerResponse change_configuration(const ApiCall& call) {
  const Json body = Json::parse(call.request.body, nullptr, false);
  if (!body.is_object())
    return error_answer(api_code::kMalformed, "request body format is invalid");
  alpaca::AccountConfiguration changed = call.account.configuration();
  bool overnight = changed.disable_overnight_trading.value_or(false);
  std::string day_trades = changed.dtbp_check.value_or("entry");
  std::string pattern = changed.pdt_check.value_or("entry");
  const bool is_good =
      take(body, "suspend_trade", changed.suspend_trade) &&
      take(body, "no_shorting", changed.no_shorting) &&
      take(body, "fractional_trading", changed.fractional_trading) &&
      take(body, "ptp_no_exception_entry", changed.ptp_no_exception_entry) &&
      take(body, "disable_overnight_trading", overnight) &&
      take(body, "max_margin_multiplier", changed.max_margin_multiplier, {"1", "2", "4"}) &&
      take(body, "trade_confirm_email", changed.trade_confirm_email, {"all", "none"}) &&
      take(body, "dtbp_check", day_trades, {"both", "entry", "exit"}) &&
      take(body, "pdt_check", pattern, {"both", "entry", "exit"});
  if (!is_good) return error_answer(api_code::kUnprocessable, "invalid account configuration");
  changed.disable_overnight_trading = overnight;
  changed.dtbp_check = day_trades;
  changed.pdt_check = pattern;
  if (const auto level = body.find("max_options_trading_level"); level != body.end()) {
    constexpr std::uint32_t kLevelMax = 3;
    if (!level->is_null() &&
        !(level->is_number_unsigned() && level->get<std::uint64_t>() <= kLevelMax))
      return error_answer(api_code::kUnprocessable, "invalid max_options_trading_level");
    changed.max_options_trading_level.reset();
    if (!level->is_null()) changed.max_options_trading_level = level->get<std::uint32_t>();
  }
  call.account.configuration() = changed;
  return json_answer(alpaca::to_json(changed));
}

// Activities.

/// The types that the reference names; those of dividends have many endings.
bool is_activity_type(std::string_view type) {
  constexpr std::string_view kTypes[] = {
      "FILL", "TRANS", "MISC",  "CSD",   "CSW",   "JNL",   "JNLC",  "JNLS",  "FEE", "CFEE",
      "REG",  "TAF",   "INT",   "ACATC", "ACATS", "SPLIT", "SPIN",  "MA",    "NC",  "REORG",
      "PTC",  "PTR",   "OPASN", "OPCA",  "OPEXC", "OPEXP", "OPTRD", "OPCSH", "CIL"};
  return type.starts_with("DIV") || std::ranges::find(kTypes, type) != std::end(kTypes);
}

core::Timestamp time_of(const alpaca::Activity& activity) {
  if (activity.transaction_time) return *activity.transaction_time;
  return core::Timestamp{std::chrono::sys_days{*activity.date}};
}

ApiAnswer list_activities(const ApiCall& call) {
  QueryReader query{call.request.target};
  std::vector<std::string> types = query.list("activity_types");
  const std::string category = query.word("category", {"", "trade_activity", "non_trade_activity"});
  const auto date = query.date("date");
  auto after = query.time("after");
  auto until = query.time("until");
  const bool is_ascending = query.word("direction", {"desc", "asc"}) == "asc";
  const std::uint32_t size = query.number("page_size", kActivitiesMax, kActivitiesMax);
  const auto token = query.text_if_any("page_token");
  if (auto refused = query.refusal()) return refused;
  if (!category.empty() && !types.empty())
    return error_answer(api_code::kUnprocessable,
                        "only one of category and activity_types is accepted");
  if (call.size() == 4) types = {std::string{call.segment(3)}};
  for (const std::string& type : types)
    if (!is_activity_type(type))
      return error_answer(api_code::kUnprocessable, "invalid activity type " + type);
  const auto passes = [&](const alpaca::Activity& row) {
    if (!types.empty() && std::ranges::find(types, row.activity_type) == types.end()) return false;
    if (!category.empty() && row.is_fill() != (category == "trade_activity")) return false;
    const core::Timestamp time = time_of(row);
    if (date && core::to_new_york(time).date != *date && row.date != date) return false;
    return !(after && time <= *after) && !(until && time >= *until);
  };
  const auto& all = call.account.holdings().activities();
  if (token && std::ranges::find(all, *token, &alpaca::Activity::id) == all.end())
    return error_answer(api_code::kUnprocessable, "page_token is not the id of an activity");
  std::vector<alpaca::Activity> told;
  // The token is the last row of the page before.
  bool has_begun = !token;
  const auto take = [&](const alpaca::Activity& row) {
    if (!has_begun) {
      has_begun = row.id == *token;
      return;
    }
    if (told.size() == size || !passes(row)) return;
    told.push_back(row);
    told.back().account_id = call.account.id();
  };
  if (is_ascending)
    std::ranges::for_each(all, take);
  else
    std::for_each(all.rbegin(), all.rend(), take);
  return json_answer(alpaca::to_json(told));
}

// Portfolio history.

/// `3D`, `2W`, `1M`, `1A`; nothing for any other text.
std::optional<std::chrono::days> read_period(std::string_view text) {
  constexpr std::uint32_t kMost = 10'000;
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count == 0 || count > kMost || end + 1 != text.data() + text.size())
    return std::nullopt;
  switch (*end) {
    case 'D': return std::chrono::days{count};
    case 'W': return std::chrono::days{count * 7};
    case 'M': return std::chrono::days{count * 31};
    case 'A': return std::chrono::days{count * 366};
    default: return std::nullopt;
  }
}

core::Duration length_of(std::string_view timeframe) {
  if (timeframe == "1Min") return std::chrono::minutes{1};
  if (timeframe == "5Min") return std::chrono::minutes{5};
  if (timeframe == "15Min") return std::chrono::minutes{15};
  if (timeframe == "1H") return std::chrono::hours{1};
  return std::chrono::days{1};
}

/// The last point of each stretch.
std::vector<EquityLog::Point> thinned(const std::deque<EquityLog::Point>& points,
                                      core::Duration length) {
  std::vector<EquityLog::Point> thin;
  const auto stretch = [&](const EquityLog::Point& point) {
    return (point.time - core::Duration{1}).time_since_epoch() / length;
  };
  for (const EquityLog::Point& point : points) {
    if (!thin.empty() && stretch(thin.back()) == stretch(point)) thin.pop_back();
    thin.push_back(point);
  }
  return thin;
}

ApiAnswer portfolio_history(const ApiCall& call) {
  constexpr std::chrono::days kMinuteDaysMax{7};
  constexpr std::chrono::days kIntradayDaysMax{30};
  QueryReader query{call.request.target};
  const auto period = read_period(query.text_if_any("period").value_or("1M"));
  auto start = query.time("start");
  auto end = query.time("end");
  const auto date_end = query.date("date_end");
  const auto wanted = query.text_if_any("timeframe");
  const std::string frame = wanted
                                ? query.word("timeframe", {"1Min", "5Min", "15Min", "1H", "1D"})
                                : std::string{period && *period <= kMinuteDaysMax ? "15Min" : "1D"};
  const bool resets = query.word("pnl_reset", {"per_day", "no_reset"}) == "per_day";
  query.word("intraday_reporting", {"market_hours", "extended_hours", "continuous"});
  if (auto refused = query.refusal()) return refused;
  if (!period) return error_answer(api_code::kUnprocessable, "invalid query parameter period");
  const core::Duration length = length_of(frame);
  const bool is_daily = length >= std::chrono::days{1};
  const bool is_too_long =
      !is_daily && !start && *period > (frame == "1Min" ? kMinuteDaysMax : kIntradayDaysMax);
  if (wanted && is_too_long)
    return error_answer(api_code::kUnprocessable, "timeframe is too short for the period");
  if (!end && date_end)
    end = core::Timestamp{std::chrono::sys_days{*date_end}} + std::chrono::days{1};
  const core::Timestamp until = end.value_or(call.venue.clock().now());
  const core::Timestamp from = start.value_or(until - *period);
  const auto& log = call.account.equity();
  const auto points =
      is_daily ? std::vector(log.days().begin(), log.days().end()) : thinned(log.minutes(), length);
  alpaca::PortfolioHistory history;
  history.timeframe = frame;
  EquityLog::Point base{call.venue.clock().now(), call.account.holdings().last_equity()};
  if (!log.days().empty()) base = log.days().front();
  EquityLog::Point day_base = base;
  std::optional<core::Date> base_day;
  std::optional<core::Date> day;
  for (const EquityLog::Point& point : points) {
    const core::Date date = core::to_new_york(point.time).date;
    // Of a day's points the base is what came before the day.
    if (day != date) day_base = base;
    day = date;
    base = point;
    if (point.time < from || point.time > until) continue;
    if (!history.base_value) {
      history.base_value = day_base.equity;
      base_day = core::to_new_york(day_base.time).date;
    }
    const core::Money reference = resets && !is_daily ? day_base.equity : *history.base_value;
    const core::Money profit = point.equity - reference;
    const double rate = reference.is_zero() ? 0.0 : profit.to_double() / reference.to_double();
    history.points.push_back({point.time, point.equity, profit, rate});
  }
  if (!history.base_value) history.base_value = base.equity;
  // Cash comes and goes by trades alone here, which are no cash flows.
  std::string body = alpaca::to_json(history);
  body.pop_back();
  body += fmt::format(R"(,"base_value_asof":"{}","cashflow":{{}}}})",
                      core::format_date(base_day.value_or(core::to_new_york(base.time).date)));
  return json_answer(std::move(body));
}

}  // namespace

ApiAnswer answer_account(const ApiCall& call) {
  if (call.segment(1) != "account") return std::nullopt;
  const std::string_view part = call.segment(2);
  if (part == "configurations" && call.size() == 3 && call.method() == "PATCH")
    return change_configuration(call);
  const bool is_known = call.size() == 2 || (part == "configurations" && call.size() == 3) ||
                        (part == "activities" && call.size() <= 4) ||
                        (part == "portfolio" && call.segment(3) == "history" && call.size() == 4);
  if (!is_known) return std::nullopt;
  if (call.method() != "GET") return method_refused();
  if (call.size() == 2) return json_answer(alpaca::to_json(call.account.tell()));
  if (part == "configurations") return json_answer(alpaca::to_json(call.account.configuration()));
  return part == "activities" ? list_activities(call) : portfolio_history(call);
}

}  // namespace st0ck::app::exchange
