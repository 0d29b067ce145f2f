#pragma once

#include "src/adapters/alpaca/wire/codec/document.hpp"
#include "src/adapters/alpaca/wire/codec/writer.hpp"
#include "st0ck/core/result.hpp"
#include "tape_reader.hpp"
#include "tape_writer.hpp"

namespace st0ck::alpaca {

template <typename Row>
struct RowNames;

template <>
struct RowNames<TapeBar> {
  static constexpr std::string_view kOne = "bar";
  static constexpr std::string_view kMany = "bars";
  static TapeBar read(FieldReader& fields) { return read_bar(fields); }
};

template <>
struct RowNames<TapeTrade> {
  static constexpr std::string_view kOne = "trade";
  static constexpr std::string_view kMany = "trades";
  static TapeTrade read(FieldReader& fields) { return read_trade(fields); }
};

template <>
struct RowNames<TapeQuote> {
  static constexpr std::string_view kOne = "quote";
  static constexpr std::string_view kMany = "quotes";
  static TapeQuote read(FieldReader& fields) { return read_quote(fields); }
};

/// Reads one row of the REST interface: as on the stream, without type and symbol.
template <typename Row>
core::Result<Row> read_row(Value object) {
  if (!object.is_object())
    return core::fail(core::Errc::BadInput, "{}: is not an object", RowNames<Row>::kOne);
  Fields fields;
  fill(fields, object);
  FieldReader reader{fields};
  const Row row = RowNames<Row>::read(reader);
  if (reader.refusal() != Refusal::None)
    return core::fail(core::Errc::BadInput, "{}.{} {}", RowNames<Row>::kOne,
                      key_of(reader.refused_field()), explanation_of(reader.refusal()));
  return row;
}

inline void write_row(Writer& writer, const TapeBar& row, TapeProduct /*product*/) {
  write(writer, {}, row);
}
inline void write_row(Writer& writer, const TapeTrade& row, TapeProduct product) {
  write(writer, {}, row, product);
}
inline void write_row(Writer& writer, const TapeQuote& row, TapeProduct product) {
  write(writer, {}, row, product);
}

}  // namespace st0ck::alpaca
