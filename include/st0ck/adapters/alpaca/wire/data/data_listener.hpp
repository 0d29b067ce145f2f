#pragma once

#include "st0ck/adapters/alpaca/wire/data/channels.hpp"
#include "st0ck/adapters/alpaca/wire/data/tape.hpp"
#include "st0ck/adapters/alpaca/wire/refusal.hpp"
#include "st0ck/core/ids.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace st0ck::alpaca {

/// Which of our instruments a symbol of the provider is.
class SymbolLookup {
 public:
  virtual ~SymbolLookup() = default;
  virtual std::optional<core::InstrumentId> find(std::string_view symbol) const = 0;
};

/// A message that was refused, and the first thing that was wrong with it.
struct RefusedMessage {
  std::string_view type;    ///< Its T.
  std::string_view symbol;  ///< Empty where it has none.
  std::string_view field;   ///< The key, as in the message.
  Refusal refusal = Refusal::None;
};

/// Hears the messages of the data stream one by one, in the order of the frame. Texts are valid
/// during the call only. A listener may not decode another frame with the same decoder from inside
/// a call.
class DataListener {
 public:
  virtual ~DataListener() = default;
  virtual void on_trade(core::InstrumentId instrument, const TapeTrade& trade) = 0;
  virtual void on_quote(core::InstrumentId instrument, const TapeQuote& quote) = 0;
  virtual void on_bar(core::InstrumentId instrument, TapeBarKind kind, const TapeBar& bar) = 0;
  virtual void on_status(core::InstrumentId instrument, const TapeStatus& status) = 0;
  virtual void on_bands(core::InstrumentId instrument, const TapeBands& bands) = 0;
  virtual void on_correction(core::InstrumentId instrument, const TapeCorrection& correction) = 0;
  virtual void on_cancel(core::InstrumentId instrument, const TapeCancel& cancel) = 0;
  /// `connected` or `authenticated`.
  virtual void on_success(std::string_view message) = 0;
  virtual void on_error(std::uint32_t code, std::string_view message) = 0;
  /// The complete set that is in force.
  virtual void on_subscription(const Channels& channels) = 0;
  virtual void on_refused(const RefusedMessage& message) = 0;
};

}  // namespace st0ck::alpaca
