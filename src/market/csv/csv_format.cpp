#include "st0ck/market/csv/csv_format.hpp"

namespace st0ck::market {

std::string CsvFormat::expected_header() const {
  std::string header;
  for (const CsvColumnName& column : columns) {
    const std::string_view comma = header.empty() ? "" : ",";
    const std::string_view open = column.optional ? "[" : "";
    const std::string_view close = column.optional ? "]" : "";
    header.append(open).append(comma).append(column.name).append(close);
  }
  return header;
}

}  // namespace st0ck::market
