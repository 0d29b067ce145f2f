#pragma once

#include "st0ck/core/units.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace st0ck::engines::sma_cross {

/// The sum of the last closes, exact.
class RollingSum {
 public:
  /// `period` is positive.
  explicit RollingSum(std::int64_t period);

  void add(core::Price close);
  void clear();

  bool is_full() const { return count_ == closes_.size(); }
  core::Price sum() const { return sum_; }

  /// The mean, for people.
  core::Price average() const;

 private:
  std::vector<core::Price> closes_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  core::Price sum_;
};

enum class Cross : std::uint8_t { None, Up, Down };

/// Says where the fast average of the closes crosses the slow one.
///
/// It has crossed up when it lies above now and below at the last close where the two differed.
/// The comparison is exact: averages of prices are never rounded here.
class Crossing {
 public:
  Crossing(std::int64_t fast, std::int64_t slow);

  Cross add(core::Price close);
  void clear();

  /// Whether there are closes enough for both averages.
  bool is_ready() const { return slow_.is_full(); }

  /// Where the fast average stood when the two last differed: above 1, below -1, unknown 0.
  int sign() const { return sign_; }
  const RollingSum& fast() const { return fast_; }
  const RollingSum& slow() const { return slow_; }

 private:
  std::int64_t fast_period_;
  std::int64_t slow_period_;
  RollingSum fast_;
  RollingSum slow_;
  int sign_ = 0;
};

}  // namespace st0ck::engines::sma_cross
