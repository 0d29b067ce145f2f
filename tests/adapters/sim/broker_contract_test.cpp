#include "support/broker_contract.hpp"

#include "adapters/sim/tick_fixture.hpp"

namespace st0ck::adapters::sim {
namespace {

using test::BrokerContract;

/// The simulated exchange on ticks, with a quote of two cents around the price.
class SimulatedBroker final : public test::BrokerUnderTest {
 public:
  SimulatedBroker() { exchange_.open(); }

  trading::Broker& broker() override { return *exchange_.engine; }
  const std::vector<trading::OrderUpdate>& updates() const override {
    return exchange_.updates.all;
  }
  void trade_at(core::Price price) override {
    constexpr core::Price kCent = core::Price::from_raw(10'000'000);
    market::Quote quote;
    exchange_.clock.pass(std::chrono::seconds{1});
    quote.time = exchange_.clock.now();
    quote.bid = price - kCent;
    quote.ask = price + kCent;
    quote.bid_size = quote.ask_size = core::Volume::whole(300);
    exchange_.engine->on_quote(quote);
  }
  void settle() override {}

 private:
  TickExchange exchange_;
};

INSTANTIATE_TEST_SUITE_P(Sim, BrokerContract,
                         ::testing::Values(test::BrokerCase{
                             "sim",
                             []() -> std::unique_ptr<test::BrokerUnderTest> {
                               return std::make_unique<SimulatedBroker>();
                             }}),
                         [](const auto& it) { return std::string{it.param.name}; });

}  // namespace
}  // namespace st0ck::adapters::sim
