#include "src/app/exchange/api.hpp"
#include "st0ck/adapters/alpaca/wire/decimal.hpp"

#include <fmt/format.h>

#include <utility>

namespace st0ck::app::exchange {

namespace {

namespace api_code = alpaca::api_code;

constexpr int kMultiStatus = 207;
constexpr std::uint32_t kOk = 200;
constexpr int kDigits = 9;

net::ServerResponse no_position() {
  return error_answer(api_code::kNotFound, "position does not exist");
}

/// A market order that takes `quantity` off a position.
Answer<const OrderRecord*> close_order(const ApiCall& call, core::InstrumentId instrument,
                                       core::Quantity quantity) {
  alpaca::NewOrder body;
  body.symbol = call.venue.instruments()[instrument].symbol.str();
  body.quantity = quantity;
  body.side = call.account.holdings().position(instrument).is_positive() ? trading::Side::Sell
                                                                         : trading::Side::Buy;
  return call.account.desk().submit(body);
}

/// How much of a position is to be closed; 422 for a parameter that says nothing good.
Answer<core::Quantity> wanted(const ApiCall& call, core::Quantity position) {
  QueryReader query{call.request.target};
  const auto quantity = query.text_if_any("qty");
  const auto percentage = query.text_if_any("percentage");
  if (!quantity && !percentage) return position;
  const auto bad = [](std::string message) {
    return tl::unexpected(refusal(api_code::kUnprocessable, std::move(message)));
  };
  if (quantity && percentage) return bad("only one of qty or percentage is accepted");
  const auto read = alpaca::read_decimal(quantity ? *quantity : *percentage, kDigits);
  if (quantity && quantity->find_first_of("eE") != std::string::npos)
    return bad("qty is not a decimal number (like 12.34)");
  if (quantity && read.refusal == alpaca::Refusal::TooManyDecimals)
    return bad("qty is limited to 9 decimal places");
  if (read.refusal != alpaca::Refusal::None || read.raw <= 0)
    return bad(quantity ? "qty must be > 0" : "percentage must be between 0 and 100");
  if (quantity) return core::Quantity::from_raw(read.raw);
  constexpr std::int64_t kHundred = 100 * core::Quantity::kOne;
  if (read.raw > kHundred) return bad("percentage must be between 0 and 100");
  const auto raw = core::narrow(
      core::divide(core::Int128{position.raw()} * read.raw, kHundred, core::Rounding::Down));
  return core::Quantity::from_raw(*raw);
}

net::ServerResponse close_one(const ApiCall& call, core::InstrumentId instrument) {
  const core::Quantity position = call.account.holdings().position(instrument).abs();
  if (position.is_zero()) return no_position();
  const auto quantity = wanted(call, position);
  if (!quantity) return error_answer(quantity.error());
  const auto order = close_order(call, instrument, *quantity);
  if (!order) return error_answer(order.error());
  return json_answer(alpaca::to_json(call.account.desk().tell(**order)));
}

net::ServerResponse close_all(const ApiCall& call) {
  QueryReader query{call.request.target};
  const bool cancels = query.flag("cancel_orders");
  if (auto refused = query.refusal()) return *refused;
  if (cancels) call.account.desk().cancel_all();
  std::string rows;
  for (const core::InstrumentId instrument : call.account.holdings().held()) {
    const auto order =
        close_order(call, instrument, call.account.holdings().position(instrument).abs());
    // What went wrong is told whole, as the answer to the one order would be.
    rows += fmt::format(R"({}{{"symbol":"{}","status":{},"body":{}}})", rows.empty() ? "" : ",",
                        call.venue.instruments()[instrument].symbol.view(),
                        order ? kOk : order.error().http_status,
                        order ? alpaca::to_json(call.account.desk().tell(**order))
                              : alpaca::to_json(order.error()));
  }
  return json_answer("[" + rows + "]", kMultiStatus);
}

net::ServerResponse list(const ApiCall& call) {
  std::vector<alpaca::Position> told;
  for (const core::InstrumentId instrument : call.account.holdings().held())
    told.push_back(*call.account.tell_position(instrument));
  return json_answer(alpaca::to_json(told));
}

}  // namespace

ApiAnswer answer_positions(const ApiCall& call) {
  if (call.segment(1) != "positions") return std::nullopt;
  if (call.size() == 2) {
    if (call.method() == "GET") return list(call);
    return call.method() == "DELETE" ? close_all(call) : method_refused();
  }
  if (call.size() == 4 && (call.segment(3) == "exercise" || call.segment(3) == "do-not-exercise"))
    return error_answer(api_code::kUnprocessable, "options are not traded at this exchange yet");
  if (call.size() != 3) return std::nullopt;
  const market::Instrument* instrument = call.venue.find_asset(call.segment(2));
  if (instrument == nullptr)
    return error_answer(api_code::kNotFound, "symbol not found: " + std::string{call.segment(2)});
  if (call.method() == "DELETE") return close_one(call, instrument->id);
  if (call.method() != "GET") return method_refused();
  const auto told = call.account.tell_position(instrument->id);
  return told ? json_answer(alpaca::to_json(*told)) : no_position();
}

}  // namespace st0ck::app::exchange
