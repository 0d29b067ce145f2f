#include "src/app/promotion/permission.hpp"

#include "app/promotion/promotion_samples.hpp"
#include "support/orders.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>

namespace st0ck::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const core::Timestamp kMade = test::utc("2025-06-20T12:00:00Z");
const core::Timestamp kOver = test::utc("2025-09-13T00:00:00Z");

class PromotionPermissionTest : public testing::Test {
 protected:
  /// A good record, changed and sealed again by whoever has the keys.
  void write(const std::function<void(PromotionRecord&)>& change = {}) const {
    const auto holder = test::promotion_holder();
    const auto evidence = test::good_evidence(14);
    PromotionRecord record =
        make_promotion(holder, evidence, judge(evidence, holder.target, kMade), "", kMade);
    if (change) change(record);
    std::ofstream{file, std::ios::binary}
        << promotion_text({record, seal_of(record, holder.keys.secret)});
  }

  void expect_refused(std::string_view code, std::string_view why,
                      const PromotionHolder& holder = test::promotion_holder(),
                      core::Timestamp now = kMade) const {
    const Permission permission = check_promotion(file, holder, now);
    ASSERT_TRUE(permission.refusal) << code;
    EXPECT_EQ(permission.refusal->code, core::Code{code});
    EXPECT_THAT(permission.refusal->message, StartsWith(std::string{code} + ": " + file.string()));
    EXPECT_THAT(permission.refusal->message, HasSubstr(std::string{why}));
    EXPECT_EQ(permission.refusal->error().code, core::Errc::Refused);
  }

  test::TemporaryFolder folder;
  std::filesystem::path file = folder / "promotion.json";
};

TEST_F(PromotionPermissionTest, IsGivenByARecordThatFits) {
  write();

  const Permission permission = check_promotion(file, test::promotion_holder(), kMade);

  EXPECT_FALSE(permission.refusal) << permission.refusal->message;
  ASSERT_TRUE(permission.record);
  EXPECT_EQ(grounds_of(*permission.record),
            "14 sessions on paper-api.alpaca.markets from 2025-06-02 to 2025-06-15; it holds until "
            "2025-09-12 20:00:00 -04:00");
}

TEST_F(PromotionPermissionTest, IsRefusedWithoutARecord) {
  expect_refused("PROMOTION_MISSING", "no such promotion record, which live trading needs");
}

TEST_F(PromotionPermissionTest, EndsWithTheRecordsTimeExactly) {
  write();

  EXPECT_FALSE(check_promotion(file, test::promotion_holder(), kOver - core::Duration{1}).refusal);
  expect_refused("PROMOTION_EXPIRED", "it held until 2025-09-12 20:00:00 -04:00",
                 test::promotion_holder(), kOver);
}

TEST_F(PromotionPermissionTest, IsRefusedByARecordThatWasEdited) {
  write();
  std::ifstream in{file};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto place = text.find("2025-09-13");
  ASSERT_NE(place, std::string::npos);
  text.replace(place, 4, "2035");
  std::ofstream{file} << text;

  expect_refused("PROMOTION_EDITED", "its seal does not fit");

  std::ofstream{file} << "{}";
  expect_refused("PROMOTION_EDITED", "format: allowed is a text");
}

TEST_F(PromotionPermissionTest, IsRefusedByARecordForSomethingElse) {
  write([](PromotionRecord& record) { record.host = kLoopbackHost; });
  expect_refused("PROMOTION_OTHER_HOST", "it is for loopback, orders would go to api.alpaca");

  write([](PromotionRecord& record) { record.bots.front().engine = core::EngineName{"swing"}; });
  expect_refused("PROMOTION_OTHER_ENGINE", "it is for scalper: swing 3; here is scalper: st0cka 3");

  write([](PromotionRecord& record) { record.bots.push_back(record.bots.front()); });
  expect_refused("PROMOTION_OTHER_ENGINE", "");

  write([](PromotionRecord& record) { record.bots.front().decision_version = 1; });
  expect_refused("PROMOTION_OTHER_VERSION",
                 "it is for scalper: st0cka 1; here is scalper: st0cka 3");

  write([](PromotionRecord& record) { record.configuration = core::sha256_hex("others"); });
  expect_refused("PROMOTION_OTHER_CONFIGURATION", "other settings");
}

TEST_F(PromotionPermissionTest, IsRefusedByARecordOfOtherKeys) {
  write();
  PromotionHolder other = test::promotion_holder();
  other.keys.key_id = "PK2";
  expect_refused("PROMOTION_OTHER_ACCOUNT", "sealed with other keys", other);

  other = test::promotion_holder();
  other.account = core::AccountId{"roth"};
  expect_refused("PROMOTION_OTHER_ACCOUNT", "here are those of roth", other);

  other = test::promotion_holder();
  other.keys.secret = "changed";
  expect_refused("PROMOTION_EDITED", "or the account's secret was", other);
}

TEST_F(PromotionPermissionTest, OfADrillHoldsAtAnyExchangeOfThisMachineAndNowhereElse) {
  write([](PromotionRecord& record) { record.host = kLoopbackHost; });
  PromotionHolder holder = test::promotion_holder();
  for (const char* name : {"127.0.0.1:8080", "localhost:1", "[::1]:2"}) {
    holder.target.host = broker_host_at(fmt::format("http://{}", name));
    EXPECT_FALSE(check_promotion(file, holder, kMade).refusal) << name;
  }
  for (const char* url : {"https://api.alpaca.markets", "https://127.0.0.1.example.com"}) {
    holder.target.host = broker_host_at(url);
    EXPECT_TRUE(check_promotion(file, holder, kMade).refusal) << url;
  }
}

TEST(BrokerHost, IsToldByItsNameHoweverThatIsWritten) {
  EXPECT_EQ(broker_host_at("https://api.alpaca.markets").kind, HostKind::Live);
  EXPECT_EQ(broker_host_at("https://API.Alpaca.Markets:443/").kind, HostKind::Live);
  EXPECT_EQ(broker_host_at("https://api.alpaca.markets./v2").kind, HostKind::Live);
  EXPECT_EQ(broker_host_at("https://paper-api.alpaca.markets").kind, HostKind::Paper);
  EXPECT_EQ(broker_host_at("https://api.alpaca.markets.example.com").kind, HostKind::Other);
  EXPECT_EQ(broker_host_at("https://api.alpaca.markets:444").kind, HostKind::Other);
  EXPECT_EQ(broker_host_at("http://127.0.0.1:8080").kind, HostKind::Loopback);
  EXPECT_EQ(broker_host_at("http://127.0.0.1:80").name, "127.0.0.1");
}

TEST(ModeBanner, SaysWhatIsAtStake) {
  const core::AccountId account{"default"};
  EXPECT_EQ(mode_banner("paper", account, "paper-api.alpaca.markets"), "");
  EXPECT_EQ(mode_banner("live", account, "api.alpaca.markets"),
            "LIVE: account default at api.alpaca.markets, real money");
  EXPECT_EQ(mode_banner("live", account, "127.0.0.1:8080"),
            "LIVE: account default at 127.0.0.1:8080, a drill on this machine");
  EXPECT_EQ(mode_banner("live", account, ""), "LIVE: account default at its broker, real money");
}

}  // namespace
}  // namespace st0ck::app
