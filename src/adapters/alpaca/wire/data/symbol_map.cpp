#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"

#include <cstring>
#include <utility>

namespace st0ck::alpaca {

namespace {

template <typename Word>
std::uint64_t word_at(std::string_view text, std::size_t at) {
  Word word;
  std::memcpy(&word, text.data() + at, sizeof word);
  return word;
}

/// Mixes the letters in words of a fixed size that may overlap: the beginning, the middle and the
/// end of what is long, as options of one root differ in the last two.
std::uint64_t hash_of(std::string_view symbol) {
  constexpr std::uint64_t kOdd = 0x9e37'79b9'7f4a'7c15;
  const std::size_t size = symbol.size();
  std::uint64_t letters = size;
  if (size >= 8) {
    letters ^= word_at<std::uint64_t>(symbol, 0) * kOdd;
    letters ^= word_at<std::uint64_t>(symbol, size / 2 - 4);
    letters = letters * kOdd ^ word_at<std::uint64_t>(symbol, size - 8);
  } else if (size >= 4) {
    letters ^= word_at<std::uint32_t>(symbol, 0) << 32U | word_at<std::uint32_t>(symbol, size - 4);
  } else {
    for (const char letter : symbol) letters = letters << 8U | static_cast<unsigned char>(letter);
  }
  const std::uint64_t hash = letters * kOdd;
  return hash ^ hash >> 32U;
}

}  // namespace

bool SymbolMap::set(std::string_view symbol, core::InstrumentId instrument) {
  if (symbol.empty() || !core::Symbol::fits(symbol)) return false;
  // At most half full, so that a free place ends each search soon.
  if (size_ * 2 >= entries_.size()) grow();
  Entry& entry = entries_[place_of(symbol)];
  if (entry.symbol.empty()) ++size_;
  entry = {.symbol = core::Symbol{symbol}, .instrument = instrument};
  return true;
}

std::optional<core::InstrumentId> SymbolMap::find(std::string_view symbol) const {
  const Entry& entry = entries_[place_of(symbol)];
  return entry.symbol.empty() ? std::nullopt : std::optional{entry.instrument};
}

std::size_t SymbolMap::place_of(std::string_view symbol) const {
  const std::size_t mask = entries_.size() - 1;
  std::size_t place = hash_of(symbol) & mask;
  while (!entries_[place].symbol.empty() && entries_[place].symbol.view() != symbol)
    place = (place + 1) & mask;
  return place;
}

void SymbolMap::grow() {
  const auto before = std::exchange(entries_, std::vector<Entry>(entries_.size() * 2));
  for (const Entry& entry : before)
    if (!entry.symbol.empty()) entries_[place_of(entry.symbol.view())] = entry;
}

}  // namespace st0ck::alpaca
