#pragma once

#include "src/app/exchange/data_access.hpp"
#include "st0ck/adapters/alpaca/wire/data/client_messages.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/market/instrument.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// What a data stream is about, by its path.
enum class DataStreamKind : std::uint8_t {
  Stocks,         ///< `/v2/iex`, `/v2/sip`
  DelayedStocks,  ///< `/v2/delayed_sip`
  Test,           ///< `/v2/test`: FAKEPACA at any hour.
  Options,        ///< `/v1beta1/indicative`, `/v1beta1/opra`: nothing yet.
  News,           ///< `/v1beta1/news`: nobody writes any.
  NotOffered,     ///< Overnight venues, crypto.
};

/// Nothing for a path that is no data stream. A slash may follow it.
std::optional<DataStreamKind> data_stream_kind(const std::vector<std::string>& path);

enum class DataChannel : std::uint8_t {
  Trades,
  Quotes,
  Bars,
  UpdatedBars,
  DailyBars,
  Statuses,
  Lulds,
  Imbalances,
  News,
  Orderbooks,
};
inline constexpr std::size_t kDataChannels = 10;

/// What a session says, frame by frame, and whether it ends then.
struct DataReply {
  std::vector<std::string> frames{};
  bool is_end = false;
};

/// One client of a data stream, without its socket: who it is, and what it wants to hear.
class DataSession {
 public:
  struct Terms {
    DataStreamKind kind = DataStreamKind::Stocks;
    alpaca::Codec codec = alpaca::Codec::Json;
    bool is_paid = true;  ///< Whether the key may hear this stream at all; else 409.
    /// Symbols of trades and quotes together; without it those of all channels are bounded.
    std::optional<std::size_t> symbols_max{};
  };

  /// Whether a key is free to have this session; asked once it was found right.
  using HasPlace = std::function<bool(std::string_view key)>;

  /// The keys and the table outlive the session.
  DataSession(const Terms& terms, const DataKeys& keys, const market::InstrumentTable& instruments,
              HasPlace has_place);

  /// The greeting, and what follows at once where the handshake shows keys.
  DataReply open(const net::HeaderFields& headers);

  /// What a message of the client is answered; an error is a message that cannot be read.
  DataReply hear(const core::Result<alpaca::DataRequest>& message);

  /// The time to show a key is over.
  DataReply time_out();

  DataReply too_slow() const { return ending(407); }

  bool is_authenticated() const { return !key_.empty(); }
  const std::string& key() const { return key_; }

  /// Whether the client wants to hear of an instrument; cheap, as every event of the market asks.
  bool wants(DataChannel channel, core::InstrumentId instrument) const {
    const std::uint16_t wanted =
        instrument.value() < wanted_.size() ? wanted_[instrument.value()] : std::uint16_t{0};
    return (wanted >> static_cast<unsigned>(channel) & 1U) != 0;
  }
  /// The same of a symbol that is not in the table.
  bool wants(DataChannel channel, std::string_view symbol) const;

 private:
  using Symbols = std::set<std::string, std::less<>>;
  using Lists = std::array<Symbols, kDataChannels>;

  DataReply authenticate(std::string_view key, std::string_view secret);
  DataReply subscribe(const alpaca::Channels& asked);
  DataReply unsubscribe(const alpaca::Channels& asked);
  std::optional<std::uint32_t> refusal_of(const alpaca::Channels& asked) const;
  bool is_above_limit(const Lists& lists) const;
  void adopt(Lists lists);
  std::string echo() const;
  DataReply error(std::uint32_t code) const { return {{frames_.error(code)}}; }
  DataReply ending(std::uint32_t code) const { return {{frames_.error(code)}, true}; }

  Terms terms_;
  const DataKeys& keys_;
  const market::InstrumentTable& instruments_;
  HasPlace has_place_;
  alpaca::DataFrame frames_;
  std::string key_;
  Lists lists_;
  std::vector<std::uint16_t> wanted_;  ///< Bits of the channels, by instrument.
};

}  // namespace st0ck::app::exchange
