#include "tape_reader.hpp"

#include <limits>

namespace st0ck::alpaca {

using Kind = Scalar::Kind;

core::Price FieldReader::price(Field field) {
  const auto reading = decimal_of(fields_[field], core::Price::kDigits);
  if (reading.refusal != Refusal::None) refuse(field, reading.refusal);
  return core::Price::from_raw(reading.raw);
}

core::Volume FieldReader::volume(Field field) {
  const auto reading = decimal_of(fields_[field], core::Volume::kDigits);
  if (reading.refusal != Refusal::None) refuse(field, reading.refusal);
  return core::Volume::from_raw(reading.raw);
}

core::Timestamp FieldReader::time(Field field) {
  const Scalar& scalar = fields_[field];
  const auto time = time_of(scalar);
  if (!time) refuse(field, scalar.is_absent() ? Refusal::MissingField : Refusal::BadTime);
  return time.value_or(core::Timestamp{});
}

std::uint64_t FieldReader::count(Field field) {
  const auto reading = count_of(fields_[field]);
  if (reading.refusal != Refusal::None) refuse(field, reading.refusal);
  return reading.value;
}

std::string_view FieldReader::text(Field field) {
  const Scalar& scalar = fields_[field];
  if (scalar.kind == Kind::Text && !scalar.text.empty()) return scalar.text;
  const bool is_missing = scalar.is_absent() || scalar.kind == Kind::Text;
  refuse(field, is_missing ? Refusal::MissingField : Refusal::WrongType);
  return {};
}

market::SaleConditions FieldReader::conditions(Field field) {
  const Scalar& scalar = fields_[field];
  if (scalar.is_absent()) return {};
  std::string_view letters = scalar.text;
  Refusal refusal = scalar.kind == Kind::Text ? Refusal::None : Refusal::WrongType;
  if (scalar.kind == Kind::Array) {
    letters = fields_.letters_of(field).view();
    refusal = fields_.letters_of(field).refusal;
  }
  if (!market::SaleConditions::fits(letters)) refusal = Refusal::TooLong;
  if (refusal == Refusal::None) return market::SaleConditions{letters};
  refuse(field, refusal);
  return {};
}

char FieldReader::letter(Field field) {
  const Scalar& scalar = fields_[field];
  if (scalar.is_absent()) return ' ';
  if (scalar.kind != Kind::Text) {
    refuse(field, Refusal::WrongType);
    return ' ';
  }
  if (scalar.text.size() > 1) refuse(field, Refusal::TooLong);
  return scalar.text.empty() ? ' ' : scalar.text.front();
}

std::optional<std::uint64_t> FieldReader::optional_count(Field field) {
  if (fields_[field].is_absent()) return std::nullopt;
  return count(field);
}

std::optional<std::uint32_t> FieldReader::trade_count() {
  const auto trades = optional_count(Field::TradeCount);
  if (!trades) return std::nullopt;
  if (*trades > std::numeric_limits<std::uint32_t>::max())
    refuse(Field::TradeCount, Refusal::TooLarge);
  return static_cast<std::uint32_t>(*trades);
}

std::optional<core::Price> FieldReader::vwap() {
  const Scalar& scalar = fields_[Field::Vwap];
  if (scalar.is_absent()) return std::nullopt;
  const auto reading = decimal_of(scalar, core::Price::kDigits);
  if (reading.refusal == Refusal::None) return core::Price::from_raw(reading.raw);
  // An average is a quotient: one with many decimals is no reason to do without the bar.
  if (reading.refusal == Refusal::TooManyDecimals)
    ++vwaps_dropped_;
  else
    refuse(Field::Vwap, reading.refusal);
  return std::nullopt;
}

core::Code FieldReader::code(Field field) {
  const Scalar& scalar = fields_[field];
  if (scalar.is_absent()) return {};
  if (scalar.kind == Kind::Text && core::Code::fits(scalar.text)) return core::Code{scalar.text};
  refuse(field, scalar.kind == Kind::Text ? Refusal::TooLong : Refusal::WrongType);
  return {};
}

std::string FieldReader::optional_text(Field field) {
  const Scalar& scalar = fields_[field];
  if (!scalar.is_absent() && scalar.kind != Kind::Text) refuse(field, Refusal::WrongType);
  return std::string{scalar.text};
}

void FieldReader::refuse(Field field, Refusal refusal) {
  if (refusal_ != Refusal::None) return;
  refusal_ = refusal;
  refused_field_ = field;
}

TapeTrade read_trade(FieldReader& fields) {
  return {.time = fields.time(Field::Time),
          .price = fields.price(Field::Price),
          .size = fields.volume(Field::Size),
          .conditions = fields.conditions(Field::Conditions),
          .exchange = fields.letter(Field::Exchange),
          .tape = fields.letter(Field::Tape),
          .id = fields.optional_count(Field::Id)};
}

TapeQuote read_quote(FieldReader& fields) {
  return {.time = fields.time(Field::Time),
          .bid = fields.price(Field::BidPrice),
          .ask = fields.price(Field::AskPrice),
          .bid_size = fields.volume(Field::BidSize),
          .ask_size = fields.volume(Field::AskSize),
          .conditions = fields.conditions(Field::Conditions),
          .bid_exchange = fields.letter(Field::BidExchange),
          .ask_exchange = fields.letter(Field::AskExchange),
          .tape = fields.letter(Field::Tape)};
}

TapeBar read_bar(FieldReader& fields) {
  return {.start = fields.time(Field::Time),
          .open = fields.price(Field::Open),
          .high = fields.price(Field::High),
          .low = fields.price(Field::Low),
          .close = fields.price(kClose),
          .volume = fields.volume(Field::Volume),
          .trade_count = fields.trade_count(),
          .vwap = fields.vwap()};
}

TapeStatus read_status(FieldReader& fields) {
  TapeStatus status{.time = fields.time(Field::Time),
                    .status_code = {},
                    .reason_code = fields.code(Field::ReasonCode),
                    .status_message = fields.optional_text(Field::StatusMessage),
                    .reason_message = fields.optional_text(Field::ReasonMessage),
                    .tape = fields.letter(Field::Tape)};
  fields.text(Field::StatusCode);
  status.status_code = fields.code(Field::StatusCode);
  return status;
}

TapeBands read_bands(FieldReader& fields) {
  return {.time = fields.time(Field::Time),
          .up = fields.price(Field::Up),
          .down = fields.price(Field::Down),
          .indicator = fields.letter(Field::Id),
          .tape = fields.letter(Field::Tape)};
}

TapeCorrection read_correction(FieldReader& fields) {
  return {.time = fields.time(Field::Time),
          .original = {.id = fields.count(Field::OriginalId),
                       .price = fields.price(Field::OriginalPrice),
                       .size = fields.volume(Field::OriginalSize),
                       .conditions = fields.conditions(Field::OriginalConditions)},
          .corrected = {.id = fields.count(Field::CorrectedId),
                        .price = fields.price(Field::CorrectedPrice),
                        .size = fields.volume(Field::CorrectedSize),
                        .conditions = fields.conditions(Field::CorrectedConditions)},
          .exchange = fields.letter(Field::Exchange),
          .tape = fields.letter(Field::Tape)};
}

TapeCancel read_cancel(FieldReader& fields) {
  return {.time = fields.time(Field::Time),
          .id = fields.count(Field::Id),
          .price = fields.price(Field::Price),
          .size = fields.volume(Field::Size),
          .exchange = fields.letter(Field::Exchange),
          .action = fields.letter(Field::Action),
          .tape = fields.letter(Field::Tape)};
}

market::Trade to_market(core::InstrumentId instrument, const TapeTrade& trade) {
  return {.instrument = instrument,
          .time = trade.time,
          .price = trade.price,
          .size = trade.size,
          .conditions = trade.conditions,
          .exchange = trade.exchange};
}

market::Quote to_market(core::InstrumentId instrument, const TapeQuote& quote) {
  return {.instrument = instrument,
          .time = quote.time,
          .bid = quote.bid,
          .ask = quote.ask,
          .bid_size = quote.bid_size,
          .ask_size = quote.ask_size,
          .derived_fresh_until = std::nullopt};
}

}  // namespace st0ck::alpaca
