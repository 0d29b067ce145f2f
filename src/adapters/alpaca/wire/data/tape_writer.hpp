#pragma once

#include "src/adapters/alpaca/wire/codec/writer.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/tape.hpp"

namespace st0ck::alpaca {

/// Which message a row is, and whose; the rows of history pages say neither.
struct RowHead {
  std::string_view type{};
  std::string_view symbol{};

  std::size_t fields() const { return (type.empty() ? 0U : 1U) + (symbol.empty() ? 0U : 1U); }
};

void write(Writer& writer, const RowHead& head, const TapeTrade& trade, TapeProduct product);
void write(Writer& writer, const RowHead& head, const TapeQuote& quote, TapeProduct product);
void write(Writer& writer, const RowHead& head, const TapeBar& bar);
void write(Writer& writer, const RowHead& head, const TapeStatus& status);
void write(Writer& writer, const RowHead& head, const TapeBands& bands);
void write(Writer& writer, const RowHead& head, const TapeCorrection& correction);
void write(Writer& writer, const RowHead& head, const TapeCancel& cancel);

}  // namespace st0ck::alpaca
