#include "st0ck/market/csv/csv_writer.hpp"

#include "st0ck/core/time_text.hpp"
#include "st0ck/market/csv/csv_format.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

namespace st0ck::market {

namespace fs = std::filesystem;
using core::Errc;
using core::fail;
using core::Result;
using core::Status;

namespace {

std::string header_of(const CsvFormat& format, bool with_optional) {
  std::string header;
  for (const CsvColumnName& column : format.columns) {
    if (column.optional && !with_optional) continue;
    if (!header.empty()) header += ',';
    header += column.name;
  }
  return header + '\n';
}

Errc code_of(int reason) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT: return Errc::NoSpace;
    case EROFS:
    case EACCES:
    case EPERM: return Errc::ReadOnly;
    default: return Errc::Io;
  }
}

fs::path partial(fs::path path) { return path += ".partial"; }

tl::unexpected<core::Error> cannot_write(const fs::path& path, int reason) {
  return fail(code_of(reason), "{}: cannot be written: {}", path.string(),
              reason == 0 ? "zlib error" : std::generic_category().message(reason));
}

}  // namespace

std::string bar_csv_header(BarColumns columns) {
  return header_of(kBarCsv, columns == BarColumns::WithVwapAndTrades);
}

std::string quote_csv_header() { return header_of(kQuoteCsv, true); }

std::string trade_csv_header() { return header_of(kTradeCsv, true); }

void append_csv(std::string& text, const Bar& bar, BarColumns columns) {
  fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{}", core::format_utc(bar.start),
                 bar.open.to_string(), bar.high.to_string(), bar.low.to_string(),
                 bar.close.to_string(), bar.volume.to_string());
  if (columns == BarColumns::WithVwapAndTrades) {
    text += ',';
    if (bar.vwap) text += bar.vwap->to_string();
    text += ',';
    if (bar.trade_count) text += std::to_string(*bar.trade_count);
  }
  text += '\n';
}

void append_csv(std::string& text, const Quote& quote) {
  fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", core::format_utc(quote.time),
                 quote.bid.to_string(), quote.bid_size.to_string(), quote.ask.to_string(),
                 quote.ask_size.to_string());
}

void append_csv(std::string& text, const Trade& trade) {
  fmt::format_to(std::back_inserter(text), "{},{},{},{},", core::format_utc(trade.time),
                 trade.price.to_string(), trade.size.to_string(), trade.conditions.view());
  if (trade.exchange != ' ') text += trade.exchange;
  text += '\n';
}

struct CsvFile::Stream {
  gzFile file = nullptr;

  ~Stream() {
    if (file != nullptr) gzclose(file);
  }
};

CsvFile::CsvFile(fs::path path, std::unique_ptr<Stream> stream)
    : path_{std::move(path)}, stream_{std::move(stream)} {}

CsvFile::~CsvFile() {
  if (!stream_) return;
  stream_.reset();
  std::error_code ignored;
  fs::remove(partial(path_), ignored);
}

Result<std::unique_ptr<CsvFile>> CsvFile::create(const fs::path& path) {
  // T writes the text as it is.
  const char* const mode = path.extension() == ".gz" ? "wb6" : "wbT";
  errno = 0;
  auto stream = std::make_unique<Stream>();
  stream->file = gzopen(partial(path).c_str(), mode);
  if (stream->file == nullptr) return cannot_write(path, errno);
  return std::unique_ptr<CsvFile>(new CsvFile(path, std::move(stream)));
}

Status CsvFile::write(std::string_view text) {
  if (!stream_) return cannot_write(path_, EBADF);
  errno = 0;
  if (text.empty() || gzfwrite(text.data(), 1, text.size(), stream_->file) == text.size())
    return {};
  return cannot_write(path_, errno);
}

Status CsvFile::commit() {
  if (!stream_) return cannot_write(path_, EBADF);
  errno = 0;
  const int closed = gzclose(std::exchange(stream_->file, nullptr));
  if (closed != Z_OK) return cannot_write(path_, errno);
  std::error_code error;
  fs::rename(partial(path_), path_, error);
  if (error) return cannot_write(path_, error.value());
  stream_.reset();
  return {};
}

}  // namespace st0ck::market
