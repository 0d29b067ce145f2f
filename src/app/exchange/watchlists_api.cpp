#include "src/app/exchange/api.hpp"
#include "st0ck/core/time_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace st0ck::app::exchange {

namespace {

namespace api_code = alpaca::api_code;
using Json = nlohmann::ordered_json;

constexpr std::size_t kNameMax = 64;

Json json_of(const ApiCall& call, const Watchlist& list, bool has_assets = true) {
  Json json{{"id", list.id},
            {"account_id", call.account.id()},
            {"name", list.name},
            {"created_at", core::format_utc(list.created)},
            {"updated_at", core::format_utc(list.updated)}};
  if (!has_assets) return json;
  json["assets"] = Json::array();
  for (const std::string& symbol : list.symbols)
    if (const market::Instrument* instrument = call.venue.find_asset(symbol))
      json["assets"].push_back(Json::parse(asset_json(*instrument)));
  return json;
}

net::ServerResponse one(const ApiCall& call, const Watchlist& list) {
  return json_answer(json_of(call, list).dump());
}

net::ServerResponse not_found() { return error_answer(api_code::kNotFound, "watchlist not found"); }

/// Adds a symbol once; says what is wrong with it.
std::optional<net::ServerResponse> add_symbol(const ApiCall& call, Watchlist& list,
                                              const Json& symbol) {
  if (!symbol.is_string()) return error_answer(api_code::kUnprocessable, "symbol must be a text");
  const auto text = symbol.get<std::string>();
  const market::Instrument* instrument = call.venue.find_asset(text);
  if (instrument == nullptr)
    return error_answer(api_code::kUnprocessable, "asset not found for " + text);
  const std::string name = instrument->symbol.str();
  if (std::ranges::find(list.symbols, name) != list.symbols.end()) return std::nullopt;
  if (list.symbols.size() == Watchlists::kSymbolsMax)
    return error_answer(api_code::kUnprocessable, "too many symbols in the watchlist");
  list.symbols.push_back(name);
  return std::nullopt;
}

/// What POST and PUT share: a name that is not taken by another list, and symbols.
std::optional<net::ServerResponse> fill_in(const ApiCall& call, const Json& body, Watchlist& list) {
  if (const auto name = body.find("name"); name != body.end()) {
    if (!name->is_string() || name->get<std::string>().empty() ||
        name->get<std::string>().size() > kNameMax)
      return error_answer(api_code::kUnprocessable, "name must have 1 to 64 characters");
    list.name = name->get<std::string>();
  }
  if (list.name.empty()) return error_answer(api_code::kUnprocessable, "name is required");
  const Watchlist* other = call.account.watchlists().find_by_name(list.name);
  if (other && other->id != list.id)
    return error_answer(api_code::kUnprocessable, "watchlist name must be unique");
  const auto symbols = body.find("symbols");
  if (symbols == body.end() || symbols->is_null()) return std::nullopt;
  if (!symbols->is_array()) return error_answer(api_code::kUnprocessable, "symbols must be a list");
  list.symbols.clear();
  for (const Json& symbol : *symbols)
    if (auto refused = add_symbol(call, list, symbol)) return refused;
  return std::nullopt;
}

net::ServerResponse create(const ApiCall& call, const Json& body) {
  Watchlists& lists = call.account.watchlists();
  if (lists.is_full()) return error_answer(api_code::kUnprocessable, "too many watchlists");
  Watchlist list;
  if (auto refused = fill_in(call, body, list)) return *refused;
  list.id = call.account.next_id();
  list.created = list.updated = call.venue.clock().now();
  return one(call, lists.add(std::move(list)));
}

net::ServerResponse list_all(const ApiCall& call) {
  Json all = Json::array();
  for (const Watchlist& list : call.account.watchlists().all())
    all.push_back(json_of(call, list, false));
  return json_answer(all.dump());
}

net::ServerResponse of_one(const ApiCall& call, Watchlist& list, const Json& body) {
  const std::string& method = call.method();
  if (method == "GET") return one(call, list);
  if (method == "DELETE") {
    call.account.watchlists().remove(list.id);
    return empty_answer();
  }
  Watchlist changed = list;
  std::optional<net::ServerResponse> refused;
  if (method == "PUT")
    refused = fill_in(call, body, changed);
  else if (method == "POST")
    refused = add_symbol(call, changed, body.contains("symbol") ? body["symbol"] : Json{});
  else
    return method_refused();
  if (refused) return *refused;
  changed.updated = call.venue.clock().now();
  list = std::move(changed);
  return one(call, list);
}

net::ServerResponse remove_symbol(const ApiCall& call, Watchlist& list) {
  if (call.method() != "DELETE") return method_refused();
  if (std::erase(list.symbols, std::string{call.segment(3)}) == 0)
    return error_answer(api_code::kNotFound, "symbol not in the watchlist");
  list.updated = call.venue.clock().now();
  return one(call, list);
}

}  // namespace

ApiAnswer answer_watchlists(const ApiCall& call) {
  const bool is_by_name = call.segment(1) == "watchlists:by_name";
  if ((!is_by_name && call.segment(1) != "watchlists") || call.size() > 4) return std::nullopt;
  Json body;
  if (call.method() == "POST" || call.method() == "PUT") {
    body = Json::parse(call.request.body, nullptr, false);
    if (!body.is_object())
      return error_answer(api_code::kMalformed, "request body format is invalid");
  }
  Watchlists& lists = call.account.watchlists();
  if (is_by_name) {
    if (call.size() != 2) return std::nullopt;
    QueryReader query{call.request.target};
    Watchlist* list = lists.find_by_name(query.text("name"));
    return list ? of_one(call, *list, body) : not_found();
  }
  if (call.size() == 2) {
    if (call.method() == "GET") return list_all(call);
    return call.method() == "POST" ? create(call, body) : method_refused();
  }
  Watchlist* list = lists.find(call.segment(2));
  if (list == nullptr) return not_found();
  return call.size() == 3 ? of_one(call, *list, body) : remove_symbol(call, *list);
}

}  // namespace st0ck::app::exchange
