#pragma once

#include "st0ck/adapters/alpaca/wire/data/channels.hpp"
#include "st0ck/adapters/alpaca/wire/data/tape.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

/// How the frames of a stream are written.
enum class Codec : std::uint8_t { Json, Msgpack };

/// Stock and option messages differ: an option's conditions are one text, and it has no tape.
enum class TapeProduct : std::uint8_t { Stock, Option };

/// Collects messages of the data stream into frames, for a server. Control messages stand alone in
/// a frame: clients that look at the first message only would lose what follows one.
class DataFrame {
 public:
  explicit DataFrame(Codec codec, TapeProduct product = TapeProduct::Stock);

  void add(std::string_view symbol, const TapeTrade& trade);
  void add(std::string_view symbol, const TapeQuote& quote);
  void add(std::string_view symbol, TapeBarKind kind, const TapeBar& bar);
  void add(std::string_view symbol, const TapeStatus& status);
  void add(std::string_view symbol, const TapeBands& bands);
  void add(std::string_view symbol, const TapeCorrection& correction);
  void add(std::string_view symbol, const TapeCancel& cancel);

  std::size_t size() const { return messages_; }

  /// The frame of what was added; the next one begins empty.
  std::string take();

  /// Frames of one control message; what was added stays.
  std::string success(std::string_view message) const;
  std::string error(std::uint32_t code) const;
  std::string error(std::uint32_t code, std::string_view message) const;
  std::string subscription(const Channels& channels) const;

 private:
  Codec codec_;
  TapeProduct product_;
  std::size_t messages_ = 0;
  std::string body_;
};

/// What the data stream says of an error code, `auth failed`; empty for a code it does not know.
std::string_view data_error_message(std::uint32_t code);

}  // namespace st0ck::alpaca
