#include "benchmarks/sma_anchor.hpp"

#include "engines/sma_cross/settings.hpp"
#include "engines/sma_cross/sma_cross.hpp"
#include "st0ck/adapters/sim/bar_market.hpp"
#include "st0ck/adapters/sim/bars_in_memory.hpp"
#include "st0ck/adapters/sim/matching_engine.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/logging.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "st0ck/kernel/simulated_clock.hpp"
#include "st0ck/kernel/simulated_loop.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"

#include <cstdlib>
#include <memory>
#include <utility>

namespace st0ck::benchmarks {

namespace {

class JournalSink : public kernel::RecordSink {
 public:
  explicit JournalSink(std::unique_ptr<kernel::JournalWriter> journal)
      : journal_{std::move(journal)} {}

  void append(kernel::RecordKind kind, core::Sequence, core::Timestamp time,
              std::span<const std::byte> payload) override {
    const bool taken = journal_->append(static_cast<std::uint16_t>(kind), time, payload);
    ST0CK_ASSERT(taken, "the benchmark's journal takes every record");
  }

  void finish() {
    const auto finished = journal_->finish();
    ST0CK_ASSERT(finished.has_value(), "the benchmark's journal is written");
  }

 private:
  std::unique_ptr<kernel::JournalWriter> journal_;
};

std::unique_ptr<JournalSink> open_journal(const std::filesystem::path& directory) {
  kernel::JournalSettings settings;
  settings.directory = directory;
  settings.identity = "benchmark";
  settings.durable = false;
  auto journal = kernel::JournalWriter::open(std::move(settings), kernel::JournalMode::Append);
  ST0CK_ASSERT(journal.has_value(), "the benchmark's journal opens");
  return std::make_unique<JournalSink>(std::move(*journal));
}

adapters::sim::MatchingSettings matching_settings() {
  adapters::sim::MatchingSettings settings;
  settings.limit_fill = adapters::sim::LimitFill::Touch;
  settings.fees.rate = core::Rate::from_raw(500'000);
  return settings;
}

/// Wide enough that none of the anchor's orders meets a limit.
trading::RiskLimits wide_limits() {
  trading::RiskLimits limits;
  limits.daily_loss_max = core::Money::whole(1'000'000);
  limits.trades_per_day_max = 10'000;
  limits.regular_hours_only = false;
  limits.losing_days_max = 10'000;
  return limits;
}

market::Instrument definition() {
  market::Instrument instrument;
  instrument.symbol = core::Symbol{"ANCHOR"};
  instrument.tick = core::Price::from_raw(100'000);
  return instrument;
}

/// The engine's defaults are the anchor's strategy.
std::unique_ptr<kernel::Engine> sma_cross(core::InstrumentId instrument) {
  auto document = core::SettingsDocument::parse("", "anchor");
  auto settings = document.root().read(engines::sma_cross::settings_schema());
  ST0CK_ASSERT(document.finish().empty(), "the anchor's settings are good");
  return std::make_unique<engines::sma_cross::SmaCross>(std::move(settings), instrument);
}

}  // namespace

std::vector<market::Bar> sma_anchor_bars() {
  const char* shared = std::getenv("ST0CK_SHARED");
  const std::filesystem::path root = shared != nullptr ? shared : "../shared";
  const auto file = root / "data" / "sma-anchor" / "bars.csv.gz";
  std::vector<market::Bar> bars;
  if (!std::filesystem::exists(file)) return bars;
  auto reader = market::CsvBarReader::open(file, market::kBarCsv, {});
  ST0CK_ASSERT(reader.has_value(), "the anchor's bars open");
  for (;;) {
    const auto bar = (*reader)->next();
    ST0CK_ASSERT(bar.has_value(), "the anchor's bars are sound");
    if (!*bar) return bars;
    bars.push_back(**bar);
  }
}

SmaAnchorResult run_sma_anchor(const std::vector<market::Bar>& bars,
                               const std::optional<std::filesystem::path>& journal_directory) {
  market::InstrumentTable instruments;
  const core::InstrumentId instrument = instruments.define(definition()).id;
  kernel::SimulatedClock clock;
  kernel::OrderUpdateQueue updates;
  adapters::sim::MatchingEngine matching{clock, instruments, matching_settings(), updates};

  adapters::sim::BarMarketSettings playing;
  playing.from = core::to_new_york(bars.front().start).date;
  playing.to = core::to_new_york(bars.back().start).date;
  std::vector<adapters::sim::BarFeed> feeds;
  feeds.push_back({instrument, std::make_unique<adapters::sim::BarsInMemory>(bars), true});
  auto market = adapters::sim::BarMarket::open(playing, core::ExchangeCalendar::xnys(), instruments,
                                               matching, std::move(feeds));
  ST0CK_ASSERT(market.has_value(), "the anchor's market opens");
  clock.advance_to(*(*market)->next_time());

  std::unique_ptr<JournalSink> journal;
  if (journal_directory) journal = open_journal(*journal_directory);
  core::NullLogSink silence;
  const core::Money cash = core::Money::whole(10'000'000);
  kernel::Kernel kernel{
      {clock, instruments, matching, updates, journal.get(), core::Logger{silence, clock}},
      core::AccountId{"anchor"},
      cash};
  kernel.add_bot({core::BotId{"sma"}, core::EngineName{"sma_cross"}, 1}, sma_cross(instrument),
                 wide_limits());
  kernel::SimulatedLoop loop{clock, **market, kernel, {}};
  kernel.start({});
  const auto ending = loop.run();
  ST0CK_ASSERT(ending.has_value(), "the anchor's run ends with its data");

  SmaAnchorResult result;
  result.figures = kernel.finish();
  if (journal != nullptr) journal->finish();
  const trading::Position* position = kernel.desk().find_position(core::BotId{"sma"}, instrument);
  result.open_position = position->quantity;
  result.equity = kernel.desk().cash() +
                  core::notional(bars.back().close, position->quantity, core::kUnitMultiplier);
  return result;
}

}  // namespace st0ck::benchmarks
