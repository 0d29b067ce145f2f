#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/market/csv/byte_source.hpp"
#include "st0ck/market/csv/csv_format.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::market {

/// Splits a file into rows of fields and says where a row stands when something in it is wrong.
///
/// The first line is a header that names each column of the format once, in any order. Lines end
/// with a line feed or with carriage return and line feed; the last one may lack it. Quotation
/// marks have no meaning. Memory is bounded whatever the file holds; nothing is allocated per row.
class CsvRows {
 public:
  static constexpr std::size_t kLineSizeMax = 4096;
  static constexpr std::size_t kColumnsMax = 32;

  /// `name` is the file's in messages. `format` must outlive the rows.
  CsvRows(std::string name, std::unique_ptr<ByteSource> bytes, const CsvFormat& format);

  /// Reads and checks the header; comes before the first `next`.
  core::Status read_header();

  /// Moves to the next row; false at the end. After an error, it says the same again.
  core::Result<bool> next();

  bool has(CsvColumn column) const { return place_of(column) != kAbsent; }

  /// The row's field as written; empty when the file has no such column. Valid until `next`.
  std::string_view field(CsvColumn column) const {
    const std::uint8_t place = place_of(column);
    return place == kAbsent ? std::string_view{} : fields_[place];
  }

  /// The column's name in this format.
  std::string_view name_of(CsvColumn column) const;

  /// Lines read so far, the header included: the number of the row's line.
  std::uint64_t line() const { return line_; }

  /// Whether the row is the last one of a file that does not end with a line feed.
  bool is_unterminated() const { return unterminated_; }

  /// Makes the error that ends this file: `file:line: column C: found 'F', allowed is ...`.
  tl::unexpected<core::Error> bad_field(CsvColumn column, std::string_view allowed);

  /// The same about the whole row, or about columns named in `columns`.
  tl::unexpected<core::Error> bad_row(std::string_view found, std::string_view allowed,
                                      std::string_view columns = {});

 private:
  static constexpr std::uint8_t kAbsent = 0xff;
  static constexpr std::size_t kBufferSize = 64 * 1024;

  std::uint8_t place_of(CsvColumn column) const {
    return places_[static_cast<std::size_t>(column)];
  }
  core::Result<bool> next_line();
  core::Result<bool> fill();
  core::Result<bool> take_line(std::size_t size, std::size_t end_size);
  bool split_line();
  core::Status check_columns();
  core::Status place_column(std::size_t index, std::uint64_t& seen);
  tl::unexpected<core::Error> bad_header(std::string_view found);
  tl::unexpected<core::Error> stop(core::Error error);

  std::string name_;
  std::unique_ptr<ByteSource> bytes_;
  const CsvFormat* format_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< What is left of the buffer: [begin_, end_).
  std::size_t end_ = 0;
  bool at_end_ = false;
  bool unterminated_ = false;
  std::uint64_t line_ = 0;
  std::string_view text_;  ///< The current line.
  std::array<std::string_view, kColumnsMax> fields_;
  std::size_t field_count_ = 0;
  std::size_t column_count_ = 0;
  std::array<std::uint8_t, kCsvColumnCount> places_;
  std::optional<core::Error> error_;
};

/// Text from outside as it may stand in a message: cut to 40 characters, bytes that cannot be
/// shown written as `\x00`.
std::string shown(std::string_view text);

}  // namespace st0ck::market
