#include "src/app/exchange/faults/fault_settings.hpp"

#include "src/app/exchange/faults/fault_symbols.hpp"
#include "src/app/exchange/scenario.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace st0ck::app::exchange {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

std::string problems(const LoadedScenario& loaded) {
  std::string text;
  for (const auto& problem : loaded.problems) text += problem.to_string() + "\n";
  return text;
}

std::string problems(std::string_view yaml) { return problems(parse_scenario(yaml, "x.yaml")); }

FaultRule only_rule(std::string_view yaml) {
  const auto loaded = parse_scenario(yaml, "x.yaml");
  EXPECT_EQ(problems(loaded), "");
  EXPECT_EQ(loaded.scenario.faults.size(), 1U);
  return loaded.scenario.faults.empty() ? FaultRule{} : loaded.scenario.faults[0];
}

TEST(FaultSettings, AreNoneByDefault) {
  EXPECT_THAT(parse_scenario("latency: 1ms\n", "x.yaml").scenario.faults, IsEmpty());
}

TEST(FaultSettings, HaveTimePlaceAndShare) {
  const FaultRule rule = only_rule(
      "faults:\n"
      "  slow: {kind: delay, where: [submit, streams], from: \"09:31:30\", for: 5m, share: 10%,\n"
      "         skip: 2, count: 9, delay: 2s, jitter: 50ms}\n");

  EXPECT_EQ(rule.name, "slow");
  EXPECT_EQ(rule.kind, FaultKind::Delay);
  EXPECT_THAT(rule.where,
              ElementsAre(FaultPoint::Submit, FaultPoint::TradeUpdates, FaultPoint::MarketData));
  EXPECT_EQ(rule.from->since_midnight, 9h + 31min + 30s);
  EXPECT_EQ(*rule.lasts, 5min);
  EXPECT_EQ(rule.share, core::Rate::from_raw(100'000'000));
  EXPECT_EQ(rule.skip, 2);
  EXPECT_EQ(rule.count, 9);
  EXPECT_EQ(rule.delay, 2s);
  EXPECT_EQ(rule.jitter, 50ms);
}

TEST(FaultSettings, KnowTheGroupsOfPlaces) {
  EXPECT_EQ(only_rule("faults: {a: {kind: lose, where: [rest, submit]}}").where.size(), 9U);
  EXPECT_THAT(only_rule("faults: {a: {kind: hang, where: [connects]}}").where,
              ElementsAre(FaultPoint::TradeUpdatesConnect, FaultPoint::MarketDataConnect));
}

TEST(FaultSettings, RefuseLaterWhatWasAnsweredBefore) {
  EXPECT_THAT(
      only_rule("faults: {a: {kind: reject_later, where: [submit, cancel, replace]}}").where,
      ElementsAre(FaultPoint::EnteredOrder, FaultPoint::CancelledOrder, FaultPoint::ReplacedOrder));
}

TEST(FaultSettings, ReadWhatBelongsToEachKind) {
  EXPECT_EQ(only_rule("faults: {a: {kind: truncate, where: [data], bytes: 7}}").bytes, 7);
  EXPECT_EQ(only_rule("faults: {a: {kind: duplicate, where: [data], copies: 3}}").copies, 3);
  EXPECT_EQ(only_rule("faults: {a: {kind: overtake, where: [streams], places: 4}}").places, 4);
  EXPECT_EQ(only_rule("faults: {a: {kind: close, where: [streams], code: 1012}}").code, 1012);
  EXPECT_TRUE(only_rule("faults: {a: {kind: forget, where: [streams], says: true}}").says);
  const FaultRule storm = only_rule(
      "faults: {a: {kind: status, where: [rest], status: 429, retry_after: 3s, acts: true}}");
  EXPECT_EQ(storm.status, 429);
  EXPECT_EQ(storm.retry_after, 3s);
  EXPECT_TRUE(storm.acts);
  EXPECT_EQ(only_rule("faults: {a: {kind: reject, where: [submit], reason: wash_trade}}").reason,
            RejectReason::WashTrade);
  const FaultRule halt = only_rule("faults: {a: {kind: halt, symbols: [SPY], code: LUDP}}");
  EXPECT_THAT(halt.symbols, ElementsAre(core::Symbol{"SPY"}));
  EXPECT_EQ(halt.halt_code, "LUDP");
  EXPECT_EQ(only_rule("faults: {a: {kind: partial_fill, shares: 0.4}}").shares,
            core::Quantity::from_raw(400'000'000));
  EXPECT_EQ(only_rule("faults: {a: {kind: clock, offset: -750ms}}").offset, -750ms);
  EXPECT_EQ(only_rule("faults: {a: {kind: restart, from: \"10:00\", down: 20s}}").down, 20s);
}

