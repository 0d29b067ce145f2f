#pragma once

#include "src/app/exchange/data_api.hpp"
#include "src/app/exchange/history.hpp"
#include "src/app/exchange/market_record.hpp"
#include "st0ck/adapters/sim/generated/tape.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/market/bar_aggregator.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace st0ck::app::exchange::test {

using Json = nlohmann::json;

inline core::Timestamp at(std::string_view text) { return core::parse_timestamp(text).value(); }

/// Two stocks, AAA and BBB, that split and pay dividends often, from 2025-01-02 on.
inline adapters::sim::generated::TapeSettings small_market() {
  adapters::sim::generated::TapeSettings settings;
  settings.sessions = 8;
  settings.has_premarket = false;
  settings.split_one_in = 4;
  settings.dividend_one_in = 3;
  for (const auto* symbol : {"AAA", "BBB"}) {
    adapters::sim::generated::SymbolTraits traits;
    traits.symbol = core::Symbol{symbol};
    traits.start_price = core::Price::whole(100);
    traits.own_volatility = *core::parse_rate("0.0003");
    traits.events_per_minute = 40;
    traits.listing_exchange = traits.symbol.view() == "AAA" ? 'N' : 'Q';
    settings.symbols.push_back(traits);
  }
  return settings;
}

/// A small market whose record is fed as the exchange feeds it, and its data API.
class Stage {
 public:
  explicit Stage(DataApiSettings api_settings = {}, HistorySettings history_settings = {})
      : history_settings_{std::move(history_settings)}, api_settings_{api_settings} {
    for (const market::Instrument& instrument : instruments)
      bars_.emplace_back(instrument.id, market::BarInterval::minutes(1), calendar);
    ticks_ = history.tape().value();
  }

  /// Plays all events before that moment; then it is that moment.
  void play_until(core::Timestamp until) {
    while (true) {
      if (ahead_.empty()) ahead_ = ticks_->next_several().value();
      if (ahead_.empty() || ahead_.front().time >= until) break;
      play(ahead_.front());
      ahead_ = ahead_.subspan(1);
    }
    end_minutes(until);
    clock.advance_to(until);
    wall.advance_to(until);
  }

  net::ServerResponse ask(const std::string& target, const net::HeaderFields& headers,
                          std::string method = "GET") {
    net::ServerRequest request{.method = std::move(method),
                               .target = net::parse_request_target(target).value(),
                               .headers = headers,
                               .body = {},
                               .peer = "127.0.0.1"};
    EXPECT_TRUE(api.handles(request)) << target;
    return api.answer(request);
  }

  net::ServerResponse ask(const std::string& target) {
    return ask(target, {{"apca-api-key-id", "test"}, {"apca-api-secret-key", "test"}});
  }

  Json get(const std::string& target) {
    const auto response = ask(target);
    EXPECT_EQ(response.status, 200) << target << response.body;
    return Json::parse(response.body);
  }

  static market::InstrumentTable table() {
    market::InstrumentTable table;
    for (const auto* symbol : {"AAA", "BBB"}) {
      market::Instrument instrument;
      instrument.symbol = core::Symbol{symbol};
      table.define(instrument);
    }
    return table;
  }

  core::ExchangeCalendar calendar = core::ExchangeCalendar::xnys();
  market::InstrumentTable instruments = table();

 private:
  HistorySettings history_settings_;
  DataApiSettings api_settings_;

 public:
  History history{
      history_settings_,
      adapters::sim::generated::make_session_tape(small_market(), calendar, instruments).value()};
  MarketRecord record{calendar, instruments, history};
  kernel::SimulatedClock clock;
  kernel::SimulatedClock wall;
  net::SimulatedScheduler scheduler;
  DataKeys keys{{{}, {"other", "secret"}}};
  DataApi api{{record, keys, clock, wall, scheduler}, api_settings_};
  std::vector<market::TapeEvent> events;  ///< All that was played.

 private:
  void end_minutes(core::Timestamp now) {
    for (auto& bars : bars_)
      if (const auto done = bars.advance_to(now)) record.on_bar(done->bar);
  }

  void play(const market::TapeEvent& event) {
    end_minutes(event.time);
    events.push_back(event);
    if (const auto* quote = std::get_if<market::Quote>(&event.what)) record.on_quote(*quote);
    if (const auto* status = std::get_if<market::TradingStatus>(&event.what))
      record.on_trading_status(*status);
    if (const auto* action = std::get_if<market::CorporateAction>(&event.what))
      record.on_corporate_action(*action);
    if (const auto* phase = std::get_if<market::SessionPhase>(&event.what))
      record.on_session_phase(*phase);
    if (const auto* trade = std::get_if<market::Trade>(&event.what)) {
      bars_[trade->instrument.value()].add(*trade);
      record.on_trade(*trade);
    }
  }

  std::unique_ptr<market::TickSource> ticks_;
  std::span<const market::TapeEvent> ahead_;
  std::vector<market::BarAggregator> bars_;
};

/// The events of one kind and instrument in [start, end].
template <typename Tick>
std::vector<Tick> ticks_of(const Stage& stage, std::uint32_t instrument, core::Timestamp start,
                           core::Timestamp end) {
  std::vector<Tick> found;
  for (const market::TapeEvent& event : stage.events)
    if (const auto* tick = std::get_if<Tick>(&event.what); tick != nullptr &&
                                                           tick->instrument.value() == instrument &&
                                                           tick->time >= start && tick->time <= end)
      found.push_back(*tick);
  return found;
}

}  // namespace st0ck::app::exchange::test
