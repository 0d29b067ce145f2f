#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace st0ck::adapters::sim {

/// A source of numbers that are the same on every machine, compiler and library: xoshiro256**
/// (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018), its state
/// filled by SplitMix64. Integers only; the standard library's distributions are not specified.
class Random {
 public:
  using State = std::array<std::uint64_t, 4>;

  explicit Random(std::uint64_t seed);

  /// `state` must not be all zeros.
  explicit Random(const State& state) : state_{state} {}

  /// A stream for each name, independent of the others of the same seed: the seed is mixed with
  /// the FNV-1a hash of the name.
  static Random for_name(std::uint64_t seed, std::string_view name);

  std::uint64_t next();

  /// 0 to `bound` - 1, by the high half of a product: for small bounds as good as even.
  std::int64_t below(std::int64_t bound);

  /// A bell-shaped number around 0 with the standard deviation `kBellDeviation`: the sum of the
  /// four 16-bit parts of one number, less its mean. Never beyond 3.5 deviations.
  std::int64_t bell();
  static constexpr std::int64_t kBellDeviation = 37'837;

 private:
  State state_;
};

/// The generator that seeds: one step of SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t split_mix(std::uint64_t& state);

}  // namespace st0ck::adapters::sim
