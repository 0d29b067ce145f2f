#include "src/app/commands/bar_files.hpp"

#include "st0ck/core/ids.hpp"
#include "st0ck/market/csv/byte_source.hpp"
#include "st0ck/market/csv/csv_rows.hpp"
#include "st0ck/market/csv/csv_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <system_error>

namespace st0ck::app {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr int kRowsLookedAt = 1000;

// No two bars of one session are further apart; what is, are whole sessions.
constexpr core::Duration kSessionLength = 6h + 30min;

constexpr std::array kKinds{
    BarFileKind{"st0ck", &market::kBarCsv, "UTC with a zone, epoch ns, or dates; start of the bar",
                "SYMBOL.csv, SYMBOL.csv.gz"},
    BarFileKind{"us-equity-minute-2019", &market::kMinute2019Csv,
                "New York, end of the bar; dates in daily/", "1min/SYMBOL.csv.gz"},
    BarFileKind{"us-equity-daily", &market::kEquityDailyCsv, "dates", "SYMBOL.csv.gz"},
};

/// As the daemon looks for them.
bool is_named_by_symbol(const fs::path& path) {
  const std::string name = path.filename().string();
  if (!name.ends_with(".csv") && !name.ends_with(".csv.gz")) return false;
  return core::parse_symbol(symbol_of(path)).has_value();
}

core::Result<market::CsvRows> open_rows(const fs::path& path, const market::CsvFormat& format) {
  auto bytes = market::open_bytes(path);
  if (!bytes) return core::at(path.string(), bytes.error());
  market::CsvRows rows{path.string(), std::move(*bytes), format};
  if (const auto header = rows.read_header(); !header) return tl::unexpected(header.error());
  return rows;
}

/// Finds the kind whose columns the header names; the message of our own kind where none fits.
core::Result<const BarFileKind*> kind_of(const fs::path& path) {
  std::optional<core::Error> first;
  for (const BarFileKind& kind : kKinds) {
    const auto rows = open_rows(path, *kind.format);
    if (rows) return &kind;
    if (!first) first = rows.error();
  }
  return tl::unexpected(*first);
}

/// Bad rows are left to the reader, which says what is wrong with them.
market::BarInterval interval_of(market::CsvRows& rows, const market::CsvFormat& format) {
  market::CsvTimes times{format.time};
  std::optional<core::Timestamp> last;
  std::optional<core::Duration> shortest;
  for (int row = 0; row < kRowsLookedAt; ++row) {
    const auto more = rows.next();
    if (!more || !*more) break;
    const auto moment = times.read(rows.field(market::CsvColumn::Time));
    if (!moment) break;
    if (moment->date) return market::BarInterval::session();
    const auto between = last ? moment->time - *last : core::Duration::zero();
    if (between > core::Duration::zero()) shortest = std::min(shortest.value_or(between), between);
    last = moment->time;
  }
  if (!shortest) return market::BarInterval::minutes(1);
  return *shortest > kSessionLength ? market::BarInterval::session()
                                    : market::BarInterval::of(*shortest);
}

}  // namespace

std::span<const BarFileKind> bar_file_kinds() { return kKinds; }

std::string symbol_of(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.rfind(".csv"));
}

core::Result<std::vector<fs::path>> bar_files_in(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return std::vector<fs::path>{path};
  if (!fs::is_directory(path, error))
    return core::fail(core::Errc::NotFound, "{}: no such file or folder", path.string());
  const fs::path minutes = path / "1min";
  const fs::path folder = fs::is_directory(minutes, error) ? minutes : path;
  std::vector<fs::path> files;
  for (fs::directory_iterator file{folder, error}, end; !error && file != end;
       file.increment(error))
    if (is_named_by_symbol(file->path())) files.push_back(file->path());
  if (error)
    return core::fail(core::Errc::Io, "{}: cannot be listed: {}", folder.string(), error.message());
  if (files.empty())
    return core::fail(core::Errc::NotFound,
                      "{}: no bar files there, allowed are SYMBOL.csv and SYMBOL.csv.gz",
                      folder.string());
  std::ranges::sort(files);
  return files;
}

core::Result<BarFile> examine_bar_file(const fs::path& path,
                                       std::optional<market::BarInterval> interval) {
  const auto kind = kind_of(path);
  if (!kind) return tl::unexpected(kind.error());
  auto rows = open_rows(path, *(*kind)->format);
  if (!rows) return tl::unexpected(rows.error());
  BarFile file;
  file.path = path;
  file.symbol = symbol_of(path);
  file.kind = *kind;
  file.has_vwap_or_trades =
      rows->has(market::CsvColumn::Vwap) || rows->has(market::CsvColumn::TradeCount);
  file.interval = interval ? *interval : interval_of(*rows, *(*kind)->format);
  return file;
}

core::Result<std::unique_ptr<market::CsvBarReader>> open_bars(const BarFile& file) {
  market::CsvBarReader::Settings settings;
  settings.interval = file.interval;
  return market::CsvBarReader::open(file.path, *file.kind->format, settings);
}

core::Result<market::BarInterval> parse_interval(std::string_view text) {
  if (text == "session") return market::BarInterval::session();
  int count = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), count);
  const std::string_view unit{end, static_cast<std::size_t>(text.end() - end)};
  constexpr int kCountMax = 3600;
  if (error == std::errc{} && count >= 1 && count <= kCountMax) {
    if (unit == "s") return market::BarInterval::of(std::chrono::seconds{count});
    if (unit == "m") return market::BarInterval::minutes(count);
    if (unit == "h") return market::BarInterval::of(std::chrono::hours{count});
  }
  return core::fail(core::Errc::BadInput,
                    "--interval: found '{}', allowed are 30s, 1m, 5m, 1h and the like, or session",
                    text);
}

}  // namespace st0ck::app
