#include "src/app/configuration.hpp"

#include "src/app/broker_host.hpp"
#include "src/app/risk_consistency.hpp"
#include "src/app/shared_symbols.hpp"
#include "st0ck/net/authorities.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app {

namespace {

enum class Mode : std::uint8_t { Paper, Live };

struct RootSettings {
  Mode mode = Mode::Paper;
};

struct BotChoice {
  std::string engine;
};

core::Schema<RootSettings> root_schema() {
  core::Schema<RootSettings> schema;
  schema.field("mode", &RootSettings::mode)
      .help("Permission to trade real money; the parts are chosen by market.kind and broker.kind.")
      .words({{"paper", Mode::Paper}, {"live", Mode::Live}})
      .by_default("paper");
  return schema;
}

core::Schema<BotChoice> bot_schema(const kernel::EngineRegistry& registry) {
  core::Schema<BotChoice> schema;
  schema.field("engine", &BotChoice::engine)
      .help("Which engine the bot runs.")
      .one_of(registry.names())
      .decides_keys();
  return schema;
}

constexpr std::string_view kRiskHelp = "Limits that hold for every bot, whatever its own say.";
constexpr std::string_view kPaceHelp =
    "How fast messages go to the broker: cancels before exits before entries before look-ups.";
/// Of a bot and its engine together: a client order id has their names, a date, the run's mark,
/// and five digits for the order and two for its leg at least.
constexpr std::size_t kNamesMax = core::ClientOrderId::kCapacity - core::RunMark::kCapacity -
                                  std::string_view{"--20260102-12345-12"}.size();
constexpr std::string_view kBotsHelp = "The bots of this account, each under a name of its own.";

void read_bot(const std::string& id, core::SettingsSection section,
              const kernel::EngineRegistry& registry, const trading::RiskLimits& ceiling,
              Configuration& configuration) {
  const auto choice = section.read(bot_schema(registry));
  const kernel::EngineType* type = registry.find(choice.engine);
  if (type == nullptr) return;
  if (id.size() + type->name.size() > kNamesMax)
    section.problem("engine", fmt::format("names of the bot and its engine of {} letters or fewer "
                                          "together, as the ids of their orders take no more",
                                          kNamesMax));
  ConfiguredBot bot;
  bot.identity = {core::BotId{id}, type->name, type->decision_version};
  bot.engine = type->create(section, configuration.instruments);
  const auto defaults =
      type->risk_defaults_for ? type->risk_defaults_for(section) : type->risk_defaults;
  core::SettingsSection risk = section.section("risk");
  const auto own = risk.read(risk_schema(defaults));
  bot.limits = stricter(own, ceiling);
  check_against_account(risk, own, defaults, ceiling);
  check_against_each_other(risk, own, defaults, bot.limits);
  if (type->check_limits) type->check_limits(section, bot.limits);
  configuration.bots.push_back(std::move(bot));
}

/// What a symbol of a generated market is like means nothing where no bot trades it.
void check_symbols(core::SettingsSection symbols, const Configuration& configuration) {
  for (const GeneratedSymbol& symbol : configuration.market.symbols)
    if (configuration.instruments.find(symbol.traits.symbol) == nullptr)
      symbols.problem(symbol.key, "symbols that a bot trades");
}

/// Symbols that no bot trades are instruments all the same.
void define_made_up_symbols(Configuration& configuration) {
  if (!configuration.market.has_ticks()) return;
  for (const auto& traits : adapters::sim::generated::all_symbols(configuration.market.ticks)) {
    market::Instrument instrument;
    instrument.symbol = traits.symbol;
    configuration.instruments.define(instrument);
  }
}

BrokerSettings read_broker(core::SettingsSection& section) {
  BrokerSettings settings = section.read(broker_schema());
  if (settings.kind == BrokerKind::Sim) {
    settings.matching = section.read(matching_schema());
    settings.line = section.section("line").read(line_schema());
    section.mention(alpaca_broker_schema(), "broker.kind is alpaca");
    section.mention(trading_request_limits_schema(), "broker.kind is alpaca");
  } else {
    settings.alpaca = section.read(alpaca_broker_schema());
    settings.alpaca.request_limits = section.read(trading_request_limits_schema());
    section.mention(matching_schema(), "broker.kind is sim");
  }
  return settings;
}

/// Real money does not go by prices that are made up.
void check_market_is_real(core::SettingsSection& market, const Configuration& configuration) {
  const auto& alpaca = configuration.market.alpaca;
  const std::string_view allowed =
      "no address of this machine where mode is live and orders go to a broker elsewhere";
  if (is_loopback(alpaca.data_url)) market.problem("data_url", std::string{allowed});
  if (is_loopback(alpaca.stream_url)) market.problem("stream_url", std::string{allowed});
}

/// Which parts go together.
void check_parts(core::SettingsSection& broker, core::SettingsSection& market,
                 core::SettingsSection& root, Mode mode, const Configuration& configuration) {
  const BrokerSettings& settings = configuration.broker;
  const bool has_instants = configuration.market.has_ticks() || configuration.market.is_live();
  if (!has_instants && settings.line.takes_time())
    broker.section("line").problem("latency", "0 where the market is made of bars");
  if (settings.kind == BrokerKind::Sim && mode == Mode::Live)
    root.problem("mode", "paper, as the broker sim never trades real money");
  if (settings.kind != BrokerKind::Alpaca) return;
  if (!configuration.market.is_live())
    broker.problem("kind", "sim where the market is made up or recorded");
  const HostKind host = broker_host_of(configuration).kind;
  // Behind an unknown one there may be real money.
  if (mode == Mode::Paper && host != HostKind::Paper && host != HostKind::Loopback)
    broker.problem("url", "Alpaca's paper host, or one on this machine, where mode is paper");
  if (mode == Mode::Live && host == HostKind::Paper)
    broker.problem("url", "no host for simulated money where mode is live");
  if (mode == Mode::Live && host != HostKind::Loopback) check_market_is_real(market, configuration);
}

/// Without one nothing is known any more of what is held, once the process ends.
void check_journal(core::SettingsSection& journal, const Configuration& configuration) {
  if (configuration.broker.kind == BrokerKind::Alpaca && !configuration.journal.enabled)
    journal.problem("enabled", "true where orders go to a broker");
}

/// Another time than the machine's is for exchanges on this machine.
void check_clock(core::SettingsSection& clock, const Configuration& configuration) {
  const bool has_broker = configuration.broker.kind == BrokerKind::Alpaca;
  const bool has_market = configuration.market.kind == MarketKind::Alpaca;
  if (configuration.clock.source == ClockSource::Broker &&
      !(has_broker && is_loopback(configuration.broker.alpaca.url)))
    clock.problem("source", "machine; broker only with a broker.url of this machine");
  if (configuration.clock.source == ClockSource::Market &&
      !(!has_broker && has_market && is_loopback(configuration.market.alpaca.data_url)))
    clock.problem(
        "source",
        "machine; market only with broker.kind sim and a market.data_url of this machine");
  if (!configuration.clock.is_drill() && configuration.clock.speed != 1)
    clock.problem("speed",
                  "1, as the machine's clock has no other speed; another one only with "
                  "clock.source broker or market");
}

/// What nobody could be trusted by is told before a connection is refused for it.
void check_net(core::SettingsSection& net, const NetSettings& settings) {
  if (!settings.ca_file) return;
  if (const auto checked = net::check_authorities(*settings.ca_file); !checked)
    net.problem("ca_file", fmt::format("a file with certificates of authorities in PEM ({})",
                                       checked.error().message));
}

LoadedConfiguration read(core::SettingsDocument document, const kernel::EngineRegistry& registry) {
  LoadedConfiguration loaded;
  Configuration& configuration = loaded.configuration;
  core::SettingsSection root = document.root();
  const auto mode = root.read(root_schema()).mode;
  configuration.mode = mode == Mode::Paper ? "paper" : "live";
  configuration.account = root.section("account").read(account_schema());
  core::SettingsSection market = root.section("market");
  configuration.market = read_market_settings(market);
  core::SettingsSection broker = root.section("broker");
  configuration.broker = read_broker(broker);
  if (!market.is_undecided() && !broker.is_undecided())
    check_parts(broker, market, root, mode, configuration);
  configuration.account_limits.pace = broker.section("pace", kPaceHelp).read(pace_schema());
  core::SettingsSection risk = root.section("risk", kRiskHelp);
  const auto ceiling = risk.read(risk_schema(risk_ceiling_defaults()));
  check_against_each_other(risk, ceiling, risk_ceiling_defaults(), ceiling);
  configuration.account_limits.loss_rate = risk.read(loss_rate_schema());
  configuration.account_limits.unprotected_max = risk.read(protection_schema()).unprotected_max;
  auto bots = root.sections("bots", core::BotId::kCapacity, kBotsHelp);
  for (auto& [id, section] : bots) read_bot(id, section, registry, ceiling, configuration);
  configuration.instruments.set_borrow_rate(configuration.broker.borrow_rate);
  if (bots.empty() && !root.is_undecided() && !root.has_problem("bots"))
    root.problem("bots", "at least one bot, like `bots: {scalper: {engine: st0cka}}`");
  const bool are_all_bots_read = configuration.bots.size() == bots.size();
  if (are_all_bots_read && !broker.is_undecided()) check_shared_symbols(bots, configuration);
  if (configuration.market.has_ticks() && are_all_bots_read)
    check_symbols(market.section("symbols"), configuration);
  define_made_up_symbols(configuration);
  core::SettingsSection journal = root.section("journal");
  configuration.journal = journal.read(journal_schema());
  check_journal(journal, configuration);
  configuration.storage = root.section("storage").read(storage_schema());
  core::SettingsSection net = root.section("net");
  configuration.net = net.read(net_schema());
  check_net(net, configuration.net);
  core::SettingsSection clock = root.section("clock");
  configuration.clock = clock.read(clock_schema());
  check_clock(clock, configuration);
  configuration.loop = root.section("loop").read(loop_schema());
  configuration.log = root.section("log").read(core::log_schema());
  loaded.problems = document.finish();
  configuration.yaml = document.to_yaml(true);
  configuration.canonical = document.canonical_text();
  configuration.hash = document.hash();
  return loaded;
}

void append_keys(std::vector<core::SettingInfo>& keys, const core::SettingsSchema& schema,
                 std::string_view prefix) {
  auto listed = schema.list(prefix);
  keys.insert(keys.end(), std::make_move_iterator(listed.begin()),
              std::make_move_iterator(listed.end()));
}

}  // namespace

