#pragma once

#include "src/app/exchange/faults/fault_rule.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace st0ck::app::exchange {

/// What happens to one message; nothing where it passes.
struct FaultVerdict {
  const FaultRule* rule = nullptr;  ///< The plan's; null lets it pass.
  core::Duration delay{};           ///< The rule's, with its jitter.
  std::uint64_t message = 0;        ///< Which message of its place it was, from 1.

  explicit operator bool() const { return rule != nullptr; }
};

/// Which message meets which fault: a function of the seed, the rules, and of each message its
/// place, its number there and the exchange's time. No sockets, no scheduler, no clock.
///
/// The first rule that strikes counts, in the order of their names. Each draws for itself, so that
/// taking a rule out changes nothing about the others' draws.
class FaultPlan {
 public:
  FaultPlan(std::vector<FaultRule> rules, std::uint64_t seed);
  FaultPlan(const FaultPlan&) = delete;
  FaultPlan& operator=(const FaultPlan&) = delete;

  /// Counts a message and says what becomes of it.
  FaultVerdict judge(FaultPoint point, core::Timestamp now);

  /// What happens to streams that are open as time goes on from `before` to `now`, though nothing
  /// is said on them: hangs, closes and forgets whose window has begun.
  FaultVerdict judge_silent(FaultPoint point, core::Timestamp before, core::Timestamp now);

  /// How far the exchange's clock is off; where rules overlap, together.
  core::Duration clock_offset(core::Timestamp now) const;

  /// The rule by which an order in that symbol fills in pieces.
  const FaultRule* pieces_of(const core::Symbol& symbol, core::Timestamp now) const;

  /// The restart that begins as time goes on from `before` to `now`.
  const FaultRule* restart(core::Timestamp before, core::Timestamp now) const;

  bool has(FaultKind kind) const;

  /// Whether anything happens at a time of its own, without a message that it happens to.
  bool has_times() const;
  const std::vector<FaultRule>& rules() const { return rules_; }
  std::uint64_t seed() const { return seed_; }

 private:
  struct Tally {
    std::uint64_t seen = 0;    ///< Messages in the window.
    std::uint64_t struck = 0;  ///< Faults so far.
  };

  bool strikes(std::size_t rule, FaultPoint point, std::uint64_t message);
  FaultVerdict verdict(std::size_t rule, FaultPoint point, std::uint64_t message) const;
  std::uint64_t drawn(std::size_t rule, FaultPoint point, std::uint64_t message,
                      std::string_view what) const;

  std::vector<FaultRule> rules_;
  std::uint64_t seed_;
  std::vector<Tally> tallies_;  ///< By rule.
  std::array<std::uint64_t, kFaultPoints> messages_{};
};

/// Whether the time of day passes `time` in New York between the two, the second of which counts.
bool passes(core::TimeOfDay time, core::Timestamp before, core::Timestamp now);

}  // namespace st0ck::app::exchange
