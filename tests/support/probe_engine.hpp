#pragma once

#include "st0ck/kernel/engine.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::test {

/// An engine that notes what it hears, as `name event`, and does what the test says.
class ProbeEngine final : public kernel::Engine {
 public:
  using Context = kernel::EngineContext;

  /// `heard` may be shared by several probes and outlives them.
  ProbeEngine(std::string name, std::vector<market::DataNeed> needs,
              std::vector<std::string>& heard)
      : name_{std::move(name)}, needs_{std::move(needs)}, heard_{heard} {}

  std::vector<market::DataNeed> needs() const override { return needs_; }

  void on_session_phase(Context& context, const market::SessionPhase& phase) override {
    note(market::name_of(phase.phase));
    if (does_on_phase) does_on_phase(context, phase);
  }
  void on_quote(Context& context, const market::Quote& quote) override {
    note("quote");
    if (does_on_quote) does_on_quote(context, quote);
  }
  void on_trade(Context&, const market::Trade&) override { note("trade"); }
  void on_bar(Context&, const market::Bar&) override { note("bar"); }
  void on_provider_status(Context&, const market::ProviderStatus&) override { note("provider"); }
  void on_corporate_action(Context& context, const market::CorporateAction& action) override {
    note(market::name_of(action.kind));
    if (does_on_action) does_on_action(context, action);
  }
  void on_order(Context& context, const kernel::OrderNews& news) override {
    note(trading::name_of(news.kind));
    if (does_on_order) does_on_order(context, news);
  }
  void on_timer(Context& context, kernel::TimerTopic topic) override {
    note("timer " + std::to_string(topic));
    if (does_on_timer) does_on_timer(context, topic);
  }

  std::function<void(Context&, const market::SessionPhase&)> does_on_phase;
  std::function<void(Context&, const market::Quote&)> does_on_quote;
  std::function<void(Context&, const market::CorporateAction&)> does_on_action;
  std::function<void(Context&, const kernel::OrderNews&)> does_on_order;
  std::function<void(Context&, kernel::TimerTopic)> does_on_timer;

 private:
  void note(std::string_view event) { heard_.push_back(name_ + " " + std::string{event}); }

  std::string name_;
  std::vector<market::DataNeed> needs_;
  std::vector<std::string>& heard_;
};

/// One share at the market, to enter by buying or to exit by selling.
inline trading::OrderRequest one_share(core::InstrumentId instrument, trading::Side side,
                                       std::string_view reason = "TEST") {
  trading::OrderRequest request;
  request.instrument = instrument;
  request.side = side;
  request.purpose = side == trading::Side::Buy ? trading::Purpose::Entry : trading::Purpose::Exit;
  request.terms.quantity = core::Quantity::whole(1);
  request.reason = core::Code{reason};
  return request;
}

}  // namespace st0ck::test
