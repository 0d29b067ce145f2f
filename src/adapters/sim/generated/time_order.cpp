#include "src/adapters/sim/generated/time_order.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <utility>

namespace st0ck::adapters::sim::generated {

namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

}  // namespace

std::span<const market::TapeEvent> TimeOrder::of(const std::vector<market::TapeEvent>& events,
                                                 core::Timestamp begin) {
  keys_.clear();
  std::uint32_t latest = 0;
  bool is_in_order = true;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto us =
        static_cast<std::uint32_t>((events[i].time - begin) / std::chrono::microseconds{1});
    is_in_order = is_in_order && us >= latest;
    latest = std::max(latest, us);
    keys_.push_back({us, static_cast<std::uint32_t>(i)});
  }
  if (is_in_order) return events;
  for (unsigned shift = 0; shift < 32 && latest >> shift != 0; shift += kDigitBits)
    sort_by_digit(shift);
  sorted_.clear();
  sorted_.reserve(events.size());
  for (const Key& key : keys_) sorted_.push_back(events[key.index]);
  return sorted_;
}

void TimeOrder::sort_by_digit(unsigned shift) {
  std::array<std::uint32_t, kDigits> places{};
  for (const Key& key : keys_) ++places[key.us >> shift & (kDigits - 1)];
  std::uint32_t sum = 0;
  for (std::uint32_t& place : places) sum += std::exchange(place, sum);
  other_.resize(keys_.size());
  for (const Key& key : keys_) other_[places[key.us >> shift & (kDigits - 1)]++] = key;
  std::swap(keys_, other_);
}

}  // namespace st0ck::adapters::sim::generated
