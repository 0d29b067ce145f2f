#include "st0ck/adapters/sim/bars_in_memory.hpp"

#include <utility>

namespace st0ck::adapters::sim {

core::Result<std::optional<market::Bar>> BarsInMemory::next() {
  if (left_.empty()) return std::optional<market::Bar>{};
  const std::optional<market::Bar> bar = left_.front();
  left_ = left_.subspan(1);
  return bar;
}

core::Result<std::span<const market::Bar>> BarsInMemory::next_several(
    std::span<market::Bar> /*scratch*/) {
  return std::exchange(left_, {});
}

}  // namespace st0ck::adapters::sim
