#pragma once

#include "src/app/exchange/adjustment.hpp"
#include "src/app/exchange/page_cursor.hpp"
#include "src/app/exchange/timeframe.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/request_target.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// Which market data a key has paid for.
enum class DataPlan : std::uint8_t {
  Basic,  ///< iex now, sip when it is 15 minutes old; 30 symbols in a stream.
  Plus,   ///< Everything.
};

/// How late consolidated data are without a plan for it.
inline constexpr core::Duration kSipDelay = std::chrono::minutes{15};

enum class Feed : std::uint8_t { Iex, Sip, DelayedSip };

/// What is wrong with a request, with the status that says so.
struct BadRequest {
  int status = 400;
  std::string message;
};

template <typename T>
using Asked = tl::expected<T, BadRequest>;

/// A question for rows of the past: one page of them.
struct HistoryRequest {
  std::vector<std::string> symbols;  ///< Sorted, each once.
  core::Timestamp start;             ///< Inclusive, like `end`.
  core::Timestamp end;
  bool is_descending = false;
  std::size_t limit = 1000;  ///< Rows of all symbols together.
  std::optional<PageCursor> cursor{};
};

/// The symbols of `symbols=A,B`; 400 without one, for a text that is no symbol, and above the
/// bound.
Asked<std::vector<std::string>> symbols_of(const net::RequestTarget& target);

/// A symbol that stands in the path.
Asked<std::string> symbol_of(std::string_view text);

/// A limit under its bound; `otherwise` where it is not given.
Asked<std::size_t> limit_of(const net::RequestTarget& target, std::string_view name,
                            std::size_t otherwise, std::size_t limit_max);

/// Times are RFC 3339 or dates. A date is New York's: it begins at its midnight, and as an end it
/// is meant whole. Without a start the question is about the day of `now`.
Asked<HistoryRequest> history_request(const net::RequestTarget& target,
                                      std::vector<std::string> symbols, core::Timestamp now,
                                      DataPlan plan);

/// The feed of a question for the latest values: the best one of the plan where it is not given.
Asked<Feed> latest_feed(const net::RequestTarget& target, DataPlan plan);

Asked<Timeframe> timeframe_of(const net::RequestTarget& target);
Asked<Adjustment> adjustment_of(const net::RequestTarget& target);

}  // namespace st0ck::app::exchange
