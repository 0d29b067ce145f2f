#include "st0ck/kernel/record_codec.hpp"

#include "record_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace st0ck::kernel {
namespace {

static_assert(std::variant_size_v<Record> == kRecordKinds.size());

using Bytes = std::vector<std::byte>;

template <typename R>
Bytes bytes_of(const R& record) {
  PayloadBuffer buffer;
  encode(record, buffer);
  return {buffer.view().begin(), buffer.view().end()};
}

Bytes bytes_of_any(const Record& record) {
  return std::visit([](const auto& plain) { return bytes_of(plain); }, record);
}

/// Calls `check(kind, record)` with one drawn record of every kind.
template <std::size_t... I>
void with_every_record(auto&& check, std::index_sequence<I...>) {
  const auto one = [&]<std::size_t Index>() {
    std::variant_alternative_t<Index, Record> record{};
    draw(record);
    check(kRecordKinds[Index], record);
  };
  (one.template operator()<I>(), ...);
}
void with_every_record(auto&& check) {
  with_every_record(check, std::make_index_sequence<kRecordKinds.size()>{});
}

bool is_corrupt(const core::Result<Record>& decoded) {
  return !decoded && decoded.error().code == core::Errc::Corrupt;
}

TEST(RecordCodec, ReadsBackWhatItWrote) {
  EXPECT_TRUE(rc::check("any content of any record", [] {
    with_every_record([](RecordKind kind, const auto& record) {
      using R = std::remove_cvref_t<decltype(record)>;
      const Bytes bytes = bytes_of(record);
      const auto decoded = decode(kind, bytes);
      RC_ASSERT(decoded.has_value());
      RC_ASSERT(std::holds_alternative<R>(*decoded));
      RC_ASSERT(bytes_of_any(*decoded) == bytes);
      if constexpr (std::equality_comparable<R>) RC_ASSERT(std::get<R>(*decoded) == record);
    });
  }));
}

TEST(RecordCodec, ReadsBackEachMemberOfTheEventsInItsPlace) {
  market::Quote quote;
  quote.instrument = core::InstrumentId{3};
  quote.time = core::timestamp_from_ns(5);
  quote.bid = core::Price::from_raw(-7);
  quote.ask = core::Price::from_raw(11);
  quote.bid_size = core::Volume::from_raw(13);
  quote.ask_size = core::Volume::from_raw(17);
  quote.derived_fresh_until = core::timestamp_from_ns(19);
  trading::OrderUpdate update;
  update.client_order_id = core::ClientOrderId{"a-b-20190211-1"};
  update.kind = trading::OrderUpdateKind::Replaced;
  update.cumulative_quantity = core::Quantity::from_raw(23);
  update.cumulative_notional = core::Money::from_raw(29);
  update.cumulative_fee = core::Money::from_raw(31);
  update.terms.stop = core::Price::from_raw(37);
  update.reason = core::Code{"X"};

  const auto quote_again = std::get<market::Quote>(*decode(RecordKind::Quote, bytes_of(quote)));
  const auto update_again =
      std::get<trading::OrderUpdate>(*decode(RecordKind::OrderUpdate, bytes_of(update)));

  EXPECT_EQ(quote_again.instrument, quote.instrument);
  EXPECT_EQ(quote_again.time, quote.time);
  EXPECT_EQ(quote_again.bid, quote.bid);
  EXPECT_EQ(quote_again.ask, quote.ask);
  EXPECT_EQ(quote_again.bid_size, quote.bid_size);
  EXPECT_EQ(quote_again.ask_size, quote.ask_size);
  EXPECT_EQ(quote_again.derived_fresh_until, quote.derived_fresh_until);
  EXPECT_EQ(update_again.client_order_id, update.client_order_id);
  EXPECT_EQ(update_again.kind, update.kind);
  EXPECT_EQ(update_again.cumulative_quantity, update.cumulative_quantity);
  EXPECT_EQ(update_again.cumulative_notional, update.cumulative_notional);
  EXPECT_EQ(update_again.cumulative_fee, update.cumulative_fee);
  EXPECT_EQ(update_again.terms, update.terms);
  EXPECT_EQ(update_again.reason, update.reason);
}

TEST(RecordCodec, WritesTheFormatThatFilesHave) {
  TimerFired timer;
  timer.bot = core::BotId{"ab"};
  timer.timer = core::TimerId{0x0102};
  timer.topic = 7;

  const Bytes bytes = bytes_of(timer);

  const std::vector<int> expected{2, 'a', 'b', 2, 1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0};
  ASSERT_EQ(bytes.size(), expected.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_EQ(std::to_integer<int>(bytes[i]), expected[i]) << i;
}

TEST(RecordCodec, RefusesEveryTruncationAndEveryTail) {
  EXPECT_TRUE(rc::check("any record, cut anywhere", [] {
    with_every_record([](RecordKind kind, const auto& record) {
      Bytes bytes = bytes_of(record);
      for (std::size_t size = 0; size < bytes.size(); ++size)
        RC_ASSERT(is_corrupt(decode(kind, std::span{bytes}.first(size))));
      bytes.push_back(std::byte{0});
      RC_ASSERT(is_corrupt(decode(kind, bytes)));
    });
  }));
}

TEST(RecordCodec, AcceptsOnlyBytesThatItWouldWrite) {
  EXPECT_TRUE(rc::check("a byte changed anywhere", [] {
    with_every_record([](RecordKind kind, const auto& record) {
      Bytes bytes = bytes_of(record);
      const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size());
      bytes[place] = static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>());
      const auto decoded = decode(kind, bytes);
      RC_ASSERT((decoded ? bytes_of_any(*decoded) == bytes : is_corrupt(decoded)));
    });
  }));
}