TEST(FaultSettings, NameEveryProblemInOneRun) {
  const std::string found = problems(
      "faults:\n"
      "  a:\n"
      "    kind: lose\n"
      "    where: [nowhere]\n"
      "    share: 2\n"
      "  b:\n"
      "    kind: explode\n"
      "  c:\n"
      "    kind: delay\n"
      "    where: [submit]\n"
      "    delay: 26s\n"
      "    bytes: 3\n"
      "    wrong: 1\n");

  EXPECT_THAT(found, HasSubstr("x.yaml:4"));
  EXPECT_THAT(found, HasSubstr("faults.a.where: found 'nowhere'; allowed: "));
  EXPECT_THAT(found, HasSubstr("faults.a.share: found '2'"));
  EXPECT_THAT(found, HasSubstr("faults.b.kind: found 'explode'; allowed: one of lose, delay"));
  EXPECT_THAT(found, HasSubstr("faults.c.delay: found '26s'"));
  EXPECT_THAT(found, HasSubstr("this key only where kind is truncate"));
  EXPECT_THAT(found, HasSubstr("faults.c.wrong"));
}

TEST(FaultSettings, SayOfAnOpenBracketOnlyThatItIsOpen) {
  for (const char* text :
       {"faults:\n  a: {kind: reject, where: [submit]}\n  b: {kind: halt, symbols: [SPY}\n",
        "faults:\n  a: {kind: reject_later, where: [submit, cancel}\n",
        "faults:\n  a:\n    kind: halt\n    symbols: [SPY, TSLA\n    from: \"10:00\"\n",
        "faults: {\n  a:\n    kind: halt\n    symbols: [SPY, TSLA\n", "seed: [1\nlatency: 3s\n",
        "faults:\n  a: {kind: restart, from: \"10:00}\n",
        "faults:\n  a:\n    where: [submit]\n    kind: \"reject\n"}) {
    const std::string found = problems(text);
    EXPECT_THAT(found, HasSubstr("found no YAML")) << text;
    EXPECT_EQ(std::ranges::count(found, '\n'), 1) << text << found;
  }
}

TEST(FaultSettings, KeepSymbolsThatTheMarketHas) {
  market::InstrumentTable instruments;
  for (const char* symbol : {"SPY", "QQQ"})
    instruments.define({.id = {}, .symbol = core::Symbol{symbol}});
  const auto check = [&](std::string_view yaml) {
    const auto loaded = parse_scenario(yaml, "x.yaml");
    EXPECT_EQ(problems(loaded), "");
    const auto checked = check_symbols(loaded.scenario.faults, instruments);
    return checked ? std::string{} : checked.error().message;
  };

  EXPECT_EQ(check("faults: {a: {kind: halt, symbols: [QQQ, SPY]}, b: {kind: partial_fill}}"), "");
  EXPECT_EQ(check("seed: 2\n"
                  "faults:\n"
                  "  a: {kind: halt, symbols: [SPY, TSLA]}\n"
                  "  b:\n"
                  "    kind: partial_fill\n"
                  "    symbols: [NVDA, QQQQ]\n"),
            "x.yaml:3: faults.a.symbols: found 'TSLA'; allowed: symbols of the market: SPY, QQQ\n"
            "x.yaml:6: faults.b.symbols: found 'NVDA', 'QQQQ'; allowed: symbols of the market: "
            "SPY, QQQ");
}

TEST(FaultSettings, NameNotAllSymbolsOfALargeMarket) {
  market::InstrumentTable instruments;
  for (int i = 1; i <= 22; ++i)
    instruments.define({.id = {}, .symbol = core::Symbol{fmt::format("S{}", i)}});
  FaultRule halt;
  halt.symbols = {core::Symbol{"TSLA"}};

  const auto checked = check_symbols({&halt, 1}, instruments);

  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, EndsWith("S19, S20 and 2 more"));
  EXPECT_EQ(checked.error().code, core::Errc::BadInput);
}

