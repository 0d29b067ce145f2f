#include "document.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <limits>
#include <optional>

namespace st0ck::alpaca {

namespace {

using core::Errc;
using core::Status;
using Kind = Scalar::Kind;

constexpr std::int8_t kTimestampExtension = -1;
constexpr std::int64_t kSecond = 1'000'000'000;

/// Reads one MessagePack value, bounded by its bytes and the limits: a length is believed only as
/// far as there are bytes for it.
class MsgpackReader {
 public:
  MsgpackReader(std::string_view bytes, std::vector<Node>& nodes, const DocumentLimits& limits)
      : rest_{bytes}, nodes_{nodes}, limits_{limits} {}

  bool at_end() const { return rest_.empty(); }

  Status add(std::string_view key, std::size_t depth) {
    if (depth > limits_.depth_max)
      return core::fail(Errc::OutOfRange, "msgpack: nested deeper than {}", limits_.depth_max);
    if (nodes_.size() >= limits_.nodes_max)
      return core::fail(Errc::OutOfRange, "msgpack: more than {} values", limits_.nodes_max);
    if (rest_.empty()) return truncated();
    const std::size_t at = nodes_.size();
    nodes_.push_back({.value = {}, .key = key});
    auto status = add_tagged(at, static_cast<std::uint8_t>(number(1)), depth);
    nodes_[at].subtree = static_cast<std::uint32_t>(nodes_.size() - at);
    if (status && is_truncated_) return truncated();
    return status;
  }

 private:
  static tl::unexpected<core::Error> truncated() {
    return core::fail(Errc::BadInput, "msgpack: the message ends too early");
  }

