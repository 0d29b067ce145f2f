#include "st0ck/adapters/sim/generated/tape_settings.hpp"

#include "src/adapters/sim/generated/day_factors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>

namespace st0ck::adapters::sim::generated {

namespace {

constexpr std::uint32_t kSessionsMax = 10'000;
constexpr std::uint32_t kSymbolsMax = 5000;
constexpr std::uint32_t kEventsMax = 60'000;
constexpr std::uint32_t kOneInMax = 1'000'000;

template <typename Amount>
core::Status check(std::string_view key, Amount found, Amount low, Amount high) {
  if (low <= found && found <= high) return {};
  return core::fail(core::Errc::OutOfRange, "{}: found {}, allowed {} to {}", key,
                    found.to_string(), low.to_string(), high.to_string());
}

core::Status check_count(std::string_view key, std::size_t found, std::size_t low,
                         std::size_t high) {
  if (low <= found && found <= high) return {};
  return core::fail(core::Errc::OutOfRange, "{}: found {}, allowed {} to {}", key, found, low,
                    high);
}

core::Status check_rate(std::string_view key, core::Rate found, std::string_view low,
                        std::string_view high) {
  return check(key, found, *core::parse_rate(low), *core::parse_rate(high));
}

core::Status first_failure(std::initializer_list<core::Status> checks) {
  for (const core::Status& status : checks)
    if (!status) return status;
  return {};
}

core::Status check_symbol(const SymbolTraits& traits) {
  const core::Status status = first_failure({
      check_count("sector", traits.sector, 0, kSectors - 1),
      check("start_price", traits.start_price, *core::Price::parse("0.05"),
            core::Price::whole(100'000)),
      check_rate("own_volatility", traits.own_volatility, "0", "0.01"),
      check_rate("market_beta", traits.market_beta, "-5", "5"),
      check_rate("sector_beta", traits.sector_beta, "-5", "5"),
      check("minute_volume", traits.minute_volume, core::Volume::whole(1),
            core::Volume::whole(100'000'000)),
      check_count("events_per_minute", traits.events_per_minute, 1, kEventsMax),
      check_rate("spread", traits.spread, "0", "0.05"),
      check("quote_size", traits.quote_size, core::Volume::whole(100),
            core::Volume::whole(1'000'000)),
      check_count("luld_tier", traits.luld_tier, 1, 2),
  });
  if (!status) return core::at(fmt::format("symbols.{}", traits.symbol), status.error());
  return {};
}

core::Status check_symbols(const TapeSettings& settings) {
  const std::size_t count = settings.symbols.size() + settings.made_up_symbols;
  if (auto status = check_count("symbols", count, 1, kSymbolsMax); !status) return status;
  std::unordered_set<std::string_view> names;
  const std::vector<SymbolTraits> all = all_symbols(settings);
  for (const SymbolTraits& traits : all) {
    if (!names.insert(traits.symbol.view()).second)
      return core::fail(core::Errc::OutOfRange, "symbols: found {} twice, allowed once",
                        traits.symbol);
    if (auto status = check_symbol(traits); !status) return status;
  }
  for (const ScriptedDay& day : settings.script) {
    if (auto status = check_count("script.session", day.session, 1, settings.sessions); !status)
      return status;
    if (day.symbol && !names.contains(day.symbol->view()))
      return core::fail(core::Errc::OutOfRange,
                        "script.symbol: found {}, allowed are the market's symbols", *day.symbol);
  }
  return {};
}

/// `AAAA` for 0, `AAAB` for 1.
core::Symbol made_up_name(std::uint32_t number) {
  std::string name(4, 'A');
  for (std::size_t place = 4; place-- > 0; number /= 26)
    name[place] = static_cast<char>('A' + number % 26);
  return core::Symbol{name};
}

/// From a penny stock to a giant: what is traded more has narrower spreads and moves less.
SymbolTraits made_up(std::uint64_t seed, std::uint32_t number) {
  SymbolTraits traits;
  traits.symbol = made_up_name(number);
  Random random = Random::for_name(seed, fmt::format("*traits {}", traits.symbol));
  traits.sector = static_cast<std::uint32_t>(random.below(kSectors));
  // Doubles up to eight times; 3 to 1,500 dollars.
  const std::int64_t cents = (300 + random.below(300)) << random.below(9);
  traits.start_price = core::Price::from_raw(cents * 10'000'000);
  const std::int64_t size = random.below(10);
  traits.minute_volume = core::Volume::whole((100 + random.below(100)) << size);
  traits.events_per_minute = static_cast<std::uint32_t>(4 + (std::int64_t{1} << size) / 2);
  traits.own_volatility = core::Rate::from_raw(700'000 - 45'000 * size + random.below(200'000));
  traits.market_beta = core::Rate::from_raw(600'000'000 + random.below(1'000'000'000));
  traits.sector_beta = core::Rate::from_raw(700'000'000 + random.below(600'000'000));
  traits.spread = core::Rate::from_raw(1'500'000 - 140'000 * size + random.below(200'000));
  traits.quote_size = core::Volume::whole(200 + 60 * size);
  traits.luld_tier = size >= 4 ? 1 : 2;
  constexpr std::string_view kListings = "NNNNQQQP";
  traits.listing_exchange = kListings[static_cast<std::size_t>(random.below(8))];
  return traits;
}

}  // namespace

core::Status TapeSettings::validate() const {
  const core::Status status = first_failure({
      check_count("sessions", sessions, 1, kSessionsMax),
      check_rate("market_volatility", market_volatility, "0", "0.01"),
      check_rate("sector_volatility", sector_volatility, "0", "0.01"),
      check_rate("gap_volatility", gap_volatility, "0", "0.1"),
      check_rate("off_exchange_share", off_exchange_share, "0", "1"),
      check_count("halt_one_in", halt_one_in, 0, kOneInMax),
      check_count("dividend_one_in", dividend_one_in, 0, kOneInMax),
      check_count("split_one_in", split_one_in, 0, kOneInMax),
      check_count("special_day_one_in", special_day_one_in, 0, kOneInMax),
      check_rate("intensity", intensity, "0.01", "100"),
  });
  if (!status) return status;
  return check_symbols(*this);
}

std::vector<SymbolTraits> all_symbols(const TapeSettings& settings) {
  std::vector<SymbolTraits> all = settings.symbols;
  for (std::uint32_t number = 0; number < settings.made_up_symbols; ++number)
    all.push_back(made_up(settings.seed, number));
  return all;
}

}  // namespace st0ck::adapters::sim::generated
