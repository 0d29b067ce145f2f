#include "st0ck/adapters/alpaca/wire/data/snapshot.hpp"

#include "row_json.hpp"
#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

namespace st0ck::alpaca {

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Greeks>
void describe(Fields& fields, T& greeks) {
  fields.if_set("delta", greeks.delta);
  fields.if_set("gamma", greeks.gamma);
  fields.if_set("theta", greeks.theta);
  fields.if_set("vega", greeks.vega);
  fields.if_set("rho", greeks.rho);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, MostActive>
void describe(Fields& fields, T& active) {
  fields.field("symbol", active.symbol);
  fields.number("volume", active.volume);
  fields.field("trade_count", active.trade_count);
}

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, MostActives>
void describe(Fields& fields, T& actives) {
  fields.or_empty_list("most_actives", actives.most_actives);
  fields.field("last_updated", actives.last_updated);
}

namespace {

using core::Errc;

template <typename Row>
core::Status read_part(Value snapshot, std::string_view key, std::optional<Row>& part) {
  const Value object = snapshot[key];
  if (object.scalar().is_absent()) return {};
  const auto row = read_row<Row>(object);
  if (!row) return core::at(key, row.error());
  part = *row;
  return {};
}

core::Result<Snapshot> read_snapshot(Value object) {
  Snapshot snapshot;
  Problem problem;
  ObjectReader fields{object, problem};
  fields.field("greeks", snapshot.greeks);
  fields.field("impliedVolatility", snapshot.implied_volatility);
  if (problem.exists()) return tl::unexpected<core::Error>(error_of("snapshot", problem));
  core::Status status = read_part(object, "latestTrade", snapshot.latest_trade);
  if (status) status = read_part(object, "latestQuote", snapshot.latest_quote);
  if (status) status = read_part(object, "minuteBar", snapshot.minute_bar);
  if (status) status = read_part(object, "dailyBar", snapshot.daily_bar);
  if (status) status = read_part(object, "prevDailyBar", snapshot.previous_daily_bar);
  if (!status) return tl::unexpected<core::Error>(status.error());
  return snapshot;
}

core::Status add_snapshots(Value map, std::map<std::string, Snapshot>& snapshots) {
  if (map.scalar().is_absent()) return {};
  if (!map.is_object()) return core::fail(Errc::BadInput, "snapshots: is not an object");
  for (const Value element : map) {
    if (element.scalar().is_absent()) continue;
    auto snapshot = read_snapshot(element);
    if (!snapshot) return core::at(element.key(), snapshot.error());
    snapshots.insert_or_assign(std::string{element.key()}, std::move(*snapshot));
  }
  return {};
}

template <typename Row>
void write_part(JsonWriter& writer, std::string_view key, const std::optional<Row>& part,
                TapeProduct product) {
  if (!part) return;
  writer.key(key);
  write_row(writer, *part, product);
}

void write_parts(JsonWriter& writer, const Snapshot& snapshot, TapeProduct product) {
  write_part(writer, "latestTrade", snapshot.latest_trade, product);
  write_part(writer, "latestQuote", snapshot.latest_quote, product);
  write_part(writer, "minuteBar", snapshot.minute_bar, product);
  write_part(writer, "dailyBar", snapshot.daily_bar, product);
  write_part(writer, "prevDailyBar", snapshot.previous_daily_bar, product);
  if (snapshot.greeks) {
    writer.key("greeks");
    ObjectWriter greeks{writer};
    describe(greeks, *snapshot.greeks);
  }
  if (snapshot.implied_volatility) {
    writer.key("impliedVolatility");
    writer.real(*snapshot.implied_volatility);
  }
}

void write_map(JsonWriter& writer, const std::map<std::string, Snapshot>& snapshots,
               TapeProduct product) {
  writer.begin_object();
  for (const auto& [symbol, snapshot] : snapshots) {
    writer.key(symbol);
    writer.begin_object();
    write_parts(writer, snapshot, product);
    writer.end_object();
  }
  writer.end_object();
}

}  // namespace

core::Result<std::map<std::string, Snapshot>> read_stock_snapshots(std::string_view body) {
  Document document;
  const auto read = document.read_json(body);
  if (!read) return core::at("snapshots", read.error());
  std::map<std::string, Snapshot> snapshots;
  const Scalar& symbol = (*read)["symbol"].scalar();
  if (symbol.kind == Scalar::Kind::Text) {
    auto snapshot = read_snapshot(*read);
    if (!snapshot) return core::at(symbol.text, snapshot.error());
    snapshots.emplace(symbol.text, std::move(*snapshot));
    return snapshots;
  }
  if (const auto status = add_snapshots(*read, snapshots); !status)
    return tl::unexpected<core::Error>(status.error());
  return snapshots;
}

std::string stock_snapshots_json(const std::map<std::string, Snapshot>& snapshots) {
  std::string out;
  JsonWriter writer{out};
  write_map(writer, snapshots, TapeProduct::Stock);
  return out;
}

std::string stock_snapshot_json(std::string_view symbol, const Snapshot& snapshot) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  writer.key("symbol");
  writer.text(symbol);
  write_parts(writer, snapshot, TapeProduct::Stock);
  writer.end_object();
  return out;
}

core::Result<SnapshotPage> read_option_snapshots(std::string_view body) {
  Document document;
  const auto read = document.read_json(body);
  if (!read) return core::at("option snapshots", read.error());
  SnapshotPage page;
  Problem problem;
  ObjectReader fields{*read, problem};
  fields.field("next_page_token", page.next_page_token);
  if (problem.exists()) return tl::unexpected<core::Error>(error_of("option snapshots", problem));
  if (const auto status = add_snapshots((*read)["snapshots"], page.snapshots); !status)
    return tl::unexpected<core::Error>(status.error());
  return page;
}

std::string option_snapshots_json(const SnapshotPage& page) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_object();
  writer.key("snapshots");
  write_map(writer, page.snapshots, TapeProduct::Option);
  writer.key("next_page_token");
  if (page.next_page_token)
    writer.text(*page.next_page_token);
  else
    writer.null();
  writer.end_object();
  return out;
}

core::Result<MostActives> read_most_actives(std::string_view body) {
  return read_object<MostActives>("most actives", body);
}

std::string to_json(const MostActives& actives) { return object_json(actives); }

}  // namespace st0ck::alpaca
