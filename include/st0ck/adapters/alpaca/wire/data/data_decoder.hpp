#pragma once

#include "st0ck/adapters/alpaca/wire/data/data_listener.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace st0ck::alpaca {

struct DataDecoderSettings {
  std::size_t frame_bytes_max = std::size_t{4} << 20;
};

struct DataCounters {
  std::uint64_t frames = 0;
  std::uint64_t frames_broken = 0;
  std::uint64_t messages = 0;  ///< Given to the listener.
  std::uint64_t unknown_types = 0;
  std::uint64_t unknown_symbols = 0;
  std::uint64_t vwaps_dropped = 0;  ///< Bars given out without an average that does not fit.
  std::array<std::uint64_t, kRefusals> refused{};  ///< By Refusal.
};

enum class FrameResult : std::uint8_t {
  Ok,
  TooLarge,
  /// What stood before the broken place may have been given out.
  Broken,
};

/// Takes frames of the data stream apart, for clients.
///
/// Numbers go from the text of the message into our units, never through `double`. A message that
/// lacks a field or has one that does not fit is refused alone; unknown fields and types are passed
/// over. Once warm, nothing is allocated per trade, quote or bar.
class DataDecoder {
 public:
  /// `symbols` and `listener` must outlive the decoder.
  DataDecoder(const SymbolLookup& symbols, DataListener& listener,
              DataDecoderSettings settings = {});
  ~DataDecoder();
  DataDecoder(const DataDecoder&) = delete;
  DataDecoder& operator=(const DataDecoder&) = delete;

  FrameResult decode_json(std::string_view frame);
  FrameResult decode_msgpack(std::string_view frame);

  const DataCounters& counters() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace st0ck::alpaca
