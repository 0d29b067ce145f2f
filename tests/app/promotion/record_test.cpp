#include "src/app/promotion/record.hpp"

#include "app/promotion/promotion_samples.hpp"
#include "support/orders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace st0ck::app {
namespace {

using testing::HasSubstr;

PromotionRecord sample_record() {
  const auto holder = test::promotion_holder();
  const auto evidence = test::good_evidence(14);
  const core::Timestamp now = test::utc("2025-06-20T12:00:00Z");
  return make_promotion(holder, evidence, judge(evidence, holder.target, now), "", now);
}

std::string sample_text() {
  const PromotionRecord record = sample_record();
  return promotion_text({record, seal_of(record, "secret")});
}

TEST(PromotionRecord, SaysWhatItStandsOn) {
  const PromotionRecord record = sample_record();

  EXPECT_EQ(record.host, test::kLiveHost);
  EXPECT_EQ(record.evidence_host, test::kPaperHost);
  EXPECT_EQ(record.evidence_account, "PA1");
  EXPECT_EQ(record.sessions.size(), 14U);
  EXPECT_EQ(record.override_reason, "");
  EXPECT_EQ(record.valid_until, test::utc("2025-09-13T00:00:00Z")) << "90 days from 2025-06-15";
}

TEST(PromotionRecord, SaysWhatAnOverrideIsMadeWithout) {
  const auto holder = test::promotion_holder();
  const auto evidence = test::good_evidence(3);
  const core::Timestamp now = test::utc("2025-06-20T12:00:00.5Z");

  const PromotionRecord record =
      make_promotion(holder, evidence, judge(evidence, holder.target, now), "a first look", now);

  EXPECT_EQ(record.override_reason, "a first look");
  EXPECT_THAT(record.missing, testing::Contains("calendar days: needed 14, found 3"));
  EXPECT_EQ(record.made, test::utc("2025-06-20T12:00:00Z"));
  EXPECT_EQ(record.valid_until, test::utc("2025-09-18T12:00:00Z")) << "90 days from its making";
}

TEST(PromotionRecord, StoresNoReasonThatWasNotNeeded) {
  const auto holder = test::promotion_holder();
  const auto evidence = test::good_evidence(14);
  const core::Timestamp now = test::utc("2025-06-20T12:00:00Z");

  const auto record =
      make_promotion(holder, evidence, judge(evidence, holder.target, now), "in a hurry", now);

  EXPECT_EQ(record.override_reason, "");
}

TEST(PromotionRecord, ReadsBackWhatItWrites) {
  EXPECT_TRUE(rc::check([](const std::string& reason, std::uint32_t version) {
    PromotionRecord record = sample_record();
    record.bots.front().decision_version = version;
    if (check_reason(reason)) record.override_reason = reason;
    record.missing = {"sessions: needed 10, found 3"};

    const auto read = parse_promotion(promotion_text({record, "seal"}));

    RC_ASSERT(read.has_value());
    RC_ASSERT(read->record == record);
    RC_ASSERT(read->seal == "seal");
  }));
}

/// A file is read as it was written and its seal fits, or it is refused.
bool is_accepted(const std::string& text) {
  const auto read = parse_promotion(text);
  return read && seal_of(read->record, "secret") == read->seal;
}

TEST(PromotionRecord, IsRefusedWithAnyByteChanged) {
  const std::string text = sample_text();
  ASSERT_TRUE(is_accepted(text));
  for (std::size_t place = 0; place < text.size(); ++place)
    for (const char flip : {'\x01', '\x04', '\x20', '\x7f'}) {
      std::string changed = text;
      changed[place] = static_cast<char>(changed[place] ^ flip);
      EXPECT_FALSE(is_accepted(changed)) << "byte " << place << " of " << text.size();
    }
}

TEST(PromotionRecord, IsRefusedCutShortOrLengthenedAnywhere) {
  const std::string text = sample_text();
  EXPECT_TRUE(rc::check([&](char byte) {
    const auto place = *rc::gen::inRange<std::size_t>(0, text.size());
    RC_ASSERT(!is_accepted(text.substr(0, place)));
    std::string longer = text;
    longer.insert(place, 1, byte);
    RC_ASSERT(!is_accepted(longer));
  }));
}

TEST(PromotionRecord, SaysWhatIsWrongWithAFile) {
  EXPECT_THAT(parse_promotion("").error().message, HasSubstr("format: allowed is a text"));
  EXPECT_THAT(parse_promotion("[]").error().message, HasSubstr("format: allowed is a text"));
  EXPECT_THAT(parse_promotion(R"({"format":"st0ck-promotion-2"})").error().message,
              HasSubstr("format: found 'st0ck-promotion-2', allowed is st0ck-promotion-1"));
  EXPECT_THAT(parse_promotion(sample_text() + "\n").error().message,
              HasSubstr("something is in it that st0ck did not write"));
  EXPECT_THAT(parse_promotion(std::string(kPromotionFileMax + 1, ' ')).error().message,
              HasSubstr("more than 65536 bytes"));
}

TEST(PromotionRecord, FitsOneSecretAlone) {
  const PromotionRecord record = sample_record();

  EXPECT_NE(seal_of(record, "secret"), seal_of(record, "another"));
  EXPECT_NE(key_mark("PK1"), key_mark("PK2"));
  EXPECT_EQ(sample_text().find("secret"), std::string::npos);
  EXPECT_EQ(sample_text().find("PK1"), std::string::npos);
}

TEST(PromotionRecord, TakesReasonsThatCanBeRead) {
  EXPECT_TRUE(check_reason("the engine has run elsewhere for a year: 2024, \xc3\xa9"));
  EXPECT_TRUE(check_reason(std::string(kPromotionReasonMax, 'x')));
  EXPECT_FALSE(check_reason(std::string(kPromotionReasonMax + 1, 'x')));
  EXPECT_FALSE(check_reason(""));
  EXPECT_FALSE(check_reason("two\nlines"));
  EXPECT_FALSE(check_reason("\xff"));
}

}  // namespace
}  // namespace st0ck::app
