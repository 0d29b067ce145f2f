#pragma once

#include "engines/st0cka/register.hpp"
#include "engines/st0cka/settings_of.hpp"
#include "engines/st0cka/st0cka.hpp"
#include "st0ck/kernel/engine_registry.hpp"
#include "support/kernel_stage.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace st0ck::test {

/// The risk limits of a bot with these settings that says nothing about them.
inline trading::RiskLimits st0cka_limits(std::string_view settings = "") {
  kernel::EngineRegistry registry;
  engines::register_st0cka(registry);
  auto document = core::SettingsDocument::parse(settings, "bot.yaml");
  auto section = document.root();
  return registry.find("st0cka")->risk_defaults_for(section);
}

/// A bot `a` with ST0CKA on a kernel of its own.
class St0ckaDay : public KernelStage {
 public:
  using State = engines::st0cka::State;

  explicit St0ckaDay(const core::Logger& log, std::string_view date = "2019-02-11",
                     const trading::RiskLimits& limits = st0cka_limits(),
                     const engines::st0cka::Settings& settings = default_settings())
      : KernelStage{log, date} {
    auto made = std::make_unique<engines::st0cka::St0cka>(settings, spy);
    engine_ = made.get();
    add_bot("a", "st0cka", std::move(made), limits);
    begin();
  }

  State state() const { return engine_->state(); }
  const engines::st0cka::Lot& lot(std::size_t number) const { return engine_->lots().at(number); }
  core::Quantity held() const { return kernel.desk().position(core::BotId{"a"}, spy); }

  /// The session opens and its first quote has this bid, the ask a cent above.
  void open_at(std::string_view bid) {
    prepare();
    open();
    bid_is(bid);
  }

  void bid_is(std::string_view bid) {
    const core::Price price = core::Price::parse(bid).value();
    quote(bid, (price + core::Price::from_raw(10'000'000)).to_string());
  }

  /// Opens the session and fills the buy at `price`, at once.
  void buy_at(std::string_view price) {
    open_at(price);
    fill_last(price);
  }

  void fill_last(std::string_view price) {
    broker.fill(broker.last(), core::Price::parse(price).value());
    kernel.drain();
  }

  /// Has the broker say something and the kernel hear it.
  template <typename Saying>
  void broker_says(Saying&& saying) {
    saying(broker);
    kernel.drain();
  }

  const trading::OrderIntent& sent(std::size_t number) const { return broker.order(number).intent; }
  std::size_t orders_sent() const { return broker.orders().size(); }

 private:
  engines::st0cka::St0cka* engine_ = nullptr;
};

/// Why the shares were sold, sale by sale.
inline std::vector<std::string> exit_reasons(const St0ckaDay& day) {
  std::vector<std::string> reasons;
  for (const auto& trade : day.records.all<kernel::RoundTripRow>())
    reasons.push_back(trade.exit_reason.str());
  return reasons;
}

/// The order is a sale at the market for that reason.
inline void expect_market_sell(const St0ckaDay& day, std::size_t number, std::string_view reason) {
  ASSERT_LT(number, day.orders_sent());
  const trading::OrderIntent& order = day.sent(number);
  EXPECT_EQ(order.leg().side, trading::Side::Sell);
  EXPECT_EQ(order.type, trading::OrderType::Market);
  EXPECT_EQ(order.purpose, trading::Purpose::Exit);
  EXPECT_EQ(order.reason.view(), reason);
}

}  // namespace st0ck::test
