#pragma once

#include "st0ck/market/data_source.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace st0ck::kernel::test {

/// A market of steps that the test has set, in order of time and then of setting.
class ScriptedSource final : public market::DataSource {
 public:
  using Step = std::function<core::Status(market::EventSink&)>;

  void add(core::Timestamp time, Step step) { steps_.emplace(time, std::move(step)); }
  void add_quote(core::Timestamp time, core::InstrumentId instrument) {
    add(time, [=](market::EventSink& sink) -> core::Status {
      market::Quote quote;
      quote.instrument = instrument;
      quote.time = time;
      quote.bid = core::Price::whole(10);
      quote.ask = core::Price::whole(11);
      sink.on_quote(quote);
      return {};
    });
  }

  std::optional<core::Timestamp> next_time() const override {
    if (steps_.empty()) return std::nullopt;
    return steps_.begin()->first;
  }

  core::Status step(market::EventSink& sink) override {
    const Step step = std::move(steps_.begin()->second);
    steps_.erase(steps_.begin());
    return step(sink);
  }

 private:
  std::multimap<core::Timestamp, Step> steps_;
};

}  // namespace st0ck::kernel::test
