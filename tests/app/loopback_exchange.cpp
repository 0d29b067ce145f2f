#include "loopback_exchange.hpp"

#include "support/orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;

constexpr core::Duration kStepMax = 100ms;

template <typename T>
T value_of(core::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

}  // namespace

/// Counts what goes on to the data half.
class LoopbackExchange::QuoteCount final : public market::EventSink {
 public:
  explicit QuoteCount(market::EventSink& next) : next_{next} {}

  std::uint64_t of(core::InstrumentId instrument) const {
    return instrument.value() < counts_.size() ? counts_[instrument.value()] : 0;
  }

  void on_quote(const market::Quote& quote) override {
    const auto index = quote.instrument.value();
    if (index >= counts_.size()) counts_.resize(index + 1);
    ++counts_[index];
    next_.on_quote(quote);
  }
  void on_trade(const market::Trade& trade) override { next_.on_trade(trade); }
  void on_bar(const market::Bar& bar) override { next_.on_bar(bar); }
  void on_session_phase(const market::SessionPhase& phase) override {
    next_.on_session_phase(phase);
  }
  void on_provider_status(const market::ProviderStatus& status) override {
    next_.on_provider_status(status);
  }
  void on_trading_status(const market::TradingStatus& status) override {
    next_.on_trading_status(status);
  }
  void on_corporate_action(const market::CorporateAction& action) override {
    next_.on_corporate_action(action);
  }

 private:
  market::EventSink& next_;
  std::vector<std::uint64_t> counts_;
};

LoopbackExchange::LoopbackExchange(const exchange::ExchangeSettings& settings) {
  static const test::HandClock wall{core::Timestamp{}};
  host_ = value_of(exchange::ExchangeHost::open(
      settings,
      {.scheduler = scheduler_,
       .wall = wall,
       .on_fault = [this](const std::string& line) { faults_.push_back(line); }},
      [&](exchange::ExchangeHost& opening) -> core::Result<exchange::DataHalf> {
        data_ = value_of(exchange::DataSide::open(settings, opening, {scheduler_, wall}));
        exchange::DataHalf half = data_->half();
        quotes_ = std::make_unique<QuoteCount>(*half.record);
        half.record = quotes_.get();
        return half;
      }));
  server_ =
      value_of(exchange::ExchangeServer::listen(io_, scheduler_, {.address = "127.0.0.1"}, *host_));
}

LoopbackExchange::~LoopbackExchange() {
  server_.reset();
  host_.reset();
}

std::string LoopbackExchange::http() const {
  return fmt::format("http://127.0.0.1:{}", server_->port());
}

std::string LoopbackExchange::web_socket() const {
  return fmt::format("ws://127.0.0.1:{}", server_->port());
}

bool LoopbackExchange::serve() {
  io_.restart();  // A server that restarts leaves it without work.
  const bool was_asked = io_.poll() > 0;
  // What is due at this very moment is part of the answer.
  scheduler_.run_for(0ns);
  return was_asked;
}

void LoopbackExchange::step() {
  const core::Duration now = scheduler_.elapsed();
  const core::Duration tenth = (now / kStepMax + 1) * kStepMax;
  scheduler_.run_until(std::min(tenth, scheduler_.next_due().value_or(tenth)));
}

std::uint64_t LoopbackExchange::quotes_of(core::InstrumentId instrument) const {
  return quotes_->of(instrument);
}

core::InstrumentId LoopbackExchange::instrument(std::string_view symbol) const {
  for (const market::Instrument& instrument : *host_->market().instruments)
    if (instrument.symbol.str() == symbol) return instrument.id;
  throw std::runtime_error("no such instrument");
}

core::Quantity LoopbackExchange::filled() {
  core::Quantity sum;
  for (const auto& [number, order] : host_->venue().find("test", "test")->desk().orders())
    sum += order->told.filled_quantity;
  return sum;
}

}  // namespace st0ck::app
