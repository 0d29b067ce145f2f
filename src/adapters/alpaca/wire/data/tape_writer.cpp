#include "tape_writer.hpp"

namespace st0ck::alpaca {

namespace {

/// Writes the fields of one row.
class Row {
 public:
  Row(Writer& writer, const RowHead& head, std::size_t fields) : writer_{writer} {
    writer.begin_object(head.fields() + fields);
    if (!head.type.empty()) text("T", head.type);
    if (!head.symbol.empty()) text("S", head.symbol);
  }
  ~Row() { writer_.end_object(); }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

  Row& text(std::string_view key, std::string_view value) {
    writer_.key(key);
    writer_.text(value);
    return *this;
  }

  /// A letter that is not known is an empty text.
  Row& letter(std::string_view key, char value) {
    return text(key, value == ' ' ? std::string_view{} : std::string_view{&value, 1});
  }

  Row& count(std::string_view key, std::uint64_t value) {
    writer_.key(key);
    writer_.count(value);
    return *this;
  }

  template <typename Tag, int Digits>
  Row& number(std::string_view key, core::FixedPoint<Tag, Digits> value) {
    writer_.key(key);
    writer_.decimal(value.raw(), Digits);
    return *this;
  }

  Row& time(core::Timestamp value) {
    writer_.key("t");
    writer_.time(value);
    return *this;
  }

  Row& conditions(std::string_view key, const market::SaleConditions& conditions) {
    writer_.key(key);
    writer_.begin_array(conditions.size());
    for (const char& letter : conditions.view()) writer_.text({&letter, 1});
    writer_.end_array();
    return *this;
  }

  Row& conditions(const market::SaleConditions& letters, TapeProduct product) {
    if (product == TapeProduct::Option) return text("c", letters.view());
    return conditions("c", letters);
  }

 private:
  Writer& writer_;
};

}  // namespace

void write(Writer& writer, const RowHead& head, const TapeTrade& trade, TapeProduct product) {
  const bool is_stock = product == TapeProduct::Stock;
  Row row{writer, head, 5U + (trade.id ? 1U : 0U) + (is_stock ? 1U : 0U)};
  row.time(trade.time)
      .letter("x", trade.exchange)
      .number("p", trade.price)
      .number("s", trade.size)
      .conditions(trade.conditions, product);
  if (trade.id) row.count("i", *trade.id);
  if (is_stock) row.letter("z", trade.tape);
}

void write(Writer& writer, const RowHead& head, const TapeQuote& quote, TapeProduct product) {
  const bool is_stock = product == TapeProduct::Stock;
  Row row{writer, head, 8U + (is_stock ? 1U : 0U)};
  row.time(quote.time)
      .letter("bx", quote.bid_exchange)
      .number("bp", quote.bid)
      .number("bs", quote.bid_size)
      .letter("ax", quote.ask_exchange)
      .number("ap", quote.ask)
      .number("as", quote.ask_size)
      .conditions(quote.conditions, product);
  if (is_stock) row.letter("z", quote.tape);
}

// Typed clients insist on numbers: a count or average that is not known is 0.
void write(Writer& writer, const RowHead& head, const TapeBar& bar) {
  Row{writer, head, 8}
      .time(bar.start)
      .number("o", bar.open)
      .number("h", bar.high)
      .number("l", bar.low)
      .number("c", bar.close)
      .number("v", bar.volume)
      .count("n", bar.trade_count.value_or(0))
      .number("vw", bar.vwap.value_or(core::Price{}));
}

void write(Writer& writer, const RowHead& head, const TapeStatus& status) {
  Row{writer, head, 6}
      .text("sc", status.status_code.view())
      .text("sm", status.status_message)
      .text("rc", status.reason_code.view())
      .text("rm", status.reason_message)
      .time(status.time)
      .letter("z", status.tape);
}

void write(Writer& writer, const RowHead& head, const TapeBands& bands) {
  Row{writer, head, 5}
      .number("u", bands.up)
      .number("d", bands.down)
      .letter("i", bands.indicator)
      .time(bands.time)
      .letter("z", bands.tape);
}

void write(Writer& writer, const RowHead& head, const TapeCorrection& correction) {
  Row{writer, head, 11}
      .letter("x", correction.exchange)
      .count("oi", correction.original.id)
      .number("op", correction.original.price)
      .number("os", correction.original.size)
      .conditions("oc", correction.original.conditions)
      .count("ci", correction.corrected.id)
      .number("cp", correction.corrected.price)
      .number("cs", correction.corrected.size)
      .conditions("cc", correction.corrected.conditions)
      .time(correction.time)
      .letter("z", correction.tape);
}

void write(Writer& writer, const RowHead& head, const TapeCancel& cancel) {
  Row{writer, head, 7}
      .count("i", cancel.id)
      .letter("x", cancel.exchange)
      .number("p", cancel.price)
      .number("s", cancel.size)
      .letter("a", cancel.action)
      .time(cancel.time)
      .letter("z", cancel.tape);
}

}  // namespace st0ck::alpaca
