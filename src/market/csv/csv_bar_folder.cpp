#include "st0ck/market/csv/csv_bar_folder.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <system_error>

namespace st0ck::market {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;
using core::fail;
using core::Result;

namespace {

constexpr std::array<std::string_view, 2> kEndings{".csv", ".csv.gz"};

}  // namespace

Result<CsvBarFolder> CsvBarFolder::open(const fs::path& root) {
  std::error_code ignored;
  if (!fs::is_directory(root, ignored))
    return fail(Errc::NotFound, "{}: no such folder, allowed is a folder of bar files",
                root.string());
  const fs::path minutes = root / "1min";
  if (fs::is_directory(minutes, ignored)) return CsvBarFolder{minutes, kMinute2019Csv};
  return CsvBarFolder{root, kBarCsv};
}

Result<std::unique_ptr<CsvBarReader>> CsvBarFolder::bars_of(
    const core::Symbol& symbol, const CsvBarReader::Settings& settings) const {
  // A symbol may hold a slash, a file's name may not.
  std::string name = symbol.str();
  std::ranges::replace(name, '/', '_');
  for (const std::string_view ending : kEndings) {
    const fs::path path = folder_ / (name + std::string{ending});
    std::error_code ignored;
    if (fs::exists(path, ignored)) return CsvBarReader::open(path, *format_, settings);
  }
  return fail(Errc::NotFound, "{}: no file for the symbol {}, allowed are {}.csv and {}.csv.gz",
              folder_.string(), symbol.view(), name, name);
}

Result<std::vector<core::Symbol>> CsvBarFolder::symbols() const {
  std::vector<core::Symbol> found;
  std::error_code error;
  for (fs::directory_iterator file{folder_, error}, end; !error && file != end;
       file.increment(error)) {
    const std::string name = file->path().filename().string();
    for (const std::string_view ending : kEndings) {
      if (!name.ends_with(ending)) continue;
      const auto symbol = core::parse_symbol(name.substr(0, name.size() - ending.size()));
      if (symbol) found.push_back(*symbol);
    }
  }
  if (error) return fail(Errc::Io, "{}: cannot be listed: {}", folder_.string(), error.message());
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return found;
}

}  // namespace st0ck::market
