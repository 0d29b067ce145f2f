#pragma once

#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/tick_source.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace st0ck::adapters::sim::generated {

/// Brings the events of a slice of time in their order; those of equal times keep theirs. Sorts by
/// digits of the microsecond, which costs the same per event however many there are.
class TimeOrder {
 public:
  /// No event may be earlier than `begin` or an hour later, and each is at a whole microsecond.
  /// The result is valid until the next call and while `events` stays as it is.
  std::span<const market::TapeEvent> of(const std::vector<market::TapeEvent>& events,
                                        core::Timestamp begin);

 private:
  struct Key {
    std::uint32_t us;
    std::uint32_t index;
  };

  void sort_by_digit(unsigned shift);

  std::vector<Key> keys_;
  std::vector<Key> other_;
  std::vector<market::TapeEvent> sorted_;
};

}  // namespace st0ck::adapters::sim::generated
