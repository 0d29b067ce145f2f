#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/csv/csv_bar_reader.hpp"

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

namespace st0ck::market {

/// A folder of bar files, one per symbol: either our own CSV (`SYMBOL.csv`, `SYMBOL.csv.gz`) or
/// the root of the minute set `us-equity-minute-2019`, told by its folder `1min`.
class CsvBarFolder {
 public:
  /// `NotFound` when there is no such folder.
  static core::Result<CsvBarFolder> open(const std::filesystem::path& root);

  /// Starts reading a symbol's bars; `NotFound` names the file that was looked for.
  core::Result<std::unique_ptr<CsvBarReader>> bars_of(const core::Symbol& symbol,
                                                      const CsvBarReader::Settings& settings) const;

  /// The symbols that have a file, sorted.
  core::Result<std::vector<core::Symbol>> symbols() const;

  const CsvFormat& format() const { return *format_; }

 private:
  CsvBarFolder(std::filesystem::path folder, const CsvFormat& format)
      : folder_{std::move(folder)}, format_{&format} {}

  std::filesystem::path folder_;
  const CsvFormat* format_;
};

}  // namespace st0ck::market
