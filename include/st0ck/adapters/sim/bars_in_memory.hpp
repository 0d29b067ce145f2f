#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/events.hpp"

#include <optional>
#include <span>

namespace st0ck::adapters::sim {

/// Bars that somebody else holds, shown without copying them; they must outlive the source.
class BarsInMemory final : public market::BarSource {
 public:
  explicit BarsInMemory(std::span<const market::Bar> bars) : left_{bars} {}

  core::Result<std::optional<market::Bar>> next() override;
  core::Result<std::span<const market::Bar>> next_several(std::span<market::Bar> scratch) override;

 private:
  std::span<const market::Bar> left_;
};

}  // namespace st0ck::adapters::sim
