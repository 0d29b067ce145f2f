#include "src/app/exchange/api.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace st0ck::app::exchange {

namespace {

namespace api_code = alpaca::api_code;

constexpr int kMultiStatus = 207;
constexpr std::uint32_t kOrdersDefault = 50;
constexpr std::uint32_t kOrdersMax = 500;

/// What a list of orders asks for.
struct OrdersFilter {
  std::string status;
  std::uint32_t limit = kOrdersDefault;
  std::optional<core::Timestamp> after;
  std::optional<core::Timestamp> until;
  bool is_ascending = false;
  bool is_nested = false;
  std::vector<std::string> symbols;
  std::string side;
  std::vector<std::string> classes;
  std::optional<std::uint64_t> before_number;
  std::optional<std::uint64_t> after_number;

  bool passes(const OrderRecord& order) const {
    const auto has = [](const std::vector<std::string>& list, std::string_view text) {
      return list.empty() || std::ranges::find(list, text) != list.end();
    };
    if (status != "all" && order.is_open() != (status == "open")) return false;
    if (after && order.told.submitted_at <= *after) return false;
    if (until && order.told.submitted_at >= *until) return false;
    if (before_number && order.number >= *before_number) return false;
    if (after_number && order.number <= *after_number) return false;
    if (!side.empty() && order.buys() != (side == "buy")) return false;
    return has(symbols, order.told.symbol) && (has(classes, "us_equity") || has(classes, "all"));
  }
};

/// In a nested list a group stands where its head does, and passes if one of it does: an exit that
/// works is listed under an entry that is over.
bool passes_nested(const OrdersFilter& filter, const OrderRecord& order) {
  if (order.parent) return false;
  return filter.passes(order) || std::ranges::any_of(order.legs, [&](const OrderRecord* leg) {
           return filter.passes(*leg);
         });
}

net::ServerResponse no_uuid(std::string_view id) {
  return error_answer(api_code::kUnprocessable, "order id is not a UUID: " + std::string{id});
}

ApiAnswer list_orders(const ApiCall& call) {
  QueryReader query{call.request.target};
  OrdersFilter filter;
  filter.status = query.word("status", {"open", "closed", "all"});
  filter.limit = query.number("limit", kOrdersDefault, kOrdersMax);
  filter.after = query.time("after");
  filter.until = query.time("until");
  filter.is_ascending = query.word("direction", {"desc", "asc"}) == "asc";
  filter.is_nested = query.flag("nested");
  filter.symbols = query.list("symbols");
  filter.side = query.word("side", {"", "buy", "sell"});
  filter.classes = query.words("asset_class", {"us_equity", "us_option", "crypto", "all"});
  const auto before_id = query.text_if_any("before_order_id");
  const auto after_id = query.text_if_any("after_order_id");
  if (auto refused = query.refusal()) return refused;
  const OrderDesk& desk = call.account.desk();
  if ((before_id && after_id) || ((before_id || after_id) && (filter.after || filter.until)))
    return error_answer(api_code::kUnprocessable,
                        "only one of before_order_id, after_order_id, after and until is accepted");
  for (const auto& [id, number] :
       {std::pair{before_id, &filter.before_number}, std::pair{after_id, &filter.after_number}}) {
    if (!id) continue;
    if (!is_uuid(*id)) return no_uuid(*id);
    const OrderRecord* order = desk.find(*id);
    if (order == nullptr) return error_answer(api_code::kNotFound, "order not found for " + *id);
    *number = order->number;
  }
  std::vector<alpaca::Order> told;
  const auto take = [&](const OrderRecord& order) {
    if (told.size() == filter.limit) return;
    if (filter.is_nested ? passes_nested(filter, order) : filter.passes(order))
      told.push_back(filter.is_nested ? desk.tell(order) : order.told);
  };
  if (filter.is_ascending)
    for (const auto& [number, order] : desk.orders()) take(*order);
  else
    for (auto entry = desk.orders().rbegin(); entry != desk.orders().rend(); ++entry)
      take(*entry->second);
  return json_answer(alpaca::to_json(told));
}

net::ServerResponse one_order(const ApiCall& call, const Answer<const OrderRecord*>& order) {
  if (!order) return error_answer(order.error());
  return json_answer(alpaca::to_json(call.account.desk().tell(**order)));
}

net::ServerResponse submit(const ApiCall& call) {
  const auto body = alpaca::read_new_order(call.request.body);
  if (!body) return error_answer(body.error());
  return one_order(call, call.account.desk().submit(*body));
}

net::ServerResponse get_order(const ApiCall& call, const OrderRecord* order,
                              std::string_view what) {
  if (order == nullptr)
    return error_answer(api_code::kNotFound, "order not found for " + std::string{what});
  return json_answer(alpaca::to_json(call.account.desk().tell(*order)));
}

net::ServerResponse of_one(const ApiCall& call, std::string_view id) {
  OrderDesk& desk = call.account.desk();
  if (!is_uuid(id)) return no_uuid(id);
  if (call.method() == "GET") return get_order(call, desk.find(id), id);
  if (call.method() == "PATCH") {
    const auto body = alpaca::read_replace_order(call.request.body);
    if (!body) return error_answer(body.error());
    return one_order(call, desk.replace(id, *body));
  }
  if (call.method() != "DELETE") return method_refused();
  const auto cancelled = desk.cancel(id);
  return cancelled ? empty_answer() : error_answer(cancelled.error());
}

}  // namespace

ApiAnswer answer_orders(const ApiCall& call) {
  OrderDesk& desk = call.account.desk();
  if (call.segment(1) == "orders:by_client_order_id") {
    if (call.size() != 2) return std::nullopt;
    if (call.method() != "GET") return method_refused();
    QueryReader query{call.request.target};
    const std::string id = query.text("client_order_id");
    return get_order(call, desk.find_by_client_id(id), id);
  }
  if (call.segment(1) != "orders") return std::nullopt;
  if (call.size() == 3) return of_one(call, call.segment(2));
  if (call.size() != 2) return std::nullopt;
  if (call.method() == "GET") return list_orders(call);
  if (call.method() == "POST") return submit(call);
  if (call.method() != "DELETE") return method_refused();
  return json_answer(alpaca::to_json(desk.cancel_all(), "id"), kMultiStatus);
}

}  // namespace st0ck::app::exchange
