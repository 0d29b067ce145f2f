#include "src/app/exchange/history_request.hpp"

#include "st0ck/adapters/alpaca/wire/time.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace st0ck::app::exchange {

namespace {

constexpr std::size_t kSymbolsMax = 2'000;
constexpr std::size_t kRowsMax = 10'000;
constexpr std::size_t kRowsUsual = 1'000;

template <typename... Args>
tl::unexpected<BadRequest> bad(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(BadRequest{400, fmt::format(format, std::forward<Args>(args)...)});
}

tl::unexpected<BadRequest> forbidden(std::string message) {
  return tl::unexpected(BadRequest{403, std::move(message)});
}

enum class Edge : std::uint8_t { Start, End };

Asked<std::optional<core::Timestamp>> time_of(const net::RequestTarget& target,
                                              std::string_view name, Edge edge) {
  const auto text = target.find(name);
  if (!text || text->empty()) return std::nullopt;
  if (const auto time = alpaca::read_time(*text)) return time;
  const auto date = core::parse_date(*text);
  if (!date) return bad("invalid {}: {}: a time is RFC 3339 or YYYY-MM-DD", name, *text);
  if (edge == Edge::Start) return core::from_new_york(*date, core::Duration::zero());
  return core::from_new_york(*date, std::chrono::hours{24}) - core::Duration{1};
}

/// The feed of a question, where it is given.
Asked<std::optional<Feed>> feed_of(const net::RequestTarget& target) {
  const auto text = target.find("feed");
  if (!text || text->empty()) return std::nullopt;
  if (*text == "iex") return Feed::Iex;
  if (*text == "sip") return Feed::Sip;
  if (*text == "delayed_sip") return Feed::DelayedSip;
  if (*text == "boats" || *text == "overnight" || *text == "otc")
    return forbidden(fmt::format("subscription does not permit querying {} data", *text));
  return bad("invalid feed: {}", *text);
}

/// Everything that has no effect here is still read.
std::optional<BadRequest> defect_of_others(const net::RequestTarget& target) {
  if (const auto currency = target.find("currency");
      currency && !currency->empty() && *currency != "USD")
    return BadRequest{400, fmt::format("invalid currency: {}: only USD is here", *currency)};
  // Nothing is renamed here, so that every date gives the same.
  if (const auto asof = target.find("asof");
      asof && !asof->empty() && *asof != "-" && !core::parse_date(*asof))
    return BadRequest{400, fmt::format("invalid asof: {}: a date is YYYY-MM-DD", *asof)};
  return std::nullopt;
}

}  // namespace

Asked<std::string> symbol_of(std::string_view text) {
  if (!core::parse_symbol(text)) return bad("invalid symbol: {}", text.substr(0, 50));
  return std::string{text};
}

Asked<std::vector<std::string>> symbols_of(const net::RequestTarget& target) {
  auto text = target.find("symbols").value_or(std::string_view{});
  if (text.empty()) return bad("symbols parameter is required");
  std::vector<std::string> symbols;
  while (true) {
    const auto comma = text.find(',');
    auto symbol = symbol_of(text.substr(0, comma));
    if (!symbol) return tl::unexpected(std::move(symbol.error()));
    symbols.push_back(std::move(*symbol));
    if (symbols.size() > kSymbolsMax) return bad("too many symbols: at most {}", kSymbolsMax);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  std::ranges::sort(symbols);
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return symbols;
}

Asked<std::size_t> limit_of(const net::RequestTarget& target, std::string_view name,
                            std::size_t otherwise, std::size_t limit_max) {
  const auto text = target.find(name);
  if (!text || text->empty()) return otherwise;
  std::size_t limit = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, limit);
  if (read.ec != std::errc{} || read.ptr != end || limit < 1 || limit > limit_max)
    return bad("invalid {}: {}: it is from 1 to {}", name, *text, limit_max);
  return limit;
}

Asked<HistoryRequest> history_request(const net::RequestTarget& target,
                                      std::vector<std::string> symbols, core::Timestamp now,
                                      DataPlan plan) {
  HistoryRequest request;
  request.symbols = std::move(symbols);
  const auto feed = feed_of(target);
  if (!feed) return tl::unexpected(feed.error());
  if (*feed == Feed::DelayedSip) return bad("invalid feed: delayed_sip has no history");
  if (auto defect = defect_of_others(target)) return tl::unexpected(std::move(*defect));

  const auto start = time_of(target, "start", Edge::Start);
  if (!start) return tl::unexpected(start.error());
  const auto end = time_of(target, "end", Edge::End);
  if (!end) return tl::unexpected(end.error());
  // Sip is what is meant where no feed is named.
  const bool is_late = plan == DataPlan::Basic && feed->value_or(Feed::Sip) == Feed::Sip;
  const core::Timestamp known = is_late ? now - kSipDelay : now;
  if (is_late && *end && std::min(**end, now) > known)
    return forbidden("subscription does not permit querying recent SIP data");
  const auto today = core::to_new_york(now).date;
  request.start = start->value_or(core::from_new_york(today, core::Duration::zero()));
  request.end = std::min(end->value_or(known), known);
  if (*end && **end < request.start) return bad("end should not be before start");

  const auto sort = target.find("sort").value_or(std::string_view{});
  if (!sort.empty() && sort != "asc" && sort != "desc")
    return bad("invalid sort: {}: it is asc or desc", sort);
  request.is_descending = sort == "desc";
  const auto limit = limit_of(target, "limit", kRowsUsual, kRowsMax);
  if (!limit) return tl::unexpected(limit.error());
  request.limit = *limit;
  if (const auto token = target.find("page_token"); token && !token->empty()) {
    request.cursor = PageCursor::parse(*token);
    if (!request.cursor || !std::ranges::binary_search(request.symbols, request.cursor->symbol))
      return bad("invalid page_token: it is of another question");
  }
  return request;
}

Asked<Feed> latest_feed(const net::RequestTarget& target, DataPlan plan) {
  const auto feed = feed_of(target);
  if (!feed) return tl::unexpected(feed.error());
  if (auto defect = defect_of_others(target)) return tl::unexpected(std::move(*defect));
  if (!*feed) return plan == DataPlan::Basic ? Feed::Iex : Feed::Sip;
  if (**feed == Feed::Sip && plan == DataPlan::Basic)
    return forbidden("subscription does not permit querying recent SIP data");
  return **feed;
}

Asked<Timeframe> timeframe_of(const net::RequestTarget& target) {
  const auto text = target.find("timeframe").value_or(std::string_view{});
  if (text.empty()) return bad("timeframe parameter is required");
  const auto timeframe = Timeframe::parse(text);
  if (!timeframe) return bad("invalid timeframe: {}", text.substr(0, 50));
  return *timeframe;
}

Asked<Adjustment> adjustment_of(const net::RequestTarget& target) {
  const auto text = target.find("adjustment").value_or(std::string_view{});
  if (text.empty()) return Adjustment{};
  const auto adjustment = Adjustment::parse(text);
  if (!adjustment) return bad("invalid adjustment: {}", text.substr(0, 50));
  return *adjustment;
}

}  // namespace st0ck::app::exchange
