#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/market/events.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace st0ck::market {

/// Which columns a file of bars has.
enum class BarColumns : std::uint8_t { Basic, WithVwapAndTrades };

/// The header lines of our formats, with their line feed.
std::string bar_csv_header(BarColumns columns);
std::string quote_csv_header();
std::string trade_csv_header();

/// Append one row with its line feed, exactly as the readers take it: stamped by the start, in
/// UTC.
void append_csv(std::string& text, const Bar& bar, BarColumns columns);
void append_csv(std::string& text, const Quote& quote);
void append_csv(std::string& text, const Trade& trade);

/// Writes a text file that appears under its name only when it is complete; as gzip when the name
/// ends with `.gz`.
///
/// Until `commit` it is `NAME.partial` beside its place; without `commit` that is removed again.
/// Any thread, one at a time; blocks on the disk.
class CsvFile {
 public:
  static core::Result<std::unique_ptr<CsvFile>> create(const std::filesystem::path& path);
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  /// `NoSpace`, `ReadOnly` or `Io` when the disk refuses; nothing more is written then.
  core::Status write(std::string_view text);

  /// Finishes the file and puts it in its place, replacing what was there.
  core::Status commit();

 private:
  struct Stream;

  CsvFile(std::filesystem::path path, std::unique_ptr<Stream> stream);

  std::filesystem::path path_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace st0ck::market
