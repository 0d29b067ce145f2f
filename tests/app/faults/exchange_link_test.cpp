#include "src/app/faults/exchange_link.hpp"

#include "src/app/faults/fault_exchange.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::faults {
namespace {

using namespace std::chrono_literals;
using exchange::FaultKind;
using exchange::FaultPoint;
using exchange::FaultRule;

/// A link to an exchange with one rule of faults, or none.
class ExchangeLinkTest : public testing::Test {
 protected:
  void open(std::optional<FaultRule> rule = {}) {
    exchange::Scenario scenario;
    if (rule) {
      rule->name = "rule";
      scenario.faults.push_back(*rule);
    }
    auto opened = FaultExchange::open({}, scenario, scheduler_, {});
    ASSERT_TRUE(opened) << opened.error().message;
    exchange_ = std::move(*opened);
    link_.emplace(scheduler_, exchange_->host(), ExchangeLink::Settings{});
    http_ = link_->make_http();
    exchange_->host().run();
  }

  static FaultRule rule_of(FaultKind kind, FaultPoint point) {
    FaultRule rule;
    rule.kind = kind;
    rule.where = {point};
    return rule;
  }

  static net::HttpRequest request(net::HttpMethod method, std::string_view path,
                                  std::string body = {}) {
    net::HttpRequest request;
    request.method = method;
    request.url = "http://exchange" + std::string{path};
    request.headers = {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}};
    request.body = std::move(body);
    request.timeout = 2s;
    return request;
  }

  void send(const net::HttpRequest& request) {
    http_->send(request, [this](net::HttpResult result) { results_.push_back(std::move(result)); });
  }
  void get_clock() { send(request(net::HttpMethod::Get, "/v2/clock")); }
  void buy() {
    send(request(net::HttpMethod::Post, "/v2/orders",
                 R"({"symbol":"AAPL","qty":"1","side":"buy","type":"market",)"
                 R"("time_in_force":"day","client_order_id":"ann-1"})"));
  }
  bool has_order() { return exchange_->account().desk().find_by_client_id("ann-1") != nullptr; }

  std::unique_ptr<net::WebSocketConnection> connect() {
    net::WebSocketRequest request;
    request.url = "ws://exchange/stream";
    net::WebSocketListener listener;
    listener.on_open = [this] { ++opened_; };
    listener.on_message = [this](net::MessageKind, std::string_view bytes) {
      heard_.emplace_back(bytes);
    };
    listener.on_closed = [this](const net::WebSocketClosed& closed) { closed_ = closed; };
    sockets_ = link_->make_web_sockets();
    return sockets_->connect(request, listener);
  }

  static constexpr std::string_view kLogin = R"({"action":"auth","key":"test","secret":"test"})";

  net::SimulatedScheduler scheduler_;
  std::unique_ptr<FaultExchange> exchange_;
  std::optional<ExchangeLink> link_;
  std::unique_ptr<net::HttpTransport> http_;
  std::unique_ptr<net::WebSocketTransport> sockets_;
  std::vector<net::HttpResult> results_;
  std::vector<std::string> heard_;
  std::optional<net::WebSocketClosed> closed_;
  int opened_ = 0;
};

TEST_F(ExchangeLinkTest, AnswersOnceAndNeverInsideTheCall) {
  open();

  get_clock();
  EXPECT_TRUE(results_.empty());
  scheduler_.run_for(1s);

  ASSERT_EQ(results_.size(), 1U);
  ASSERT_TRUE(results_.front().has_value());
  EXPECT_EQ(results_.front()->status, 200);
}

TEST_F(ExchangeLinkTest, TellsOfAnAnswerThatWasLostThatTheServerMayHaveActed) {
  open(rule_of(FaultKind::LoseReply, FaultPoint::Submit));

  buy();
  scheduler_.run_for(1s);

  ASSERT_EQ(results_.size(), 1U);
  EXPECT_TRUE(net::may_have_reached(results_.front()));
  EXPECT_FALSE(results_.front().has_value());
  EXPECT_TRUE(has_order());
}

TEST_F(ExchangeLinkTest, EndsARequestThatHangsByItsDeadline) {
  open(rule_of(FaultKind::Hang, FaultPoint::Clock));

  get_clock();
  scheduler_.run_for(1900ms);
  EXPECT_TRUE(results_.empty());
  scheduler_.run_for(200ms);

  ASSERT_EQ(results_.size(), 1U);
  ASSERT_FALSE(results_.front().has_value());
  EXPECT_EQ(results_.front().error().kind, net::HttpFailureKind::NoAnswer);
  EXPECT_TRUE(results_.front().error().is_timeout);
}

TEST_F(ExchangeLinkTest, DeliversWhatWasSentByWhoIsGoneSince) {
  open();

  buy();
  http_.reset();
  scheduler_.run_for(1s);

  EXPECT_TRUE(has_order());
  EXPECT_TRUE(results_.empty());
}

TEST_F(ExchangeLinkTest, RefusesNewConnectionsWhileTheExchangeIsDown) {
  FaultRule restart;
  restart.kind = FaultKind::Restart;
  restart.from = core::TimeOfDay{9h + 30min + 5s};
  restart.down = 10s;
  open(restart);
  const auto socket = connect();
  get_clock();
  scheduler_.run_for(4s);
  EXPECT_EQ(opened_, 1);

  scheduler_.run_for(3s);
  ASSERT_TRUE(closed_);
  EXPECT_EQ(closed_->end, net::WebSocketEnd::Lost);
  get_clock();
  const auto refused = connect();
  scheduler_.run_for(1s);

  ASSERT_EQ(results_.size(), 2U);
  ASSERT_FALSE(results_.back().has_value());
  EXPECT_EQ(results_.back().error().kind, net::HttpFailureKind::NotSent);
  EXPECT_EQ(closed_->end, net::WebSocketEnd::Unreachable);

  scheduler_.run_for(10s);
  get_clock();
  scheduler_.run_for(1s);
  EXPECT_TRUE(results_.back().has_value());
}

TEST_F(ExchangeLinkTest, CarriesMessagesOfAStreamBothWays) {
  open();
  const auto socket = connect();
  scheduler_.run_for(1s);

  ASSERT_TRUE(socket->send(net::MessageKind::Text, kLogin));
  scheduler_.run_for(1s);

  ASSERT_EQ(heard_.size(), 1U);
  EXPECT_NE(heard_.front().find("authorized"), std::string::npos);
}

TEST_F(ExchangeLinkTest, RefusesAStreamAsTheScenarioSays) {
  FaultRule rule = rule_of(FaultKind::Status, FaultPoint::TradeUpdatesConnect);
  rule.status = 502;
  open(rule);

  const auto socket = connect();
  scheduler_.run_for(1s);

  ASSERT_TRUE(closed_);
  EXPECT_EQ(closed_->end, net::WebSocketEnd::Refused);
  EXPECT_EQ(closed_->http_status, 502);
}

}  // namespace
}  // namespace st0ck::app::faults
