#pragma once

#include "src/app/configuration.hpp"
#include "st0ck/kernel/engine_registry.hpp"
#include "st0ck/market/stream_source.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

// What live runs of tests have in common.
namespace st0ck::app {

/// What the test does as the world around a run, step by step, each in a turn of the loop's own.
struct LiveSteps {
  core::Timestamp now = test::utc("2025-01-02T15:00:00Z");  ///< 10:00 in New York, a Thursday.
  std::vector<std::function<void()>> steps;

  boost::asio::io_context* io = nullptr;
  trading::OrderUpdateSink* updates = nullptr;
  market::EventSink* market = nullptr;
  std::vector<market::DataNeed> needs;  ///< What the stream was asked for.
  core::Status feed;                    ///< Why it gives nothing of what is needed.

  void post(std::function<void()> task) const { boost::asio::post(*io, std::move(task)); }

  void quote(std::string_view bid = "99.99", std::string_view ask = "100.01") const {
    market::Quote quote;
    quote.time = now;
    quote.bid = test::price(bid);
    quote.ask = test::price(ask);
    quote.bid_size = quote.ask_size = core::Volume::whole(100);
    market->on_quote(quote);
  }
};

/// A stream that has begun takes the steps.
class SteppingStream final : public market::StreamSource {
 public:
  explicit SteppingStream(LiveSteps& world) : world_{world} {}

  core::Status check(std::span<const market::DataNeed>) const override { return world_.feed; }
  void start(std::span<const market::DataNeed> needs, market::EventSink& sink) override {
    world_.needs.assign(needs.begin(), needs.end());
    world_.market = &sink;
    next();
  }
  void stop() override { world_.steps.clear(); }

 private:
  void next() {
    world_.post([this] {
      if (world_.steps.empty()) return;
      const auto step = std::move(world_.steps.front());
      world_.steps.erase(world_.steps.begin());
      step();
      next();
    });
  }

  LiveSteps& world_;
};

/// The configuration of one bot `a` that hears of SPY's quotes; `prepare` says what it does.
inline Configuration live_configuration(
    const std::filesystem::path& folder, std::vector<std::string>& heard,
    const std::function<void(test::ProbeEngine&, core::InstrumentId spy)>& prepare) {
  kernel::EngineRegistry registry;
  kernel::EngineType type;
  type.name = core::EngineName{"buyer"};
  type.create = [&](core::SettingsSection&, market::InstrumentTable& instruments) {
    const core::InstrumentId spy = instruments.define({.id = {}, .symbol = core::Symbol{"SPY"}}).id;
    auto engine = std::make_unique<test::ProbeEngine>(
        "a", std::vector<market::DataNeed>{{spy, market::DataKind::Quotes}}, heard);
    prepare(*engine, spy);
    return engine;
  };
  registry.add(std::move(type));
  const auto file = folder / "c.yaml";
  std::ofstream{file} << "market: {kind: generated}\nbots: {a: {engine: buyer}}\n"
                         "log: {terminal: \"off\"}\n"
                         // However slow the disk is.
                         "journal: {intent_wait_max: 1m}\n";
  auto loaded = load_configuration(file, {}, registry);
  EXPECT_EQ(loaded.problem_text(), "");
  return std::move(loaded.configuration);
}

}  // namespace st0ck::app
