#pragma once

#include "src/app/exchange/venue.hpp"
#include "st0ck/adapters/alpaca/wire/trading/api_error.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/http_server.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the parts of the trading API share: answers, and parameters of a query.
namespace st0ck::app::exchange {

/// What a handler works on.
struct ApiCall {
  Venue& venue;
  Account& account;
  const net::ServerRequest& request;

  const std::string& method() const { return request.method; }
  const std::vector<std::string>& segments() const { return request.target.segments; }
  /// The segment at that place, or an empty text.
  std::string_view segment(std::size_t place) const;
  std::size_t size() const { return request.target.segments.size(); }
};

net::ServerResponse json_answer(std::string body, int status = 200);
net::ServerResponse error_answer(const alpaca::ApiError& error);
net::ServerResponse error_answer(std::uint64_t code, std::string message);
net::ServerResponse empty_answer();  ///< 204.

/// The body is known, its method is not.
net::ServerResponse method_refused();

/// Reads parameters of a query; the first one that is wrong is the finding.
class QueryReader {
 public:
  explicit QueryReader(const net::RequestTarget& target) : target_{target} {}

  bool flag(std::string_view name, bool otherwise = false);
  std::uint32_t number(std::string_view name, std::uint32_t otherwise, std::uint32_t most);
  std::optional<core::Timestamp> time(std::string_view name);
  std::optional<core::Date> date(std::string_view name);
  /// One of the words, the first where there is none.
  std::string word(std::string_view name, std::initializer_list<std::string_view> words);
  std::vector<std::string> list(std::string_view name);
  /// A list of which each item is one of the words.
  std::vector<std::string> words(std::string_view name,
                                 std::initializer_list<std::string_view> words);
  std::string text(std::string_view name);
  std::optional<std::string> text_if_any(std::string_view name);

  /// 422 with what was wrong.
  std::optional<net::ServerResponse> refusal() const;

 private:
  void note(std::string_view name);

  const net::RequestTarget& target_;
  std::string bad_;
};

// The parts, by the second segment of the path; nothing for a path that they do not have.
using ApiAnswer = std::optional<net::ServerResponse>;
ApiAnswer answer_orders(const ApiCall& call);
ApiAnswer answer_positions(const ApiCall& call);
ApiAnswer answer_account(const ApiCall& call);
ApiAnswer answer_watchlists(const ApiCall& call);
ApiAnswer answer_reference(const ApiCall& call);

/// The asset of an instrument as JSON, for lists that hold some.
std::string asset_json(const market::Instrument& instrument);

}  // namespace st0ck::app::exchange
