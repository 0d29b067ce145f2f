#include "src/net/gzip.hpp"

#include "st0ck/net/header_field.hpp"

#include <zlib.h>

#include <algorithm>

namespace st0ck::net {
namespace {

// Fast rather than small: the thread that packs has other connections to serve.
constexpr int kLevel = 2;
constexpr int kGzipFormat = 16 + MAX_WBITS;
constexpr int kMemoryLevel = 8;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// `q=0`, `q=0.000`: not acceptable.
bool is_zero_quality(std::string_view parameter) {
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return false;
  return parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<bool> by_name;
  bool by_star = false;
  while (!accept_encoding.empty()) {
    const auto end = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view item = accept_encoding.substr(0, end);
    accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
    const auto semicolon = std::min(item.find(';'), item.size());
    const std::string_view name = trimmed(item.substr(0, semicolon));
    const std::string_view parameter = trimmed(item.substr(std::min(semicolon + 1, item.size())));
    const bool is_taken = !is_zero_quality(parameter);
    if (is_same_name(name, "gzip") || is_same_name(name, "x-gzip")) by_name = is_taken;
    if (name == "*") by_star = is_taken;
  }
  return by_name.value_or(by_star);
}

std::optional<std::string> gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipFormat, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return std::nullopt;
  }
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  // zlib does not write to its input, but does not say so in its types.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  return packed;
}

}  // namespace st0ck::net
