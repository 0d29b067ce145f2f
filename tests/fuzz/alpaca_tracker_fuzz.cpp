// Feeds whatever can be read as orders and messages of the order stream to the tracker, a line
// each. Sums must only grow, and each execution be told once.

#include "st0ck/adapters/alpaca/order_tracker.hpp"
#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace st0ck;

class Checker final : public trading::OrderUpdateSink {
 public:
  void on_order_update(const trading::OrderUpdate& update) override {
    core::Quantity& sum = sums_[update.client_order_id];
    ST0CK_ASSERT(update.cumulative_quantity >= sum, "sums only grow");
    sum = update.cumulative_quantity;
    if (update.kind == trading::OrderUpdateKind::Fill)
      ST0CK_ASSERT(update.quantity.is_positive(), "a fill fills something");
  }

 private:
  std::map<core::ClientOrderId, core::Quantity> sums_;
};

class StandingClock final : public core::Clock {
 public:
  core::Timestamp now() const override { return {}; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  market::InstrumentTable instruments;
  market::Instrument spy;
  spy.symbol = core::Symbol{"SPY"};
  instruments.define(spy);
  const StandingClock clock;
  Checker checker;
  core::NullLogSink sink;
  alpaca::OrderTracker tracker{
      {instruments, clock, checker, core::Logger{sink, clock}, {core::BotId{"a"}}},
      {.finished_max = 4, .executions_max = 4}};
  alpaca::OrderStreamReader reader;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    if (const auto order = alpaca::read_order(line)) tracker.apply(*order);
    if (const auto message = reader.read_message(line))
      if (const auto* update = std::get_if<alpaca::TradeUpdate>(&*message)) tracker.apply(*update);
  }
  return 0;
}
