#include "core/settings/sample_settings.hpp"
#include "st0ck/core/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

// What settings say of themselves: printed, hashed, listed.
namespace st0ck::core {
namespace {

using sample::kGood;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Settings, PrintEffectiveYaml) {
  auto document = SettingsDocument::parse(kGood, "t.yaml");
  sample::read_all(document);

  EXPECT_EQ(document.to_yaml(false), R"(market:
  kind: recorded
  half_spread: 0.01
  speed: 0
  path: ../shared/data
  from: 2019-02-11
  to: 2019-02-15
  symbols: [SPY, BRK.B]
bots:
  a:
    engine: sniper
    enabled: true
    patience: 1m30s
    entry_from: "10:00"
    quantity: 100
    risk: 0.005
    notes: []
  b:
    engine: st0cka
    enabled: true
risk:
  loss_max: 500.00
  storage:
    cache: 64MiB
    readers: 2
)");
}

TEST(Settings, ExplainThemselvesInComments) {
  auto document = SettingsDocument::parse(kGood, "t.yaml");
  sample::read_all(document);

  const auto yaml = document.to_yaml(true);

  EXPECT_THAT(yaml, HasSubstr("# What is traded on.\nmarket:\n"));
  EXPECT_THAT(yaml, HasSubstr("  # Half of the spread of a quote derived from a bar. [a price like "
                              "12.34 from 0 to 10, in\n  # dollars; default 0.005]\n"
                              "  half_spread: 0.01\n"));
  EXPECT_THAT(yaml, HasSubstr("# Its engine. [one of st0cka, sniper; required]\n"));
  EXPECT_THAT(yaml, HasSubstr("# First session. [a date like 2019-02-11; default null]\n"));
}

TEST(Settings, PrintWhatReadsBackToTheSame) {
  for (const bool comments : {false, true}) {
    auto document = SettingsDocument::parse(kGood, "t.yaml", {"market.from=null"});
    sample::read_all(document);
    const auto printed = document.to_yaml(comments);

    auto again = SettingsDocument::parse(printed, "printed.yaml");
    sample::read_all(again);

    EXPECT_THAT(again.finish(), IsEmpty());
    EXPECT_EQ(again.to_yaml(comments), printed);
    EXPECT_EQ(again.hash(), document.hash());
  }
}

TEST(Settings, PrintAnyTextSoThatItReadsBack) {
  struct Holder {
    std::string text;
    std::vector<std::string> list;
  };
  Schema<Holder> schema;
  schema.field("text", &Holder::text);
  schema.field("list", &Holder::list);
  const auto piece = rc::gen::elementOf(std::vector<std::string>{"a",
                                                                 "-",
                                                                 " ",
                                                                 ":",
                                                                 "#",
                                                                 "\"",
                                                                 "'",
                                                                 "\\",
                                                                 "[",
                                                                 "]",
                                                                 "{",
                                                                 "}",
                                                                 ",",
                                                                 "null",
                                                                 "~",
                                                                 "true",
                                                                 "1",
                                                                 "%",
                                                                 "&",
                                                                 "*",
                                                                 "!",
                                                                 "|",
                                                                 ">",
                                                                 "\xc3\xa9",
                                                                 "\xe2\x82\xac",
                                                                 "\xf0\x9f\x93\x88",
                                                                 "=",
                                                                 "@",
                                                                 "`",
                                                                 "?",
                                                                 ".",
                                                                 "..."});
  const auto text = rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                                 [](const std::vector<std::string>& pieces) {
                                   std::string all;
                                   for (const auto& part : pieces) all += part;
                                   return all;
                                 });

  EXPECT_TRUE(rc::check("printed text reads back", [&] {
    const std::string value = *text;
    const auto list = *rc::gen::container<std::vector<std::string>>(text);
    std::string yaml = "text: ''\nlist: []\n";
    auto first = SettingsDocument::parse(yaml, "a");
    Holder holder = first.root().read(schema);
    holder.text = value;
    holder.list = list;
    Schema<Holder> filled;
    filled.field("text", &Holder::text).by_default(value);
    filled.field("list", &Holder::list).by_default(list);
    auto defaults = SettingsDocument::parse("", "b");
    defaults.root().read(filled);

    auto again = SettingsDocument::parse(defaults.to_yaml(true), "c");
    const Holder back = again.root().read(schema);

    RC_ASSERT(again.finish().empty());
    RC_ASSERT(back.text == value);
    RC_ASSERT(back.list == list);
  }));
}

TEST(Settings, HashWhatDecidesAndNothingElse) {
  const auto hash_of = [](const std::vector<std::string>& overrides) {
    auto document = SettingsDocument::parse(kGood, "t.yaml", overrides);
    sample::read_all(document);
    return document.hash();
  };

  const auto plain = hash_of({});

  EXPECT_EQ(plain.size(), 64U);
  EXPECT_EQ(hash_of({"bots.a.patience=3s"}), plain) << "marked not_in_hash";
  EXPECT_EQ(hash_of({"market.half_spread=0.0100"}), plain) << "the same value";
  EXPECT_EQ(hash_of({"market.speed=0"}), plain) << "the default, written out";
  EXPECT_NE(hash_of({"market.half_spread=0.02"}), plain);
  EXPECT_NE(hash_of({"bots.c.engine=st0cka"}), plain);
}

TEST(Settings, GiveCanonicalTextOfOneSection) {
  auto document = SettingsDocument::parse(kGood, "t.yaml");
  sample::read_all(document);

  EXPECT_EQ(document.canonical_text("risk"),
            "risk.loss_max=500.00\nrisk.storage.cache=64MiB\nrisk.storage.readers=2\n");
  EXPECT_EQ(document.canonical_text("bots.b"), "bots.b.enabled=true\nbots.b.engine=st0cka\n");
}

TEST(Settings, ListTheirKeys) {
  const auto keys = sample::risk_schema().list("risk");

  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[0].key, "risk.loss_max");
  EXPECT_EQ(keys[0].type, "money");
  EXPECT_EQ(keys[0].default_text, "500.00");
  EXPECT_EQ(keys[0].allowed, "an amount like 25000.00 above 0");
  EXPECT_EQ(keys[0].unit, "dollars");
  EXPECT_EQ(keys[1].key, "risk.storage.cache");
  EXPECT_EQ(sample::recorded_schema().list()[5].type, "list of symbol");
  EXPECT_TRUE(sample::bot_schema().list()[0].required);
}

}  // namespace
}  // namespace st0ck::core