/// Encodes a record twice with two values of one enumeration, to find the byte where it is kept.
template <typename R, typename T>
void expect_range(RecordKind kind, T R::* member, T last, R record = {}) {
  record.*member = T{};
  Bytes bytes = bytes_of(record);
  record.*member = last;
  const Bytes other = bytes_of(record);
  ASSERT_EQ(bytes.size(), other.size());
  const auto place = static_cast<std::size_t>(
      std::mismatch(bytes.begin(), bytes.end(), other.begin()).first - bytes.begin());
  ASSERT_LT(place, bytes.size()) << name_of(kind);
  for (int value = 0; value < 256; ++value) {
    bytes[place] = static_cast<std::byte>(value);
    const auto decoded = decode(kind, bytes);
    EXPECT_EQ(decoded.has_value(), value <= static_cast<int>(last)) << name_of(kind) << value;
    EXPECT_TRUE(decoded || is_corrupt(decoded));
  }
}

TEST(RecordCodec, RefusesEnumeratorsOutOfRange) {
  expect_range(RecordKind::InstrumentDefined, &market::Instrument::asset_class,
               market::AssetClass::Option);
  expect_range(RecordKind::ProviderStatus, &market::ProviderStatus::state,
               market::ProviderState::Finished);
  expect_range(RecordKind::OrderUpdate, &trading::OrderUpdate::kind,
               trading::OrderUpdateKind::DuplicateId);
  expect_range(RecordKind::TradingStatus, &market::TradingStatus::state,
               market::TradingState::Paused);
  market::CorporateAction split;
  split.ex_date = std::chrono::year{2019} / 2 / 11;
  expect_range(RecordKind::CorporateAction, &market::CorporateAction::kind,
               market::CorporateActionKind::Split, split);
  expect_range(RecordKind::OperatorCommand, &trading::OperatorCommand::kind,
               trading::OperatorCommandKind::Cancel);
  const Bytes bad_kind = [] {
    Bytes bytes = bytes_of(trading::Reconciliation{{trading::Difference{}}});
    bytes[4] = std::byte{static_cast<int>(trading::DifferenceKind::PositionUnproven) + 1};
    return bytes;
  }();
  EXPECT_TRUE(is_corrupt(decode(RecordKind::Reconciliation, bad_kind)));
  LedgerEntryRow entry;
  entry.date = std::chrono::year{2019} / 2 / 11;
  expect_range(RecordKind::LedgerEntry, &LedgerEntryRow::kind, trading::LedgerEntryKind::Fee,
               entry);
  expect_range(RecordKind::Decision, &Decision::kind, DecisionKind::Transition);
  expect_range(RecordKind::Order, &OrderRow::side, trading::Side::Sell);
  expect_range(RecordKind::Order, &OrderRow::type, trading::OrderType::TrailingStop);
  expect_range(RecordKind::Order, &OrderRow::time_in_force, trading::TimeInForce::Cls);
  expect_range(RecordKind::Order, &OrderRow::purpose, trading::Purpose::Exit);
  expect_range(RecordKind::Order, &OrderRow::state, trading::OrderState::Expired);
  expect_range(RecordKind::Fill, &FillRow::side, trading::Side::Sell);
  expect_range(RecordKind::RoundTrip, &RoundTripRow::side, trading::Side::Sell);
}

