#pragma once

#include "st0ck/core/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::core::sample {

/// A small house of settings with every kind of value, for the tests and the fuzz target.
enum class Kind { Generated, Recorded };

struct Market {
  Kind kind = Kind::Generated;
};

struct Recorded {
  Price half_spread;
  double speed = 0;
  std::filesystem::path path;
  std::optional<Date> from;
  std::optional<Date> to;
  std::vector<Symbol> symbols;
};

struct Generated {
  std::int64_t seed = 0;
};

struct Bot {
  std::string engine;
  bool enabled = false;
};

struct Sniper {
  Duration patience{};
  TimeOfDay entry_from;
  Quantity quantity;
  Rate risk;
  std::vector<std::string> notes;
};

struct Storage {
  ByteSize cache;
  std::uint16_t readers = 0;
};

struct Risk {
  Money loss_max;
  Storage storage;
};

/// What they read without a problem.
inline constexpr std::string_view kGood = R"(# A recorded market.
market:
  kind: recorded
  path: ../shared/data
  half_spread: 0.01
  from: 2019-02-11
  to: 2019-02-15
  symbols: [SPY, BRK.B]
bots:
  b:
    engine: st0cka
  a:
    engine: sniper
    patience: 1m30s
    entry_from: "10:00"
risk:
  storage:
    cache: 64MiB
)";

inline Schema<Market> market_schema() {
  Schema<Market> schema;
  schema.field("kind", &Market::kind)
      .help("Where events come from.")
      .words({{"generated", Kind::Generated}, {"recorded", Kind::Recorded}})
      .decides_keys();
  return schema;
}

inline Schema<Recorded> recorded_schema() {
  Schema<Recorded> schema;
  schema.field("half_spread", &Recorded::half_spread)
      .help("Half of the spread of a quote derived from a bar.")
      .by_default("0.005")
      .range("0", "10")
      .unit("dollars");
  schema.field("speed", &Recorded::speed).by_default("0").at_least("0");
  schema.field("path", &Recorded::path).help("The root of the recorded data.");
  schema.field("from", &Recorded::from).help("First session.");
  schema.field("to", &Recorded::to).help("Last session, which belongs to the run.");
  schema.field("symbols", &Recorded::symbols).by_default({"SPY"}).items(1, 100);
  schema.check([](const Recorded& settings, SettingChecks& checks) {
    if (settings.from && settings.to && *settings.to < *settings.from)
      checks.add("to", "a date on or after 'from'");
  });
  return schema;
}

inline Schema<Generated> generated_schema() {
  Schema<Generated> schema;
  schema.field("seed", &Generated::seed).by_default("1").range("0", "1000000");
  return schema;
}

inline Schema<Bot> bot_schema() {
  Schema<Bot> schema;
  schema.field("engine", &Bot::engine)
      .help("Its engine.")
      .one_of({"st0cka", "sniper"})
      .decides_keys();
  schema.field("enabled", &Bot::enabled).by_default("true");
  return schema;
}

inline Schema<Sniper> sniper_schema() {
  Schema<Sniper> schema;
  schema.field("patience", &Sniper::patience).by_default("90s").range("1ms", "1d").not_in_hash();
  schema.field("entry_from", &Sniper::entry_from).by_default("09:45").range("09:30", "16:00");
  schema.field("quantity", &Sniper::quantity).by_default("100").above("0");
  schema.field("risk", &Sniper::risk).by_default("0.5%").range("0", "5%");
  schema.field("notes", &Sniper::notes).by_default({});
  return schema;
}

inline Schema<Storage> storage_schema() {
  Schema<Storage> schema;
  schema.field("cache", &Storage::cache).by_default("16MiB").range("1MiB", "1GiB");
  schema.field("readers", &Storage::readers).by_default("2").range("1", "64");
  return schema;
}

inline Schema<Risk> risk_schema() {
  Schema<Risk> schema;
  schema.field("loss_max", &Risk::loss_max).by_default("500.00").above("0").unit("dollars");
  schema.section("storage", &Risk::storage, storage_schema(), "Its own store.");
  return schema;
}

struct All {
  Market market;
  Recorded recorded;
  Generated generated;
  std::vector<std::pair<std::string, Bot>> bots;
  std::vector<Sniper> snipers;
  Risk risk;
};

/// Reads a document the way a program does.
inline All read_all(SettingsDocument& document) {
  All all;
  auto root = document.root();
  auto market = root.section("market", "What is traded on.");
  all.market = market.read(market_schema());
  if (all.market.kind == Kind::Recorded) {
    all.recorded = market.read(recorded_schema());
    market.mention(generated_schema(), "market.kind is generated");
  } else {
    all.generated = market.read(generated_schema());
    market.mention(recorded_schema(), "market.kind is recorded");
  }
  for (auto& [id, section] : root.sections("bots", BotId::kCapacity, "The bots by their names.")) {
    all.bots.emplace_back(id, section.read(bot_schema()));
    if (all.bots.back().second.engine == "sniper")
      all.snipers.push_back(section.read(sniper_schema()));
  }
  all.risk = root.section("risk").read(risk_schema());
  return all;
}

}  // namespace st0ck::core::sample
