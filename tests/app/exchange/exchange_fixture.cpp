#include "app/exchange/exchange_fixture.hpp"

#include <utility>

namespace st0ck::app::exchange {

namespace {

constexpr core::Date kDate{std::chrono::year{2025} / 6 / 2};
constexpr core::Duration kStep = std::chrono::milliseconds{1};

}  // namespace

std::string Reply::text(const char* name) const {
  const auto found = body.find(name);
  return found == body.end() || !found->is_string() ? std::string{} : found->get<std::string>();
}

core::Price price_of(std::string_view text) {
  return core::Price::parse(text).value_or(core::Price::max());
}

core::Quantity quantity_of(std::string_view text) {
  return core::Quantity::parse(text).value_or(core::Quantity::max());
}

core::Money money_of(std::string_view text) {
  return core::Money::parse(text).value_or(core::Money::max());
}

ExchangeFixture::ExchangeFixture(const Scenario& scenario, std::uint32_t leverage) {
  for (const std::string_view symbol : {"SPY", "QQQ"}) {
    market::Instrument instrument;
    instrument.symbol = core::Symbol{symbol};
    instruments_.define(instrument);
  }
  const auto calendar = core::ExchangeCalendar::xnys();
  session_ = *calendar.session_on(kDate);
  clock_.advance_to(session_.open - std::chrono::minutes{10});
  AccountSettings test;
  test.leverage = leverage;
  AccountSettings other = test;
  other.key = other.secret = "other";
  other.seed = 2;
  venue_ = std::make_unique<Venue>(Venue::Parts{scheduler_, clock_, instruments_, calendar},
                                   std::vector{test, other});
  venue_->listen([this](Account& account, const alpaca::TradeUpdate& update) {
    if (account.key() == key_) updates_.push_back(update);
  });
  wall_.advance_to(core::Timestamp{std::chrono::seconds{1000}});
  gatekeeper_ = std::make_unique<Gatekeeper>(*venue_, scheduler_, scenario, wall_);
  api_ = std::make_unique<TradingApi>(*venue_);
  venue_->on_session_phase({market::Phase::Prepare, session_});
  quote("SPY", "99.99", "100.01");
  quote("QQQ", "49.99", "50.01");
}

void ExchangeFixture::open() {
  clock_.advance_to(session_.open);
  venue_->on_session_phase({market::Phase::Open, session_});
  pass(kStep);
  print("SPY", "100", "O");
  print("QQQ", "50", "O");
  quote("SPY", "99.99", "100.01");
  quote("QQQ", "49.99", "50.01");
}

void ExchangeFixture::close() {
  clock_.advance_to(session_.close);
  venue_->on_session_phase({market::Phase::Close, session_});
}

void ExchangeFixture::prepare(core::Date date) {
  session_ = *core::ExchangeCalendar::xnys().session_on(date);
  clock_.advance_to(session_.open - std::chrono::minutes{10});
  venue_->on_session_phase({market::Phase::Prepare, session_});
}

void ExchangeFixture::pass(core::Duration duration) { clock_.advance_to(clock_.now() + duration); }

core::InstrumentId ExchangeFixture::id_of(std::string_view symbol) const {
  return instruments_.find(core::Symbol{symbol})->id;
}

void ExchangeFixture::quote(std::string_view symbol, std::string_view bid, std::string_view ask,
                            std::int64_t size) {
  pass(kStep);
  market::Quote quote;
  quote.instrument = id_of(symbol);
  quote.time = clock_.now();
  quote.bid = *core::Price::parse(bid);
  quote.ask = *core::Price::parse(ask);
  quote.bid_size = quote.ask_size = core::Volume::whole(size);
  venue_->on_quote(quote);
}

void ExchangeFixture::print(std::string_view symbol, std::string_view price,
                            std::string_view conditions, std::int64_t size) {
  pass(kStep);
  market::Trade trade;
  trade.instrument = id_of(symbol);
  trade.time = clock_.now();
  trade.price = *core::Price::parse(price);
  trade.size = core::Volume::whole(size);
  trade.conditions = market::SaleConditions{conditions};
  trade.exchange = 'P';
  venue_->on_trade(trade);
}

Reply ExchangeFixture::call_only(const std::string& method, const std::string& target,
                                 const std::string& body) {
  net::ServerRequest request;
  request.method = method;
  request.target = *net::parse_request_target(target);
  request.headers = {{"APCA-API-KEY-ID", key_}, {"APCA-API-SECRET-KEY", key_}};
  request.body = body;
  Reply reply;
  const auto passed = gatekeeper_->admit(request, net::Responder{[&](net::ServerResponse response) {
                                           reply.status = response.status;
                                           reply.headers = response.headers;
                                           if (!response.body.empty())
                                             reply.body = Json::parse(response.body);
                                         }});
  if (passed) passed->respond(api_->answer(request, passed->account));
  return reply;
}

Reply ExchangeFixture::call(const std::string& method, const std::string& target,
                            const std::string& body) {
  Reply reply = call_only(method, target, body);
  settle();
  // The rate limit is another test's.
  scheduler_.run_for(std::chrono::seconds{1});
  return reply;
}

std::string ExchangeFixture::order(const Json& body) {
  const Reply reply = post(body);
  EXPECT_EQ(reply.status, 200) << reply.body.dump();
  return reply.text("id");
}

std::string ExchangeFixture::buy(int quantity, std::string_view symbol) {
  return order({{"symbol", symbol},
                {"qty", std::to_string(quantity)},
                {"side", "buy"},
                {"type", "market"},
                {"time_in_force", "day"}});
}

std::string ExchangeFixture::status_of(const std::string& id) {
  return get("/v2/orders/" + id).text("status");
}

std::vector<std::string> ExchangeFixture::events() {
  std::vector<std::string> told;
  for (const alpaca::TradeUpdate& update : std::exchange(updates_, {}))
    told.push_back(std::string{alpaca::text_of(update.event)} + " " +
                   std::string{alpaca::text_of(update.order.status)});
  return told;
}

}  // namespace st0ck::app::exchange