std::string LoadedConfiguration::problem_text() const {
  std::string text;
  for (const core::SettingProblem& problem : problems) text += problem.to_string() + "\n";
  return text;
}

LoadedConfiguration load_configuration(const std::filesystem::path& file,
                                       const std::vector<std::string>& overrides,
                                       const kernel::EngineRegistry& registry) {
  return read(core::SettingsDocument::load(file, overrides), registry);
}

LoadedConfiguration configuration_of_journal(std::string_view canonical,
                                             const kernel::EngineRegistry& registry) {
  std::vector<std::string> overrides;
  while (!canonical.empty()) {
    const auto end = canonical.find('\n');
    if (end > 0) overrides.emplace_back(canonical.substr(0, end));
    canonical.remove_prefix(end == std::string_view::npos ? canonical.size() : end + 1);
  }
  return read(core::SettingsDocument::parse("", "journal", overrides), registry);
}

std::vector<core::SettingInfo> configuration_keys(const kernel::EngineRegistry& registry) {
  std::vector<core::SettingInfo> keys;
  append_keys(keys, root_schema(), "");
  append_keys(keys, account_schema(), "account");
  append_keys(keys, market_choice_schema(), "market");
  append_keys(keys, tape_schema(), "market");
  append_keys(keys, recorded_market_schema(), "market");
  append_keys(keys, generated_market_schema(), "market");
  append_keys(keys, alpaca_market_schema(), "market");
  append_keys(keys, data_request_limits_schema({}), "market");
  append_keys(keys, generated_ticks_schema(), "market");
  append_keys(keys, day_script_schema(), "market");
  append_keys(keys, generated_symbol_schema(core::Price::whole(580)), "market.symbols.<symbol>");
  append_keys(keys, day_script_schema(), "market.symbols.<symbol>");
  append_keys(keys, broker_schema(), "broker");
  append_keys(keys, matching_schema(), "broker");
  append_keys(keys, line_schema(), "broker.line");
  append_keys(keys, alpaca_broker_schema(), "broker");
  append_keys(keys, trading_request_limits_schema(), "broker");
  append_keys(keys, pace_schema(), "broker.pace");
  append_keys(keys, risk_schema(risk_ceiling_defaults()), "risk");
  append_keys(keys, loss_rate_schema(), "risk");
  append_keys(keys, protection_schema(), "risk");
  append_keys(keys, bot_schema(registry), "bots.<id>");
  for (const kernel::EngineType& type : registry.types()) {
    const std::string prefix = fmt::format("bots.<{} bot>", type.name);
    append_keys(keys, *type.settings_schema(), prefix);
    append_keys(keys, risk_schema(type.risk_defaults), prefix + ".risk");
  }
  append_keys(keys, journal_schema(), "journal");
  append_keys(keys, storage_schema(), "storage");
  append_keys(keys, net_schema(), "net");
  append_keys(keys, clock_schema(), "clock");
  append_keys(keys, loop_schema(), "loop");
  append_keys(keys, core::log_schema(), "log");
  return keys;
}

}  // namespace st0ck::app
