#pragma once

#include "src/app/exchange/history_request.hpp"
#include "src/app/exchange/market_record.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/http_server.hpp"
#include "st0ck/net/request_target.hpp"

#include <string_view>

namespace st0ck::app::exchange {

/// What an answer is made of.
struct DataQuestion {
  const MarketRecord& record;
  const net::RequestTarget& target;
  core::Timestamp now;
  DataPlan plan = DataPlan::Plus;
};

/// `{"message": ...}`, as the data host says what is wrong.
net::ServerResponse data_error(int status, std::string_view message);

// `symbol` is the one of the path, empty where the symbols are a parameter. Rows are `bars`,
// `trades` or `quotes`.

net::ServerResponse history_answer(const DataQuestion& question, std::string_view symbol,
                                   std::string_view rows);
net::ServerResponse latest_answer(const DataQuestion& question, std::string_view symbol,
                                  std::string_view rows);
net::ServerResponse snapshots_answer(const DataQuestion& question, std::string_view symbol);
net::ServerResponse auctions_answer(const DataQuestion& question, std::string_view symbol);

net::ServerResponse exchange_codes_answer();
/// Conditions of `trade` or `quote`.
net::ServerResponse condition_codes_answer(const DataQuestion& question, std::string_view ticks);

net::ServerResponse most_actives_answer(const DataQuestion& question);
net::ServerResponse movers_answer(const DataQuestion& question);
net::ServerResponse corporate_actions_answer(const DataQuestion& question);
net::ServerResponse news_answer(const DataQuestion& question);

}  // namespace st0ck::app::exchange
