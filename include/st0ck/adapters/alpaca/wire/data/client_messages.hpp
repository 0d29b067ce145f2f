#pragma once

#include "st0ck/adapters/alpaca/wire/data/channels.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/core/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace st0ck::alpaca {

/// What a client of the data stream says. Keys are never logged.
struct DataAuth {
  std::string key;
  std::string secret;

  friend bool operator==(const DataAuth&, const DataAuth&) = default;
};

struct Subscribe {
  Channels channels;

  friend bool operator==(const Subscribe&, const Subscribe&) = default;
};

struct Unsubscribe {
  Channels channels;

  friend bool operator==(const Unsubscribe&, const Unsubscribe&) = default;
};

using DataRequest = std::variant<DataAuth, Subscribe, Unsubscribe>;

/// The message of a client, in its codec. Empty channels are left out.
std::string to_frame(Codec codec, const DataRequest& request);

/// Reads what clients say, for a server: either codec from any client, as a client that asked for
/// msgpack may still send JSON text.
class DataRequestReader {
 public:
  explicit DataRequestReader(std::size_t bytes_max = std::size_t{1} << 20);
  ~DataRequestReader();
  DataRequestReader(const DataRequestReader&) = delete;
  DataRequestReader& operator=(const DataRequestReader&) = delete;

  /// An error is the stream's 400, `invalid syntax`.
  core::Result<DataRequest> read(std::string_view frame);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace st0ck::alpaca
