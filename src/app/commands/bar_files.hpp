#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/market/bar_interval.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"
#include "st0ck/market/csv/csv_format.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// One kind of file with bars, as people name it.
struct BarFileKind {
  std::string_view name;
  const market::CsvFormat* format = nullptr;
  std::string_view times;   ///< How its times are written and what they name.
  std::string_view layout;  ///< Which files there are.
};

/// The kinds that can be read.
std::span<const BarFileKind> bar_file_kinds();

/// A file with bars, and what its header and first rows tell of it.
struct BarFile {
  std::filesystem::path path;
  std::string symbol;  ///< From the file's name.
  const BarFileKind* kind = nullptr;
  market::BarInterval interval = market::BarInterval::minutes(1);
  bool has_vwap_or_trades = false;
};

/// What a file's name says before `.csv`.
std::string symbol_of(const std::filesystem::path& path);

/// The files of a folder that are named by a symbol, SYMBOL.csv and SYMBOL.csv.gz, sorted; of a
/// folder with `1min`, that folder's; of a file, itself. NotFound when there is none.
core::Result<std::vector<std::filesystem::path>> bar_files_in(const std::filesystem::path& path);

/// Looks into a file: its kind by the header, and as interval of its bars the shortest time
/// between two rows of the first thousand, unless `interval` says it.
core::Result<BarFile> examine_bar_file(const std::filesystem::path& path,
                                       std::optional<market::BarInterval> interval);

core::Result<std::unique_ptr<market::CsvBarReader>> open_bars(const BarFile& file);

/// Parses `30s`, `1m`, `5m`, `1h` or `session`.
core::Result<market::BarInterval> parse_interval(std::string_view text);

}  // namespace st0ck::app
