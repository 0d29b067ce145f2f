#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/kernel/engine.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace st0ck::benchmarks {

/// The sum of the last N closes, exact.
template <std::size_t N>
class RollingSum {
 public:
  void add(core::Price close) {
    sum_ += close.raw() - values_[next_];
    values_[next_] = close.raw();
    next_ = next_ + 1 == N ? 0 : next_ + 1;
    if (count_ < N) ++count_;
  }

  bool is_full() const { return count_ == N; }
  std::int64_t sum() const { return sum_; }

 private:
  std::array<std::int64_t, N> values_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::int64_t sum_ = 0;
};

/// The strategy of the data set `sma-anchor` with plain orders: a stop and a limit that cancel
/// each other stand in for the bracket.
class SmaCrossEngine : public kernel::Engine {
 public:
  explicit SmaCrossEngine(core::InstrumentId instrument) : instrument_{instrument} {}

  std::vector<market::DataNeed> needs() const override;
  void on_bar(kernel::EngineContext& context, const market::Bar& bar) override;
  void on_order(kernel::EngineContext& context, const kernel::OrderNews& news) override;

 private:
  bool crosses_up();
  void buy(kernel::EngineContext& context, core::Price close);
  void protect(kernel::EngineContext& context);

  core::InstrumentId instrument_;
  RollingSum<10> fast_;
  RollingSum<30> slow_;
  int last_sign_ = 0;
  bool is_flat_ = true;
  core::Price target_;
  core::Price stop_;
};

}  // namespace st0ck::benchmarks
