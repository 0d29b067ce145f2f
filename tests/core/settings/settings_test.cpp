#include "st0ck/core/settings.hpp"

#include "core/settings/sample_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::core {
namespace {

using sample::kGood;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems_of(std::string_view text,
                                     const std::vector<std::string>& overrides = {}) {
  auto document = SettingsDocument::parse(text, "t.yaml", overrides);
  sample::read_all(document);
  std::vector<std::string> problems;
  for (const auto& problem : document.finish()) problems.push_back(problem.to_string());
  return problems;
}

/// The good document with one line in place of another.
std::string with(std::string_view line, std::string_view other) {
  std::string text{kGood};
  const auto at = text.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return text.replace(at, line.size(), other);
}

TEST(Settings, ReadGoodDocument) {
  auto document = SettingsDocument::parse(kGood, "t.yaml");

  const auto all = sample::read_all(document);

  EXPECT_THAT(document.finish(), IsEmpty());
  EXPECT_EQ(all.market.kind, sample::Kind::Recorded);
  EXPECT_EQ(all.recorded.half_spread, Price::parse("0.01").value());
  EXPECT_EQ(all.recorded.path, "../shared/data");
  EXPECT_EQ(all.recorded.from, Date(std::chrono::year{2019} / 2 / 11));
  EXPECT_THAT(all.recorded.symbols, ElementsAre(Symbol{"SPY"}, Symbol{"BRK.B"}));
  EXPECT_EQ(all.snipers.at(0).patience, std::chrono::seconds{90});
  EXPECT_EQ(all.snipers.at(0).entry_from.since_midnight, std::chrono::hours{10});
  EXPECT_EQ(all.risk.storage.cache, mebibytes(64));
}

TEST(Settings, FillInDefaults) {
  auto document = SettingsDocument::parse(kGood, "t.yaml");

  const auto all = sample::read_all(document);

  EXPECT_EQ(all.recorded.speed, 0.0);
  EXPECT_EQ(all.snipers.at(0).quantity, Quantity::whole(100));
  EXPECT_EQ(all.snipers.at(0).risk, Rate::parse("0.005").value());
  EXPECT_TRUE(all.bots.at(0).second.enabled);
  EXPECT_EQ(all.risk.loss_max, Money::whole(500));
  EXPECT_EQ(all.risk.storage.readers, 2);
}

TEST(Settings, GiveNamedSectionsSorted) {
  auto document = SettingsDocument::parse(kGood, "t.yaml");

  const auto all = sample::read_all(document);

  EXPECT_EQ(all.bots.at(0).first, "a");
  EXPECT_EQ(all.bots.at(1).first, "b");
}

TEST(Settings, TakeEmptySectionForMissingOne) {
  EXPECT_THAT(
      problems_of(with("  storage:\n    cache: 64MiB\n", "  storage:\n  #  cache: 64MiB\n")),
      IsEmpty());
  EXPECT_THAT(problems_of(with("risk:\n  storage:\n    cache: 64MiB\n", "risk:\n")), IsEmpty());
}

struct BadCase {
  const char* name;
  std::string_view line;
  std::string_view other;
  std::string_view problem;
};

class BadSettings : public testing::TestWithParam<BadCase> {};

TEST_P(BadSettings, AreNamedWithPlaceFindingAndAllowed) {
  const auto& given = GetParam();

  const auto problems = problems_of(with(given.line, given.other));

  EXPECT_THAT(problems, ElementsAre(std::string{given.problem}));
}

constexpr std::string_view kNameRule =
    "t.yaml:10: bots.B!: found 'B!'; allowed: a name of 1 to 16 of a-z, 0-9 and _, starting with a "
    "letter";

INSTANTIATE_TEST_SUITE_P(
    Settings, BadSettings,
    testing::Values(
        BadCase{
            "UnknownKey", "half_spread", "half_spred",
            "t.yaml:5: market.half_spred: found an unknown key; allowed: 'half_spread' (did you "
            "mean it?)"},
        BadCase{"UnknownKeyLikeNone", "cache", "wonderful",
                "t.yaml:18: risk.storage.wonderful: found an unknown key; allowed: cache, readers"},
        BadCase{"UnknownSection", "risk:", "riskk:",
                "t.yaml:16: riskk: found an unknown key; allowed: 'risk' (did you mean it?)"},
        BadCase{"KeyOfOtherChoice", "half_spread: 0.01", "seed: 2",
                "t.yaml:5: market.seed: found an unknown key; allowed: this key only where "
                "market.kind is generated"},
        BadCase{"Secret", "cache: 64MiB", "api_key: hunter2",
                "t.yaml:18: risk.storage.api_key: found an unknown key; allowed: secrets in the "
                "environment or in systemd credentials, never in YAML"},
        BadCase{"WrongType", "0.01", "much",
                "t.yaml:5: market.half_spread: found 'much'; allowed: a price like 12.34 from 0 to "
                "10"},
        BadCase{"TooLarge", "0.01", "10.000000001",
                "t.yaml:5: market.half_spread: found '10.000000001'; allowed: a price like 12.34 "
                "from 0 to 10"},
        BadCase{"TooSmall", "half_spread: 0.01", "speed: -0.1",
                "t.yaml:5: market.speed: found '-0.1'; allowed: a number of at least 0"},
        BadCase{"TextForNumber", "half_spread: 0.01", "speed: \"1\"",
                "t.yaml:5: market.speed: found '1' in quotes; allowed: a number of at least 0"},
        BadCase{
            "Nothing", "0.01", "",
            "t.yaml:5: market.half_spread: found nothing; allowed: a price like 12.34 from 0 to "
            "10"},
        BadCase{"ListForValue", "0.01", "[1, 2]",
                "t.yaml:5: market.half_spread: found a list; allowed: a price like 12.34 from 0 to "
                "10"},
        BadCase{"MapForValue", "0.01", "{a: 1}",
                "t.yaml:5: market.half_spread: found a map; allowed: a price like 12.34 from 0 to "
                "10"},
        BadCase{"ValueForSection", "\n  storage:\n    cache: 64MiB", " 7",
                "t.yaml:16: risk: found '7'; allowed: a map of settings"},
        BadCase{"ValueForList", "[SPY, BRK.B]", "SPY",
                "t.yaml:8: market.symbols: found 'SPY'; allowed: a list, each a symbol of 1 to 24 "
                "of A-Z, 0-9, '.', '-', '/', 1 to 100 of them"},
        BadCase{"EmptyList", "[SPY, BRK.B]", "[]",
                "t.yaml:8: market.symbols: found a list of 0; allowed: a list, each a symbol of 1 "
                "to 24 of A-Z, 0-9, '.', '-', '/', 1 to 100 of them"},
        BadCase{"BadItem", "BRK.B", "spy",
                "t.yaml:8: market.symbols: found 'spy'; allowed: a list, each a symbol of 1 to 24 "
                "of A-Z, 0-9, '.', '-', '/', 1 to 100 of them"},
        BadCase{"MapInList", "BRK.B", "{a: 1}",
                "t.yaml:8: market.symbols: found a list that holds a map; allowed: a list, each a "
                "symbol of 1 to 24 of A-Z, 0-9, '.', '-', '/', 1 to 100 of them"},
        BadCase{"UnknownWord", "kind: recorded\n  path: ../shared/data",
                "kind: live\n  half_spred: -1",
                "t.yaml:3: market.kind: found 'live'; allowed: one of generated, recorded"},
        BadCase{"UnknownText", "st0cka", "st0ckb",
                "t.yaml:11: bots.b.engine: found 'st0ckb'; allowed: one of st0cka, sniper"},
        BadCase{"MissingKey", "  path: ../shared/data\n", "",
                "t.yaml:2: market.path: found nothing; allowed: the path of a file or folder"},
        BadCase{"BadName", "  b:", "  B!:", kNameRule},
        BadCase{"BadDate", "2019-02-11", "2019-02-30",
                "t.yaml:6: market.from: found '2019-02-30'; allowed: a date like 2019-02-11"},
        BadCase{"BadDuration", "1m30s", "90",
                "t.yaml:14: bots.a.patience: found '90'; allowed: a duration like 250ms, 10s, 5m "
                "or 1h30m from 1ms to 1d"},
        BadCase{"BadTime", "10:00", "9:45",
                "t.yaml:15: bots.a.entry_from: found '9:45'; allowed: a time of day like 09:30 "
                "from 09:30 to 16:00"},
        BadCase{"AboveIsNotAtLeast", "patience: 1m30s", "quantity: 0",
                "t.yaml:14: bots.a.quantity: found '0'; allowed: a quantity like 100 above 0"},
        BadCase{"AcrossFields", "2019-02-15", "2019-02-10",
                "t.yaml:7: market.to: found '2019-02-10'; allowed: a date on or after 'from'"},
        BadCase{"DuplicateKey", "  from: 2019-02-11", "  half_spread: 0.02",
                "t.yaml:6: market.half_spread: found the key a second time (first in line 5); "
                "allowed: each key once"},
        BadCase{"Alias", "path: ../shared/data", "path: *x",
                "t.yaml:4: found no YAML (the referenced anchor is not defined); allowed: "
                "well-formed YAML"},
        BadCase{"Anchor", "path: ../shared/data", "path: &x y",
                "t.yaml:4: market.path: found an anchor; allowed: values written out"},
        BadCase{"Tag", "path: ../shared/data", "path: !!str y",
                "t.yaml:4: market.path: found a tag; allowed: plain values"},
        BadCase{"ControlCharacter", "path: ../shared/data", "path: \"a\\nb\"",
                "t.yaml:4: market.path: found a control character; allowed: text of one line"},
        BadCase{"RawByte", "path: ../shared/data", "path: \xff",
                "t.yaml:4: found a byte that is no text; allowed: UTF-8 without control "
                "characters"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Settings, NameEveryProblemInOneRun) {
  const auto problems = problems_of(
      "market:\n  kind: recorded\n  half_spread: -1\n  sped: 3\n  speed: fast\n"
      "bots:\n  a: {engine: sniper, entry_from: 08:00, risk: 6%}\n"
      "risk:\n  loss_max: 0\n  storage: {readers: 65, cache: 1}\nrisk: 7\n",
      {"bots.b.enabled=maybe", "nonsense"});

  EXPECT_THAT(problems,
              ElementsAre(HasSubstr("t.yaml:1: market.path: found nothing"),
                          HasSubstr("t.yaml:3: market.half_spread: found '-1'"),
                          HasSubstr("t.yaml:4: market.sped: found an unknown key"),
                          HasSubstr("t.yaml:5: market.speed: found 'fast'"),
                          HasSubstr("t.yaml:7: bots.a.entry_from: found '08:00'"),
                          HasSubstr("t.yaml:7: bots.a.risk: found '6%'"),
                          HasSubstr("t.yaml:9: risk.loss_max: found '0'"),
                          HasSubstr("t.yaml:10: risk.storage.cache: found '1'"),
                          HasSubstr("t.yaml:10: risk.storage.readers: found '65'"),
                          HasSubstr("t.yaml:11: risk: found the key a second time"),
                          HasSubstr("--set nonsense: found no setting"),
                          HasSubstr("--set bots.b.enabled: bots.b.engine: found nothing"),
                          HasSubstr("--set bots.b.enabled: bots.b.enabled: found 'maybe'")));
}

TEST(Settings, NameSyntaxErrorWithItsLineAndWhatStandsBeforeIt) {
  EXPECT_THAT(problems_of("market:\n  kind: recorded\n  speed: -1\n  path: 'x\n"),
              ElementsAre(HasSubstr("t.yaml:3: market.speed: found '-1'"),
                          HasSubstr("t.yaml:4: found no YAML")));
}

/// What stands in brackets without an end may have been meant for outside.
TEST(Settings, SayOfAnOpenBracketOrQuoteOnlyThatItIsOpen) {
  for (const char* text :
       {"market: {kind: recorded, path: x, speed: [1\n", "market: {kind: recorded, speed: [1}\n",
        "market:\n  kind: recorded\n  path: [x\n  sped: 1\n",
        "market: {kind: recorded, path: \"x}\nbots: {a: {engine: sniper}}\n",
        "bots: {a: {engine: [sniper}}\n", "market: {kind: recorded\nmarket: [1\n",
        "bots:\n  a:\n    engine: sniper\n    risk: [6%\n"})
    EXPECT_THAT(problems_of(text), ElementsAre(HasSubstr("found no YAML"))) << text;
  // Where a key might stand.
  for (const char* text : {"{market: {kind: recorded}, bots: 7\n",
                           "market:\n  kind: recorded\n  symbols: [spy, {a: 1}, [\n"})
    EXPECT_THAT(problems_of(text), ElementsAre(HasSubstr("or a bracket that is not closed")))
        << text;
}

TEST(Settings, KeepWhatStandsBeforeAnOpenBracket) {
  EXPECT_THAT(
      problems_of("market: {kind: recorded, path: x, speed: -1}\nbots: {a: {engine: [sniper\n"),
      ElementsAre(HasSubstr("t.yaml:1: market.speed: found '-1'"),
                  HasSubstr("t.yaml:2: found no YAML")));
}

TEST(Settings, TellWhereAKeyIsWritten) {
  auto document =
      SettingsDocument::parse("market:\n  kind: recorded\n", "t.yaml", {"market.speed=1"});
  auto market = document.root().section("market");

  EXPECT_EQ(market.place("kind"), "t.yaml:2");
  EXPECT_EQ(market.place("speed"), "--set market.speed");
  EXPECT_EQ(market.place("path"), "t.yaml:1") << "where it would be";
  EXPECT_EQ(document.root().place("bots"), "t.yaml");
}

TEST(Settings, RefuseSecondDocumentAndNonMap) {
  EXPECT_THAT(problems_of(std::string{kGood} + "---\na: 1\n"),
              ElementsAre(HasSubstr("found a second YAML document")));
  EXPECT_THAT(problems_of("- a\n- b\n"), testing::Contains(HasSubstr("t.yaml:1: found a list; "
                                                                     "allowed: a map")));
}

TEST(Settings, BoundTheirDepthAndSize) {
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_THAT(problems_of("a: " + deep), testing::Contains(HasSubstr("more than 16 levels")));
  EXPECT_THAT(problems_of(std::string(kSettingsBytesMax + 1, '#')),
              ElementsAre(HasSubstr("found 1048577 bytes; allowed: at most 1048576 bytes")));
  EXPECT_THAT(problems_of("market: {kind: recorded, path: " + std::string(5000, 'x') + "}"),
              testing::Contains(HasSubstr("a text of 5000 bytes")));
}

TEST(Settings, CutLongListOfProblemsOff) {
  std::string text{kGood};
  for (int i = 0; i < 500; ++i) text += "unknown" + std::to_string(i) + ": 1\n";

  const auto problems = problems_of(text);

  ASSERT_EQ(problems.size(), kSettingProblemsMax + 1);
  EXPECT_THAT(problems.back(), HasSubstr("found 300 more problems from here on"));
}

TEST(Settings, LetOverridesWin) {
  auto document = SettingsDocument::parse(
      kGood, "t.yaml",
      {"market.half_spread=0.02", "market.symbols=[QQQ]", "market.from=", "bots.c.engine=sniper",
       "bots.c.patience=5s", "market.path=a b=c"});

  const auto all = sample::read_all(document);

  EXPECT_THAT(document.finish(), IsEmpty());
  EXPECT_EQ(all.recorded.half_spread.to_string(), "0.02");
  EXPECT_THAT(all.recorded.symbols, ElementsAre(Symbol{"QQQ"}));
  EXPECT_EQ(all.recorded.from, std::nullopt);
  EXPECT_EQ(all.recorded.path, "a b=c");
  EXPECT_EQ(all.bots.at(2).first, "c");
  EXPECT_EQ(all.snipers.at(1).patience, std::chrono::seconds{5});
}

TEST(Settings, MakeAllFromOverridesAlone) {
  EXPECT_THAT(problems_of("", {"market.kind=generated", "market.seed=7"}), IsEmpty());
}

TEST(Settings, RefuseBadOverrides) {
  for (const char* text : {"market.speed", "=1", "a..b=1", ".a=1", "a.=1"}) {
    EXPECT_THAT(problems_of(kGood, {text}), ElementsAre(HasSubstr("found no setting"))) << text;
  }
  EXPECT_THAT(problems_of(kGood, {"market.speed.x=1"}),
              ElementsAre("--set market.speed.x: market.speed: found a map; allowed: a number of "
                          "at least 0"));
  EXPECT_THAT(problems_of(kGood, {"market.kind.x=1"}),
              ElementsAre(HasSubstr("--set market.kind.x: market.kind.x: found 'recorded' on its "
                                    "way")));
  EXPECT_THAT(problems_of(kGood, {"market.symbols=[SPY"}),
              ElementsAre(HasSubstr("--set market.symbols: market.symbols: found no YAML")));
  EXPECT_THAT(problems_of(kGood, {"market.path=a\nb"}),
              ElementsAre(HasSubstr("found a value that is no text")));
}

TEST(Settings, NeverShowTheValueOfUnknownKey) {
  for (const auto& problem :
       problems_of(with("cache: 64MiB", "password: hunter2"), {"alpaca.api_key=hunter2"}))
    EXPECT_THAT(problem, testing::Not(HasSubstr("hunter2")));
}

TEST(Settings, TakeProblemsThatAppearAfterReading) {
  auto document = SettingsDocument::parse(kGood, "t.yaml");
  sample::read_all(document);

  document.root().section("market").problem("path", "a folder that exists");
  document.root().section("market").problem("speed", "1 on this machine");

  const auto problems = document.finish();
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].to_string(),
            "t.yaml:2: market.speed: found the default '0'; allowed: 1 on this machine");
  EXPECT_EQ(problems[1].to_string(),
            "t.yaml:4: market.path: found '../shared/data'; allowed: a folder that exists");
}

TEST(Settings, ReadTheSameSectionTwiceWithoutDoubledProblems) {
  auto document = SettingsDocument::parse("risk: {loss_max: -1}", "t.yaml");

  document.root().section("risk").read(sample::risk_schema());
  document.root().section("risk").read(sample::risk_schema());

  EXPECT_EQ(document.finish().size(), 1U);
}

TEST(Settings, ReportFileThatCannotBeRead) {
  const auto missing = SettingsDocument::load("/nonexistent/st0ck.yaml");
  ASSERT_EQ(missing.finish().size(), 1U);
  EXPECT_EQ(missing.finish()[0].to_string(),
            "/nonexistent/st0ck.yaml: found No such file or directory; allowed: a readable "
            "settings file");

  const auto folder = SettingsDocument::load(std::filesystem::temp_directory_path());
  ASSERT_EQ(folder.finish().size(), 1U);
  EXPECT_EQ(folder.finish()[0].found, "Is a directory");
}

TEST(Settings, ReadFile) {
  const auto path = std::filesystem::path{testing::TempDir()} / "settings_test.yaml";
  std::ofstream{path} << kGood;

  auto document = SettingsDocument::load(path, {"market.speed=2"});

  EXPECT_EQ(sample::read_all(document).recorded.speed, 2.0);
  EXPECT_THAT(document.finish(), IsEmpty());
  std::filesystem::remove(path);
}

TEST(Settings, TakeNothingForATextThatIsEmptyByDefault) {
  struct Holder {
    std::string host = "before";
    std::string name = "before";
  };
  Schema<Holder> schema;
  schema.field("host", &Holder::host).by_default("");
  schema.field("name", &Holder::name).by_default("a");
  const std::vector<std::pair<std::string, std::vector<std::string>>> written{
      {"host:\n", {}}, {"host: ''\n", {}}, {"host: x\n", {"host="}}, {"", {"host="}}};
  for (const auto& [yaml, overrides] : written) {
    auto document = SettingsDocument::parse(yaml, "t.yaml", overrides);
    EXPECT_EQ(document.root().read(schema).host, "") << yaml;
    EXPECT_THAT(document.finish(), IsEmpty()) << yaml;
  }

  auto document = SettingsDocument::parse("", "t.yaml", {"name="});
  EXPECT_EQ(document.root().read(schema).name, "a");
  EXPECT_EQ(document.finish().front().to_string(),
            "--set name: name: found nothing; allowed: text");
}

TEST(SettingsDeathTest, RefuseSchemaThatBreaksItsOwnRules) {
  struct Holder {
    double number = 0;
  };
  EXPECT_DEATH(
      {
        Schema<Holder> schema;
        schema.field("number", &Holder::number).by_default("2").at_most("1");
        auto document = SettingsDocument::parse("", "t.yaml");
        document.root().read(schema);
      },
      "a default is allowed by its own setting");
  EXPECT_DEATH(Schema<Holder>{}.field("api_token", &Holder::number), "a secret is no setting");
  EXPECT_DEATH(
      {
        Schema<Holder> schema;
        schema.field("number", &Holder::number);
        schema.field("number", &Holder::number);
      },
      "a schema declares each key once");
}

}  // namespace
}  // namespace st0ck::core