TEST(FaultSettings, KeepKindsWhereTheyCanHappen) {
  EXPECT_THAT(problems("faults: {a: {kind: overtake, where: [submit]}}"),
              HasSubstr("of this kind: trade_updates, market_data"));
  EXPECT_THAT(problems("faults: {a: {kind: reject, where: [rest]}}"),
              HasSubstr("of this kind: submit, replace, cancel"));
  EXPECT_THAT(problems("faults: {a: {kind: reject_later, where: [orders]}}"),
              HasSubstr("of this kind: submit, replace, cancel"));
  EXPECT_THAT(problems("faults: {a: {kind: lose}}"), HasSubstr("faults.a.where"));
  EXPECT_THAT(problems("faults: {a: {kind: halt, where: [submit]}}"),
              HasSubstr("this key only where the fault is one of messages"));
}

TEST(FaultSettings, BoundAWindowByItsDay) {
  EXPECT_THAT(problems("faults: {a: {kind: clock, offset: 1s, for: 5m}}"),
              HasSubstr("a duration only beside from"));
  EXPECT_EQ(problems("faults: {a: {kind: clock, offset: 1s, from: \"23:00\", for: 1h}}"), "");
  EXPECT_THAT(problems("faults: {a: {kind: clock, offset: 1s, from: \"23:00\", for: 3601s}}"),
              HasSubstr("an end before midnight"));
  EXPECT_THAT(problems("faults: {a: {kind: restart}}"), HasSubstr("the time of a restart"));
}

TEST(FaultSettings, BoundNumbers) {
  for (const char* bad :
       {"{kind: duplicate, where: [data], copies: 0}",
        "{kind: duplicate, where: [data], copies: 11}",
        "{kind: close, where: [streams], code: 999}", "{kind: close, where: [streams], code: 5000}",
        "{kind: status, where: [rest], status: 399}", "{kind: status, where: [rest], status: 600}",
        "{kind: clock, offset: 3601s}", "{kind: partial_fill, shares: 0}",
        "{kind: lose, where: []}", "{kind: halt, code: T99}"})
    EXPECT_NE(problems(fmt::format("faults: {{a: {}}}", bad)), "") << bad;
  for (const char* good :
       {"{kind: duplicate, where: [data], copies: 10}", "{kind: close, where: [streams], code: 0}",
        "{kind: close, where: [streams], code: 1000}",
        "{kind: close, where: [streams], code: 4999}", "{kind: status, where: [rest], status: 400}",
        "{kind: status, where: [rest], status: 599}", "{kind: clock, offset: -1h}"})
    EXPECT_EQ(problems(fmt::format("faults: {{a: {}}}", good)), "") << good;
}

TEST(FaultSettings, AreAllInTheDocument) {
  std::ifstream file{"docs/exchange.md"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};

  for (int kind = 0; kind <= static_cast<int>(FaultKind::Restart); ++kind)
    EXPECT_THAT(text, HasSubstr(fmt::format("| `{}` |", name_of(static_cast<FaultKind>(kind)))));
  for (int point = 0; point <= static_cast<int>(FaultPoint::MarketData); ++point)
    EXPECT_THAT(text, HasSubstr(fmt::format("`{}`", name_of(static_cast<FaultPoint>(point)))));
  const std::string reasons =
      problems("faults: {a: {kind: reject, where: [submit], reason: none}}");
  const auto begin = reasons.find("one of ") + 7;
  std::istringstream words{reasons.substr(begin)};
  for (std::string word; words >> word;) {
    if (word.ends_with(',')) word.pop_back();
    EXPECT_THAT(text, HasSubstr("`" + word + "`"));
  }
}

TEST(FaultSettings, OfTheScenariosThatComeWithItAreGood) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"config/scenarios"}) {
    EXPECT_EQ(problems(load_scenario(entry.path())), "") << entry.path();
    ++files;
  }
  EXPECT_GE(files, 8);
}

}  // namespace
}  // namespace st0ck::app::exchange
