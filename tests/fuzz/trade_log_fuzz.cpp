// A trade log with any of its bytes changed gives findings, errors or rows: no crash, no endless
// loop. The input is a list of changes: three bytes of place and one of value each.

#include "st0ck/core/assert.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/storage/db_check.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>
#include <string>

namespace {

using namespace st0ck;
using kernel::RecordKind;

/// Hands records over, one row of each kind and a round trip that agrees.
class Script {
 public:
  explicit Script(storage::TradeLog& log) : log_{log} {}

  void write() {
    kernel::RunStart run;
    run.account = account_;
    run.bots.push_back({bot_, engine_, 1});
    add(RecordKind::RunStart, run);
    market::Instrument spy;
    spy.symbol = symbol_;
    add(RecordKind::InstrumentDefined, spy);
    market::SessionPhase phase;
    phase.session.date = date_;
    add(RecordKind::SessionPhase, phase);
    trade(trading::Side::Buy, core::Price::whole(270), core::ClientOrderId{"a-st0cka-20190211-1"});
    trade(trading::Side::Sell, core::Price::whole(271), core::ClientOrderId{"a-st0cka-20190211-2"});
    close();
  }

 private:
  template <typename Row>
  void add(RecordKind kind, const Row& row) {
    kernel::encode(row, buffer_);
    log_.append(kind, core::Sequence{++sequence_}, {}, buffer_.view());
  }

  template <typename Row>
  Row owned() const {
    Row row;
    row.account = account_;
    row.bot = bot_;
    return row;
  }

  void trade(trading::Side side, core::Price price, const core::ClientOrderId& id) {
    auto decision = owned<kernel::Decision>();
    decision.client_order_id = id;
    hash_.update(kernel::canonical_text(decision));
    add(RecordKind::Decision, decision);
    auto order = owned<kernel::OrderRow>();
    order.client_order_id = id;
    order.symbol = symbol_;
    order.side = side;
    order.quantity = core::Quantity::whole(1);
    order.state = trading::OrderState::Filled;
    order.filled = order.quantity;
    order.filled_notional = core::notional(price, order.quantity, core::kUnitMultiplier);
    add(RecordKind::Order, order);
    auto fill = owned<kernel::FillRow>();
    fill.client_order_id = id;
    fill.symbol = symbol_;
    fill.side = side;
    fill.quantity = order.quantity;
    fill.price = price;
    fill.notional = order.filled_notional;
    add(RecordKind::Fill, fill);
  }

  void close() {
    auto position = owned<kernel::PositionRow>();
    position.symbol = symbol_;
    position.realized_pnl = core::Money::whole(1);
    position.cash_flow = core::Money::whole(1);
    add(RecordKind::Position, position);
    auto trip = owned<kernel::RoundTripRow>();
    trip.symbol = symbol_;
    trip.quantity = core::Quantity::whole(1);
    trip.entry_price = core::Price::whole(270);
    trip.exit_price = core::Price::whole(271);
    trip.realized_pnl = core::Money::whole(1);
    trip.client_order_ids = {core::ClientOrderId{"a-st0cka-20190211-1"},
                             core::ClientOrderId{"a-st0cka-20190211-2"}};
    add(RecordKind::RoundTrip, trip);
    auto day = owned<kernel::BotDayRow>();
    day.session = date_;
    day.orders = 2;
    day.fills = 2;
    day.trades = 1;
    day.realized_pnl = core::Money::whole(1);
    add(RecordKind::BotDay, day);
    add(RecordKind::RiskEvent, owned<kernel::RiskEventRow>());
    kernel::RunEnd end;
    end.decisions = 2;
    end.orders = 2;
    end.fills = 2;
    end.trades = 1;
    end.realized_pnl = core::Money::whole(1);
    end.decisions_sha256 = hash_.hex();
    add(RecordKind::RunEnd, end);
  }

  storage::TradeLog& log_;
  kernel::PayloadBuffer buffer_;
  core::Sha256 hash_;
  std::uint64_t sequence_ = 0;
  core::AccountId account_{"default"};
  core::BotId bot_{"a"};
  core::EngineName engine_{"st0cka"};
  core::Symbol symbol_{"SPY"};
  core::Date date_{std::chrono::year{2019} / 2 / 11};
};

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "st0ck-fuzz-XXXXXX").string();
  ST0CK_ASSERT(mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
  return name;
}

/// The folder of this process; gone when it ends.
const std::filesystem::path& folder() {
  static const std::filesystem::path made = [] {
    std::atexit([] {
      std::error_code ignored;
      std::filesystem::remove_all(folder(), ignored);
    });
    return make_folder();
  }();
  return made;
}

/// The bytes of a sound trade log.
const std::string& sound_log() {
  static const std::string bytes = [] {
    storage::TradeLogSettings settings;
    settings.path = folder() / "sound.db";
    settings.when_full = storage::WhenFull::Wait;
    auto log = storage::TradeLog::open(settings);
    ST0CK_ASSERT(log.has_value(), "a trade log can be opened");
    Script{**log}.write();
    ST0CK_ASSERT((*log)->finish().has_value(), "a trade log can be written");
    std::ifstream file(settings.path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  }();
  return bytes;
}

void read_all(const std::filesystem::path& path) {
  auto reader = storage::TradeLogReader::open(path);
  if (!reader) return;
  (void)reader->summary();
  (void)reader->trades();
  (void)reader->orders();
  (void)reader->fills();
  (void)reader->positions();
  (void)reader->decisions();
  (void)reader->daily_metrics();
  (void)reader->equity();
  (void)reader->risk_events();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes = sound_log();
  for (std::size_t i = 0; i + 4 <= size && i < 400; i += 4) {
    const std::size_t place =
        data[i] | std::size_t{data[i + 1]} << 8 | std::size_t{data[i + 2]} << 16;
    bytes[place % bytes.size()] = static_cast<char>(data[i + 3]);
  }
  const auto path = folder() / "changed.db";
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  const auto report = storage::check(path);
  ST0CK_ASSERT(size >= 4 || (report && report->is_sound()), "an unchanged log is sound");
  read_all(path);
  return 0;
}
