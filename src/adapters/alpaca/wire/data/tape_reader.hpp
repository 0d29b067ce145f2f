#pragma once

#include "fields.hpp"
#include "st0ck/adapters/alpaca/wire/data/tape.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

/// Reads typed values from the fields of one message and remembers the first that was refused, so
/// that a caller may read on and ask once at the end.
class FieldReader {
 public:
  explicit FieldReader(const Fields& fields) : fields_{fields} {}

  Refusal refusal() const { return refusal_; }
  Field refused_field() const { return refused_field_; }
  std::uint64_t vwaps_dropped() const { return vwaps_dropped_; }

  core::Price price(Field field);
  core::Volume volume(Field field);
  core::Timestamp time(Field field);
  std::uint64_t count(Field field);
  std::string_view text(Field field);

  // May be absent:

  market::SaleConditions conditions(Field field);
  char letter(Field field);  ///< A blank where it is absent or empty.
  std::optional<std::uint64_t> optional_count(Field field);
  std::optional<std::uint32_t> trade_count();
  std::optional<core::Price> vwap();
  core::Code code(Field field);
  std::string optional_text(Field field);

 private:
  void refuse(Field field, Refusal refusal);

  const Fields& fields_;
  Refusal refusal_ = Refusal::None;
  Field refused_field_ = Field::None;
  std::uint64_t vwaps_dropped_ = 0;
};

TapeTrade read_trade(FieldReader& fields);
TapeQuote read_quote(FieldReader& fields);
TapeBar read_bar(FieldReader& fields);
TapeStatus read_status(FieldReader& fields);
TapeBands read_bands(FieldReader& fields);
TapeCorrection read_correction(FieldReader& fields);
TapeCancel read_cancel(FieldReader& fields);

}  // namespace st0ck::alpaca
