#include "support/broker_contract.hpp"

#include "adapters/alpaca/broker_stage.hpp"

namespace st0ck::alpaca::test {
namespace {

using st0ck::test::BrokerCase;
using st0ck::test::BrokerContract;
using st0ck::test::BrokerUnderTest;

/// Alpaca's adapter with the exchange in memory.
class AlpacaUnderTest final : public BrokerUnderTest {
 public:
  AlpacaUnderTest() {
    stage_.connect();
    stage_.exchange.trade_at("SPY", core::Price::whole(100));
  }

  trading::Broker& broker() override { return *stage_.broker; }
  const std::vector<trading::OrderUpdate>& updates() const override { return stage_.updates.all; }
  void trade_at(core::Price price) override { stage_.exchange.trade_at("SPY", price); }
  void settle() override { stage_.run(); }

 private:
  core::NullLogSink sink_;
  st0ck::test::HandClock log_clock_{core::Timestamp{}};
  BrokerStage stage_{core::Logger{sink_, log_clock_}};
};

INSTANTIATE_TEST_SUITE_P(Alpaca, BrokerContract,
                         ::testing::Values(BrokerCase{"alpaca",
                                                      []() -> std::unique_ptr<BrokerUnderTest> {
                                                        return std::make_unique<AlpacaUnderTest>();
                                                      }}),
                         [](const auto& it) { return std::string{it.param.name}; });

}  // namespace
}  // namespace st0ck::alpaca::test
