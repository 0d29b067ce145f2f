#include "st0ck/market/csv/csv_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace st0ck::market {

using core::Errc;
using core::Error;
using core::Result;
using core::Status;

CsvRows::CsvRows(std::string name, std::unique_ptr<ByteSource> bytes, const CsvFormat& format)
    : name_{std::move(name)}, bytes_{std::move(bytes)}, format_{&format}, buffer_(kBufferSize) {
  places_.fill(kAbsent);
}

Status CsvRows::read_header() {
  const auto found = next_line();
  if (!found) return tl::unexpected<Error>(found.error());
  if (!*found) {
    line_ = 1;
    return bad_header("an empty file");
  }
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  if (!split_line()) return bad_header(fmt::format("more than {} columns", kColumnsMax));
  return check_columns();
}

Status CsvRows::check_columns() {
  column_count_ = field_count_;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < field_count_; ++i)
    if (const Status placed = place_column(i, seen); !placed) return placed;
  for (std::size_t i = 0; i < format_->columns.size(); ++i) {
    const CsvColumnName& column = format_->columns[i];
    if (!column.optional && (seen >> i & 1) == 0)
      return bad_header(fmt::format("no column '{}' in '{}'", column.name, shown(text_)));
  }
  return {};
}

Status CsvRows::place_column(std::size_t index, std::uint64_t& seen) {
  const auto& columns = format_->columns;
  const std::string_view name = fields_[index];
  const auto known = std::ranges::find(columns, name, &CsvColumnName::name);
  if (known == columns.end()) return bad_header(fmt::format("column '{}'", shown(name)));
  const std::uint64_t bit = std::uint64_t{1} << (known - columns.begin());
  if ((seen & bit) != 0) return bad_header(fmt::format("column '{}' twice", name));
  seen |= bit;
  if (known->column != CsvColumn::Ignored)
    places_[static_cast<std::size_t>(known->column)] = static_cast<std::uint8_t>(index);
  return {};
}

Result<bool> CsvRows::next() {
  const auto found = next_line();
  if (!found || !*found) return found;
  if (text_.empty()) return bad_row("an empty line", "a row");
  if (!split_line() || field_count_ != column_count_)
    return bad_row(field_count_ > kColumnsMax
                       ? fmt::format("more than {} columns", kColumnsMax)
                       : fmt::format("{} column{}", field_count_, field_count_ == 1 ? "" : "s"),
                   fmt::format("{} as in the header", column_count_));
  return true;
}

Result<bool> CsvRows::next_line() {
  if (error_) return tl::unexpected<Error>(*error_);
  std::size_t searched = 0;
  for (;;) {
    const char* const begin = buffer_.data() + begin_;
    const std::size_t size = end_ - begin_;
    const void* const feed = std::memchr(begin + searched, '\n', size - searched);
    if (feed != nullptr)
      return take_line(static_cast<std::size_t>(static_cast<const char*>(feed) - begin), 1);
    if (size > kLineSizeMax) return take_line(size, 0);
    searched = size;
    const auto more = fill();
    if (!more) return more;
    if (*more) continue;
    if (size == 0) return false;
    unterminated_ = true;
    return take_line(size, 0);
  }
}

/// Moves the unfinished line to the front and reads behind it; false at the end of the file.
Result<bool> CsvRows::fill() {
  if (at_end_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const std::span<char> room = std::span{buffer_}.subspan(end_);
  const auto count = bytes_->read(room);
  if (!count) {
    ++line_;
    return stop({count.error().code, fmt::format("{}:{}: {}", name_, line_, count.error().message),
                 count.error().retry});
  }
  at_end_ = *count == 0;
  end_ += *count;
  return !at_end_;
}

Result<bool> CsvRows::take_line(std::size_t size, std::size_t end_size) {
  ++line_;
  text_ = {buffer_.data() + begin_, size};
  begin_ += size + end_size;
  if (text_.ends_with('\r')) text_.remove_suffix(1);
  if (text_.size() > kLineSizeMax)
    return bad_row("a longer line", fmt::format("at most {} bytes", kLineSizeMax));
  if (!text_.empty() && std::memchr(text_.data(), '\0', text_.size()) != nullptr)
    return bad_row(fmt::format("a NUL byte in '{}'", shown(text_)), "text");
  return true;
}

/// False when there are too many fields to keep.
bool CsvRows::split_line() {
  field_count_ = 0;
  std::string_view rest = text_;
  for (;;) {
    if (field_count_ == kColumnsMax) {
      ++field_count_;
      return false;
    }
    const std::size_t comma = rest.find(',');
    fields_[field_count_++] = rest.substr(0, comma);
    if (comma == std::string_view::npos) return true;
    rest.remove_prefix(comma + 1);
  }
}

std::string_view CsvRows::name_of(CsvColumn column) const {
  const auto known = std::ranges::find(format_->columns, column, &CsvColumnName::column);
  return known == format_->columns.end() ? "?" : known->name;
}

tl::unexpected<Error> CsvRows::bad_field(CsvColumn column, std::string_view allowed) {
  return bad_row(fmt::format("'{}'", shown(field(column))), allowed, name_of(column));
}

tl::unexpected<Error> CsvRows::bad_row(std::string_view found, std::string_view allowed,
                                       std::string_view columns) {
  std::string message = fmt::format("{}:{}: ", name_, line_);
  if (!columns.empty()) message += fmt::format("column {}: ", columns);
  message += fmt::format("found {}, allowed is {}", found, allowed);
  if (unterminated_) message += " (the file has no line end here: it may be cut short)";
  return stop({Errc::BadInput, std::move(message)});
}

tl::unexpected<Error> CsvRows::bad_header(std::string_view found) {
  return bad_row(found,
                 fmt::format("the header of {}: {}", format_->name, format_->expected_header()));
}

tl::unexpected<Error> CsvRows::stop(Error error) {
  error_ = std::move(error);
  return tl::unexpected<Error>(*error_);
}

std::string shown(std::string_view text) {
  constexpr std::size_t kSizeMax = 40;
  std::string result;
  for (const char c : text.substr(0, kSizeMax)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f)
      result += c;
    else
      result += fmt::format("\\x{:02x}", byte);
  }
  if (text.size() > kSizeMax) result += "...";
  return result;
}

}  // namespace st0ck::market
