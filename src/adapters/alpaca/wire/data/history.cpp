#include "st0ck/adapters/alpaca/wire/data/history.hpp"

#include "row_json.hpp"

namespace st0ck::alpaca {

namespace {

using core::Errc;

template <typename Row>
core::Status add_rows(Value list, std::vector<Row>& rows) {
  if (list.scalar().is_absent()) return {};
  if (!list.is_array())
    return core::fail(Errc::BadInput, "{}: is not a list", RowNames<Row>::kMany);
  for (const Value element : list) {
    const auto row = read_row<Row>(element);
    if (!row) return tl::unexpected<core::Error>(row.error());
    rows.push_back(*row);
  }
  return {};
}

template <typename Row>
core::Result<HistoryPage<Row>> read_page(std::string_view body) {
  Document document;
  const auto read = document.read_json(body);
  if (!read) return core::at(RowNames<Row>::kMany, read.error());
  if (!read->is_object())
    return core::fail(Errc::BadInput, "{}: is not an object", RowNames<Row>::kMany);
  HistoryPage<Row> page;
  const Scalar& token = (*read)["next_page_token"].scalar();
  if (token.kind == Scalar::Kind::Text) page.next_page_token = std::string{token.text};
  const Value rows = (*read)[RowNames<Row>::kMany];
  if (rows.is_object()) {
    for (const Value list : rows)
      if (const auto status = add_rows(list, page.rows[std::string{list.key()}]); !status)
        return core::at(list.key(), status.error());
    return page;
  }
  const Scalar& symbol = (*read)["symbol"].scalar();
  if (rows.scalar().is_absent()) return page;
  if (symbol.kind != Scalar::Kind::Text)
    return core::fail(Errc::BadInput, "{}: no symbol beside the list", RowNames<Row>::kMany);
  if (const auto status = add_rows(rows, page.rows[std::string{symbol.text}]); !status)
    return core::at(symbol.text, status.error());
  return page;
}

template <typename Row>
core::Result<Latest<Row>> read_latest(std::string_view body) {
  Document document;
  const auto read = document.read_json(body);
  if (!read) return core::at(RowNames<Row>::kMany, read.error());
  Latest<Row> latest;
  const auto add = [&](std::string_view symbol, Value object) -> core::Status {
    if (object.scalar().is_absent()) return {};
    const auto row = read_row<Row>(object);
    if (!row) return core::at(symbol, row.error());
    latest.insert_or_assign(std::string{symbol}, *row);
    return {};
  };
  const Value one = (*read)[RowNames<Row>::kOne];
  if (one.is_object()) {
    if (const auto status = add((*read)["symbol"].scalar().word(), one); !status)
      return tl::unexpected<core::Error>(status.error());
    return latest;
  }
  const Value many = (*read)[RowNames<Row>::kMany];
  if (!many.is_object()) {
    if (read->is_object() && many.scalar().is_absent()) return latest;
    return core::fail(Errc::BadInput, "{}: is not an object", RowNames<Row>::kMany);
  }
  for (const Value row : many)
    if (const auto status = add(row.key(), row); !status)
      return tl::unexpected<core::Error>(status.error());
  return latest;
}

template <typename Row>
void write_list(JsonWriter& writer, const std::vector<Row>& rows, TapeProduct product) {
  writer.begin_array();
  for (const Row& row : rows) write_row(writer, row, product);
  writer.end_array();
}

template <typename Row>
void write_token(JsonWriter& writer, const HistoryPage<Row>& page) {
  writer.key("next_page_token");
  if (page.next_page_token)
    writer.text(*page.next_page_token);
  else
    writer.null();
}

template <typename Row>
std::string page_json(const HistoryPage<Row>& page, TapeProduct product) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  writer.key(RowNames<Row>::kMany);
  writer.begin_object();
  for (const auto& [symbol, rows] : page.rows) {
    writer.key(symbol);
    write_list(writer, rows, product);
  }
  writer.end_object();
  write_token(writer, page);
  writer.end_object();
  return out;
}

template <typename Row>
std::string page_of_one(const HistoryPage<Row>& page, std::string_view symbol) {
  std::string out;
  JsonWriter writer{out};
  const auto found = page.rows.find(std::string{symbol});
  writer.begin_object();
  writer.key(RowNames<Row>::kMany);
  write_list(writer, found == page.rows.end() ? std::vector<Row>{} : found->second,
             TapeProduct::Stock);
  writer.key("symbol");
  writer.text(symbol);
  write_token(writer, page);
  writer.end_object();
  return out;
}

template <typename Row>
std::string latest_json(const Latest<Row>& latest, TapeProduct product) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  writer.key(RowNames<Row>::kMany);
  writer.begin_object();
  for (const auto& [symbol, row] : latest) {
    writer.key(symbol);
    write_row(writer, row, product);
  }
  writer.end_object();
  writer.end_object();
  return out;
}

template <typename Row>
std::string latest_of_one(std::string_view symbol, const Row& row) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  writer.key("symbol");
  writer.text(symbol);
  writer.key(RowNames<Row>::kOne);
  write_row(writer, row, TapeProduct::Stock);
  writer.end_object();
  return out;
}

}  // namespace

core::Result<HistoryPage<TapeBar>> read_bars_page(std::string_view body) {
  return read_page<TapeBar>(body);
}
core::Result<HistoryPage<TapeTrade>> read_trades_page(std::string_view body) {
  return read_page<TapeTrade>(body);
}
core::Result<HistoryPage<TapeQuote>> read_quotes_page(std::string_view body) {
  return read_page<TapeQuote>(body);
}

core::Result<Latest<TapeBar>> read_latest_bars(std::string_view body) {
  return read_latest<TapeBar>(body);
}
core::Result<Latest<TapeTrade>> read_latest_trades(std::string_view body) {
  return read_latest<TapeTrade>(body);
}
core::Result<Latest<TapeQuote>> read_latest_quotes(std::string_view body) {
  return read_latest<TapeQuote>(body);
}

std::string to_json(const HistoryPage<TapeBar>& page) {
  return page_json(page, TapeProduct::Stock);
}
std::string to_json(const HistoryPage<TapeTrade>& page, TapeProduct product) {
  return page_json(page, product);
}
std::string to_json(const HistoryPage<TapeQuote>& page, TapeProduct product) {
  return page_json(page, product);
}

std::string to_json(const Latest<TapeBar>& latest) {
  return latest_json(latest, TapeProduct::Stock);
}
std::string to_json(const Latest<TapeTrade>& latest, TapeProduct product) {
  return latest_json(latest, product);
}
std::string to_json(const Latest<TapeQuote>& latest, TapeProduct product) {
  return latest_json(latest, product);
}

std::string to_json_of_one(const HistoryPage<TapeBar>& page, std::string_view symbol) {
  return page_of_one(page, symbol);
}
std::string to_json_of_one(const HistoryPage<TapeTrade>& page, std::string_view symbol) {
  return page_of_one(page, symbol);
}
std::string to_json_of_one(const HistoryPage<TapeQuote>& page, std::string_view symbol) {
  return page_of_one(page, symbol);
}
std::string to_json_of_one(std::string_view symbol, const TapeBar& bar) {
  return latest_of_one(symbol, bar);
}
std::string to_json_of_one(std::string_view symbol, const TapeTrade& trade) {
  return latest_of_one(symbol, trade);
}
std::string to_json_of_one(std::string_view symbol, const TapeQuote& quote) {
  return latest_of_one(symbol, quote);
}

}  // namespace st0ck::alpaca
