#include "st0ck/market/csv/csv_tick_reader.hpp"

#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace st0ck::market {

using core::Error;
using core::Result;
using core::Status;

namespace {

template <typename Tick>
constexpr const CsvFormat& format_of() {
  if constexpr (std::is_same_v<Tick, Quote>)
    return kQuoteCsv;
  else
    return kTradeCsv;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Status read_price_into(core::Price& price, CsvRows& rows, CsvColumn column) {
  const auto read = read_price(rows.field(column));
  if (!read) return rows.bad_field(column, price_allowed(rows.field(column)));
  price = *read;
  return {};
}

Status read_volume_into(core::Volume& volume, CsvRows& rows, CsvColumn column) {
  const auto read = read_volume(rows.field(column));
  if (!read) return rows.bad_field(column, volume_allowed(rows.field(column)));
  volume = *read;
  return {};
}

Status read_values(CsvRows& rows, Quote& quote) {
  if (const Status read = read_price_into(quote.bid, rows, CsvColumn::Bid); !read) return read;
  if (const Status read = read_volume_into(quote.bid_size, rows, CsvColumn::BidSize); !read)
    return read;
  if (const Status read = read_price_into(quote.ask, rows, CsvColumn::Ask); !read) return read;
  if (const Status read = read_volume_into(quote.ask_size, rows, CsvColumn::AskSize); !read)
    return read;
  if (const auto defect = defect_of(quote))
    return rows.bad_row(fmt::format("{}: ask {} below bid {}", *defect, quote.ask.to_string(),
                                    quote.bid.to_string()),
                        "bid <= ask", "bid,ask");
  return {};
}

Status read_values(CsvRows& rows, Trade& trade) {
  if (const Status read = read_price_into(trade.price, rows, CsvColumn::Price); !read) return read;
  if (const Status read = read_volume_into(trade.size, rows, CsvColumn::Size); !read) return read;
  if (const auto defect = defect_of(trade))
    return rows.bad_field(CsvColumn::Size, "a decimal above zero");
  const std::string_view conditions = rows.field(CsvColumn::Conditions);
  if (!SaleConditions::fits(conditions) || !is_printable(conditions))
    return rows.bad_field(CsvColumn::Conditions,
                          fmt::format("up to {} letters", SaleConditions::kCapacity));
  trade.conditions = SaleConditions{conditions};
  const std::string_view exchange = rows.field(CsvColumn::Exchange);
  if (exchange.size() > 1 || !is_printable(exchange))
    return rows.bad_field(CsvColumn::Exchange, "one letter, or nothing");
  trade.exchange = exchange.empty() ? ' ' : exchange.front();
  return {};
}

}  // namespace

template <typename Tick>
CsvTickReader<Tick>::CsvTickReader(std::string name, std::unique_ptr<ByteSource> bytes,
                                   const CsvTickSettings& settings)
    : rows_{std::move(name), std::move(bytes), format_of<Tick>()},
      settings_{settings},
      times_{format_of<Tick>().time},
      sessions_{settings.calendar} {}

template <typename Tick>
Result<std::unique_ptr<CsvTickReader<Tick>>> CsvTickReader<Tick>::open(
    const std::filesystem::path& path, const CsvTickSettings& settings) {
  auto bytes = open_bytes(path);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return checked(std::unique_ptr<CsvTickReader>(
      new CsvTickReader(path.string(), std::move(*bytes), settings)));
}

template <typename Tick>
Result<std::unique_ptr<CsvTickReader<Tick>>> CsvTickReader<Tick>::over(
    std::string name, std::string_view bytes, const CsvTickSettings& settings) {
  return checked(std::unique_ptr<CsvTickReader>(
      new CsvTickReader(std::move(name), bytes_in_memory(bytes), settings)));
}

template <typename Tick>
Result<std::unique_ptr<CsvTickReader<Tick>>> CsvTickReader<Tick>::checked(
    std::unique_ptr<CsvTickReader> reader) {
  const Status header = reader->rows_.read_header();
  if (!header) return tl::unexpected<Error>(header.error());
  return reader;
}

template <typename Tick>
Result<std::optional<Tick>> CsvTickReader<Tick>::next() {
  Tick tick;
  tick.instrument = settings_.instrument;
  for (;;) {
    const auto row = rows_.next();
    if (!row) return tl::unexpected<Error>(row.error());
    if (!*row) return std::nullopt;
    if (const Status values = read_values(rows_, tick); !values)
      return tl::unexpected<Error>(values.error());
    const auto taken = read_time(tick);
    if (!taken) return tl::unexpected<Error>(taken.error());
    if (*taken) {
      ++counters_.ticks;
      return tick;
    }
    ++counters_.skipped_outside_hours;
  }
}

/// False for a row that is outside the hours asked for.
template <typename Tick>
Result<bool> CsvTickReader<Tick>::read_time(Tick& tick) {
  const auto moment = times_.read(rows_.field(CsvColumn::Time));
  if (!moment || moment->date)
    return rows_.bad_field(CsvColumn::Time,
                           "a UTC time like 2019-02-11T14:30:00Z, or epoch nanoseconds");
  tick.time = moment->time;
  if (last_time_ && tick.time < *last_time_)
    return rows_.bad_field(CsvColumn::Time, fmt::format("{}, the row before, or later",
                                                        core::format_utc(*last_time_)));
  last_time_ = tick.time;
  const core::Session* session = sessions_.on_date_of(tick.time);
  if (session == nullptr) {
    const auto date = core::to_new_york(tick.time).date;
    return rows_.bad_row(
        fmt::format("{}, on which the exchange is closed ({})", core::format_date(date),
                    settings_.calendar.closure_reason(date)),
        "a session of XNYS", rows_.name_of(CsvColumn::Time));
  }
  return settings_.keep_extended_hours || is_regular_hours(*session, tick.time);
}

template class CsvTickReader<Quote>;
template class CsvTickReader<Trade>;

}  // namespace st0ck::market
