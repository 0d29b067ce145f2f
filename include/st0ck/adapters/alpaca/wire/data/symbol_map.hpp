#pragma once

#include "st0ck/adapters/alpaca/wire/data/data_listener.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// The symbols that an adapter follows, by the provider's text. A table with open addresses: each
/// quote asks it once, and asking takes a few nanoseconds.
class SymbolMap final : public SymbolLookup {
 public:
  /// The last one said of a symbol stands. False for a text that is no symbol: empty or too long.
  bool set(std::string_view symbol, core::InstrumentId instrument);

  std::optional<core::InstrumentId> find(std::string_view symbol) const override;
  std::size_t size() const { return size_; }

 private:
  struct Entry {
    core::Symbol symbol;  ///< Empty where the place is free.
    core::InstrumentId instrument;
  };

  /// The place of a symbol, or the free one where it belongs.
  std::size_t place_of(std::string_view symbol) const;
  void grow();

  std::vector<Entry> entries_ = std::vector<Entry>(64);
  std::size_t size_ = 0;
};

}  // namespace st0ck::alpaca