market::SessionPhase close_of_a_session() {
  market::SessionPhase phase;
  phase.phase = market::Phase::Close;
  phase.session.date = std::chrono::year{2019} / 2 / 11;
  return phase;
}

TEST(RecordCodec, RefusesPhasesFlagsAndDatesOutOfRange) {
  const Bytes good = bytes_of(close_of_a_session());
  const auto with_byte = [](Bytes bytes, std::size_t place, int value) {
    bytes[place] = static_cast<std::byte>(value);
    return bytes;
  };
  ASSERT_TRUE(decode(RecordKind::SessionPhase, good).has_value());
  EXPECT_TRUE(is_corrupt(decode(RecordKind::SessionPhase, with_byte(good, 0, 3))));
  EXPECT_TRUE(is_corrupt(decode(RecordKind::SessionPhase, with_byte(good, 3, 0x7F))))
      << "a date in the far future";

  const Bytes quote = bytes_of(market::Quote{});
  EXPECT_TRUE(is_corrupt(decode(RecordKind::Quote, with_byte(quote, quote.size() - 1, 2))))
      << "an optional is there or not";
}

TEST(RecordCodec, RefusesAMultiplierOfZero) {
  market::Instrument instrument;
  instrument.multiplier = core::Multiplier{0};

  EXPECT_TRUE(is_corrupt(decode(RecordKind::InstrumentDefined, bytes_of(instrument))));
}

TEST(RecordCodec, RefusesATickThatPricesCannotStandOn) {
  market::Instrument instrument;
  for (const std::int64_t tick : {0, -1}) {
    instrument.tick = core::Price::from_raw(tick);
    EXPECT_TRUE(is_corrupt(decode(RecordKind::InstrumentDefined, bytes_of(instrument)))) << tick;
  }
}

TEST(RecordCodec, RefusesLengthsBeyondTheRecordWithoutTakingMemory) {
  RiskEventRow row;
  row.message = "x";
  Bytes text = bytes_of(row);
  RoundTripRow trip;
  Bytes list = bytes_of(trip);
  for (std::size_t i = 0; i < 4; ++i) {
    text[text.size() - 2 - i] = std::byte{0xFF};
    list[list.size() - 1 - i] = std::byte{0xFF};
  }

  EXPECT_TRUE(is_corrupt(decode(RecordKind::RiskEvent, text)));
  EXPECT_TRUE(is_corrupt(decode(RecordKind::RoundTrip, list)));
}

TEST(RecordCodec, RefusesKindsThatItDoesNotKnow) {
  int known = 0;
  for (int number = 0; number < 65'536; ++number) {
    const auto kind = static_cast<RecordKind>(number);
    const bool is_known =
        std::find(kRecordKinds.begin(), kRecordKinds.end(), kind) != kRecordKinds.end();
    known += is_known ? 1 : 0;
    ASSERT_EQ(name_of(kind) != "unknown", is_known) << number;
    ASSERT_TRUE(is_known || is_corrupt(decode(kind, {}))) << number;
  }
  EXPECT_EQ(known, static_cast<int>(kRecordKinds.size()));
}

TEST(RecordCodec, SaysWhatIsWrong) {
  const Bytes bytes = bytes_of(TimerFired{});

  EXPECT_EQ(decode(RecordKind::TimerFired, std::span{bytes}.first(3)).error().message,
            "a timer_fired record of 3 bytes is cut short or out of range");
  EXPECT_EQ(decode(static_cast<RecordKind>(999), {}).error().message,
            "record kind 999 is not known");
}

TEST(RecordCodec, UsesItsBufferAgain) {
  PayloadBuffer buffer;
  RiskEventRow row;
  row.message = std::string(5'000, 'x');
  encode(row, buffer);
  const std::byte* memory = buffer.view().data();

  encode(TimerFired{}, buffer);
  EXPECT_EQ(buffer.view().size(), bytes_of(TimerFired{}).size());
  encode(row, buffer);

  EXPECT_EQ(buffer.view().data(), memory);
}

TEST(RecordCodecDeathTest, WritesNothingThatItCouldNotRead) {
  PayloadBuffer buffer;
  RiskEventRow row;
  row.message = std::string((std::size_t{1} << 24) + 1, 'x');
  BotDayRow day;
  day.session = core::Date{};

  EXPECT_DEATH(encode(row, buffer), "a text fits its record");
  EXPECT_DEATH(encode(day, buffer), "a date in a record is one of the calendar's time");
}

}  // namespace
}  // namespace st0ck::kernel
