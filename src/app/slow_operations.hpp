#pragma once

#include "st0ck/core/logging.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/net/scheduler.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace st0ck::app {

/// Counts operations that took longer than 100 ms, and says so in the log (spec st0ck 15): the
/// first one of a name at once, then at most one line in ten seconds with how many there were.
///
/// Costs a comparison where nothing was slow. Core thread only.
class SlowOperations {
 public:
  struct Count {
    std::uint64_t count = 0;
    core::Duration longest{};
  };
  using Counts = std::map<std::string, Count, std::less<>>;

  static constexpr core::Duration kSlow = std::chrono::milliseconds{100};

  /// The scheduler outlives this.
  SlowOperations(const core::Logger& log, const net::Scheduler& scheduler)
      : log_{log}, scheduler_{scheduler} {}

  /// `operation` is from a short list, in parts `kind` and `which` of that kind, as `http` and
  /// `orders`; the second may be empty.
  void note(std::string_view kind, std::string_view which, core::Duration time) {
    if (time > kSlow) [[unlikely]]
      note_slow(kind, which, time);
  }

  /// By `kind.which`.
  Counts counts() const;

 private:
  struct Noted {
    Count count;
    std::uint64_t unsaid = 0;  ///< Of them since the last line.
    core::Duration said{};     ///< When, by the scheduler.
  };

  void note_slow(std::string_view kind, std::string_view which, core::Duration time);

  core::Logger log_;
  const net::Scheduler& scheduler_;
  std::map<std::string, Noted, std::less<>> noted_;
};

}  // namespace st0ck::app
