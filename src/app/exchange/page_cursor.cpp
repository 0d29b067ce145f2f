#include "src/app/exchange/page_cursor.hpp"

#include "st0ck/core/ids.hpp"

#include <fmt/format.h>

#include <charconv>

namespace st0ck::app::exchange {

namespace {

template <typename Number>
bool read_all(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end;
}

}  // namespace

std::string PageCursor::token() const {
  return fmt::format("{}|{}|{}", symbol, core::to_ns(time), skip);
}

std::optional<PageCursor> PageCursor::parse(std::string_view token) {
  const auto first = token.find('|');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('|', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  std::int64_t ns = 0;
  PageCursor cursor;
  if (!core::parse_symbol(token.substr(0, first)) ||
      !read_all(token.substr(first + 1, second - first - 1), ns) ||
      !read_all(token.substr(second + 1), cursor.skip))
    return std::nullopt;
  cursor.symbol = token.substr(0, first);
  cursor.time = core::timestamp_from_ns(ns);
  return cursor;
}

}  // namespace st0ck::app::exchange
