#pragma once

#include "fields.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"

namespace st0ck::alpaca {

/// Gives the message that `fields` (and, of a subscription, `channels`) hold to `listener`, and
/// counts it. `channels_are_sound`: no list of the message was malformed.
class Dispatch {
 public:
  Dispatch(const SymbolLookup& symbols, DataListener& listener)
      : symbols_{symbols}, listener_{listener} {}

  void message(const Fields& fields, const Channels& channels, bool channels_are_sound);
  void not_an_object();

  DataCounters& counters() { return counters_; }

 private:
  void on_tape(char type, const Fields& fields);
  void control(std::string_view type, const Fields& fields, const Channels& channels,
               bool channels_are_sound);
  void refused(const RefusedMessage& message);

  const SymbolLookup& symbols_;
  DataListener& listener_;
  DataCounters counters_;
};

}  // namespace st0ck::alpaca