  /// The next bytes as a number, most significant first; 0 where they are missing.
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (const char byte : take(size)) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
  }

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      is_truncated_ = true;
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  Status add_tagged(std::size_t at, std::uint8_t tag, std::size_t depth) {
    if (tag <= 0x7f) return set_integer(at, tag);
    if (tag <= 0x8f) return add_map(at, tag & 0x0fU, depth);
    if (tag <= 0x9f) return add_array(at, tag & 0x0fU, depth);
    if (tag <= 0xbf) return set_text(at, tag & 0x1fU);
    if (tag >= 0xe0) return set_integer(at, static_cast<std::int8_t>(tag));
    switch (tag) {
      case 0xc0: return set(at, {.kind = Kind::Null});
      case 0xc2:
      case 0xc3: return set(at, {.kind = Kind::Bool, .flag = tag == 0xc3});
      case 0xc4:
      case 0xc5:
      case 0xc6: return set_binary(at, number(std::size_t{1} << (tag - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9: return set_extension(at, number(std::size_t{1} << (tag - 0xc7)));
      case 0xca: return set_real(at, std::bit_cast<float>(static_cast<std::uint32_t>(number(4))));
      case 0xcb: return set(at, Scalar::of_double(std::bit_cast<double>(number(8))));
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf: return set_unsigned(at, number(std::size_t{1} << (tag - 0xcc)));
      case 0xd0: return set_integer(at, static_cast<std::int8_t>(number(1)));
      case 0xd1: return set_integer(at, static_cast<std::int16_t>(number(2)));
      case 0xd2: return set_integer(at, static_cast<std::int32_t>(number(4)));
      case 0xd3: return set_integer(at, static_cast<std::int64_t>(number(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8: return set_extension(at, std::uint64_t{1} << (tag - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb: return set_text(at, number(std::size_t{1} << (tag - 0xd9)));
      case 0xdc:
      case 0xdd: return add_array(at, number(tag == 0xdc ? 2 : 4), depth);
      case 0xde:
      case 0xdf: return add_map(at, number(tag == 0xde ? 2 : 4), depth);
      default: return core::fail(Errc::BadInput, "msgpack: {:#x} begins no value", tag);
    }
  }

  Status set(std::size_t at, const Scalar& scalar) {
    nodes_[at].value = scalar;
    return {};
  }

  Status set_integer(std::size_t at, std::int64_t value) {
    return set(at, {.kind = Kind::Integer, .integer = value});
  }

  Status set_unsigned(std::size_t at, std::uint64_t value) {
    const bool is_large = value > std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    return set(at, {.kind = is_large ? Kind::Unsigned : Kind::Integer,
                    .integer = static_cast<std::int64_t>(value)});
  }

  /// A float of 32 bits has its own shortest text: 10.01f is not 10.010000228881836.
  Status set_real(std::size_t at, float value) {
    std::array<char, 32> text;
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
    double nearest = 0;
    std::from_chars(text.data(), written.ptr, nearest);
    return set(at, Scalar::of_double(nearest));
  }

  Status set_text(std::size_t at, std::uint64_t size) {
    return set(at, {.kind = Kind::Text, .text = take(size)});
  }

  Status set_binary(std::size_t at, std::uint64_t size) {
    take(size);
    return set(at, {.kind = Kind::Other});
  }

  Status set_extension(std::size_t at, std::uint64_t size) {
    const auto type = static_cast<std::int8_t>(number(1));
    if (type != kTimestampExtension) return set_binary(at, size);
    const auto nanoseconds = read_timestamp(size);
    if (is_truncated_) return truncated();
    if (!nanoseconds) return core::fail(Errc::BadInput, "msgpack: a timestamp out of range");
    return set(at, {.kind = Kind::Time, .integer = *nanoseconds});
  }

  /// The forms of 32, 64 and 96 bits.
  std::optional<std::int64_t> read_timestamp(std::uint64_t size) {
    if (size == 4) return nanoseconds_of(static_cast<std::int64_t>(number(4)), 0);
    if (size == 8) {
      const std::uint64_t both = number(8);
      return nanoseconds_of(static_cast<std::int64_t>(both & 0x3'ffff'ffffULL), both >> 34);
    }
    if (size != 12) return std::nullopt;
    const std::uint64_t nanoseconds = number(4);
    return nanoseconds_of(static_cast<std::int64_t>(number(8)), nanoseconds);
  }

  static std::optional<std::int64_t> nanoseconds_of(std::int64_t seconds,
                                                    std::uint64_t nanoseconds) {
    std::int64_t time = 0;
    if (nanoseconds >= std::uint64_t{kSecond} || __builtin_mul_overflow(seconds, kSecond, &time) ||
        __builtin_add_overflow(time, static_cast<std::int64_t>(nanoseconds), &time))
      return std::nullopt;
    return time;
  }

  Status add_array(std::size_t at, std::uint64_t size, std::size_t depth) {
    nodes_[at].value.kind = Kind::Array;
    for (std::uint64_t i = 0; i < size && !is_truncated_; ++i)
      if (auto status = add({}, depth + 1); !status) return status;
    return {};
  }

  Status add_map(std::size_t at, std::uint64_t size, std::size_t depth) {
    nodes_[at].value.kind = Kind::Object;
    for (std::uint64_t i = 0; i < size && !is_truncated_; ++i) {
      const auto key = read_key();
      if (is_truncated_) return truncated();
      if (!key) return core::fail(Errc::BadInput, "msgpack: a key is not a string");
      if (auto status = add(*key, depth + 1); !status) return status;
    }
    return {};
  }

  std::optional<std::string_view> read_key() {
    const auto tag = static_cast<std::uint8_t>(number(1));
    if (tag >= 0xa0 && tag <= 0xbf) return take(tag & 0x1fU);
    if (tag >= 0xd9 && tag <= 0xdb) return take(number(std::size_t{1} << (tag - 0xd9)));
    return std::nullopt;
  }

  std::string_view rest_;
  std::vector<Node>& nodes_;
  const DocumentLimits& limits_;
  bool is_truncated_ = false;
};

}  // namespace

core::Result<Value> Document::read_msgpack(std::string_view bytes) {
  if (bytes.size() > limits_.bytes_max)
    return core::fail(Errc::OutOfRange, "msgpack: {} bytes, allowed are {}", bytes.size(),
                      limits_.bytes_max);
  nodes_.clear();
  MsgpackReader reader{bytes, nodes_, limits_};
  if (const auto status = reader.add({}, 0); !status)
    return tl::unexpected<core::Error>(status.error());
  if (!reader.at_end())
    return core::fail(Errc::BadInput, "msgpack: something follows the end of the message");
  return Value{nodes_.front()};
}

}  // namespace st0ck::alpaca
