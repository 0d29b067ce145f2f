#pragma once

#include "src/app/broker_host.hpp"
#include "src/app/configuration.hpp"
#include "src/app/promotion/evidence.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <string>
#include <vector>

namespace st0ck::app {

/// What live trading asks of paper trading before it (design section 5).
inline constexpr int kPromotionSessionsMin = 10;
inline constexpr int kPromotionDaysMin = 14;  ///< Of the calendar, first and last session included.

/// What would trade live.
struct PromotionTarget {
  BrokerHost host;
  std::string configuration;  ///< As `promotion_hash` makes it.
  std::vector<kernel::BotIdentity> bots;
};
PromotionTarget target_of(const Configuration& configuration);

/// One thing that is asked for, with figures for people.
struct Requirement {
  std::string what;
  std::string needed;
  std::string found;
  bool is_met = false;
};

/// A session that does not count, and why.
struct SessionLeftOut {
  core::Date date{};
  std::string why;
};

struct Judgement {
  std::vector<Requirement> requirements;
  std::vector<core::Date> counted;  ///< Sessions that speak for a promotion.
  std::vector<SessionLeftOut> left_out;

  bool is_met() const;
};

/// Whether a run speaks for the target; a pure function. For the broker's live host only sessions
/// on its paper host, by the machine's clock, with quotes that are not this machine's, count; for
/// an exchange on this machine, a drill, those on such an exchange; for any other host none. `now`
/// is the machine's.
Judgement judge(const RunEvidence& evidence, const PromotionTarget& target, core::Timestamp now);

/// `scalper: st0cka 2, other: sma_cross 1`: bots with their engines and decision versions.
std::string text_of(const std::vector<kernel::BotIdentity>& bots);

}  // namespace st0ck::app
