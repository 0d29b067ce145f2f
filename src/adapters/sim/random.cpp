#include "st0ck/adapters/sim/random.hpp"

#include "st0ck/core/fixed_point.hpp"

#include <bit>

namespace st0ck::adapters::sim {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = split_mix(seed);
}

Random Random::for_name(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char letter : name) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x100000001b3u;
  }
  return Random{split_mix(seed) ^ hash};
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::int64_t Random::below(std::int64_t bound) {
  const core::Int128 product = static_cast<core::Int128>(next() >> 1) * bound;
  return static_cast<std::int64_t>(product >> 63);
}

std::int64_t Random::bell() {
  constexpr std::int64_t kMean = 4 * 65'535 / 2;
  std::uint64_t bits = next();
  std::int64_t sum = -kMean;
  for (int part = 0; part < 4; ++part, bits >>= 16)
    sum += static_cast<std::int64_t>(bits & 0xffffu);
  return sum;
}

}  // namespace st0ck::adapters::sim
