#include "src/app/faults/scenario_text.hpp"

#include "src/app/exchange/faults/reject_answer.hpp"
#include "st0ck/core/time_of_day.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <string_view>
#include <vector>

namespace st0ck::app::faults {

namespace {

using exchange::FaultKind;
using exchange::FaultRule;

std::string text_of(core::Duration duration) {
  return fmt::format("{}ms", duration / std::chrono::milliseconds{1});
}

void add_message_keys(std::vector<std::string>& keys, const FaultRule& rule) {
  std::vector<std::string_view> places;
  for (const exchange::FaultPoint point : rule.where) places.push_back(name_of(point));
  keys.push_back(fmt::format("where: [{}]", fmt::join(places, ", ")));
  if (rule.share != core::Rate::whole(1))
    keys.push_back(fmt::format("share: {}", rule.share.to_string()));
  if (rule.skip > 0) keys.push_back(fmt::format("skip: {}", rule.skip));
  if (rule.count > 0) keys.push_back(fmt::format("count: {}", rule.count));
}

void add_status_keys(std::vector<std::string>& keys, const FaultRule& rule) {
  keys.push_back(fmt::format("status: {}", rule.status));
  if (rule.retry_after) keys.push_back(fmt::format("retry_after: {}", text_of(*rule.retry_after)));
  keys.push_back(fmt::format("acts: {}", rule.acts));
}

void add_halt_keys(std::vector<std::string>& keys, const FaultRule& rule) {
  keys.push_back(fmt::format("code: {}", rule.halt_code));
  if (!rule.from) keys.push_back(fmt::format("a_day: {}", rule.halts_a_day));
}

void add_symbols(std::vector<std::string>& keys, const FaultRule& rule) {
  if (!rule.symbols.empty())
    keys.push_back(fmt::format("symbols: [{}]", fmt::join(rule.symbols, ", ")));
}

/// What each kind has for itself.
void add_own_keys(std::vector<std::string>& keys, const FaultRule& rule) {
  switch (rule.kind) {
    case FaultKind::Delay:
    case FaultKind::DelayRequest:
      keys.push_back(fmt::format("delay: {}", text_of(rule.delay)));
      keys.push_back(fmt::format("jitter: {}", text_of(rule.jitter)));
      return;
    case FaultKind::Overtake:
      keys.push_back(fmt::format("places: {}", rule.places));
      keys.push_back(fmt::format("delay: {}", text_of(rule.delay)));
      return;
    case FaultKind::Duplicate: return keys.push_back(fmt::format("copies: {}", rule.copies));
    case FaultKind::Truncate: return keys.push_back(fmt::format("bytes: {}", rule.bytes));
    case FaultKind::Hang:
      return keys.push_back(fmt::format("hangs_for: {}", text_of(rule.hangs_for)));
    case FaultKind::Status: return add_status_keys(keys, rule);
    case FaultKind::Close: return keys.push_back(fmt::format("code: {}", rule.code));
    case FaultKind::Forget: return keys.push_back(fmt::format("says: {}", rule.says));
    case FaultKind::Reject: return keys.push_back(fmt::format("reason: {}", name_of(rule.reason)));
    case FaultKind::Halt: add_halt_keys(keys, rule); return add_symbols(keys, rule);
    case FaultKind::PartialFill:
      keys.push_back(fmt::format("shares: {}", rule.shares.to_string()));
      keys.push_back(fmt::format("pause: {}", text_of(rule.pause)));
      return add_symbols(keys, rule);
    case FaultKind::Clock: return keys.push_back(fmt::format("offset: {}", text_of(rule.offset)));
    case FaultKind::Restart: return keys.push_back(fmt::format("down: {}", text_of(rule.down)));
    case FaultKind::Lose:
    case FaultKind::LoseReply:
    case FaultKind::RejectLater: return;
  }
}

std::string text_of(const FaultRule& rule) {
  std::vector<std::string> keys{fmt::format("kind: {}", name_of(rule.kind))};
  if (is_of_messages(rule.kind)) add_message_keys(keys, rule);
  if (rule.from) keys.push_back(fmt::format("from: \"{}\"", core::to_string(*rule.from)));
  if (rule.lasts && rule.kind != FaultKind::Restart)
    keys.push_back(fmt::format("for: {}", text_of(*rule.lasts)));
  add_own_keys(keys, rule);
  return fmt::format("  {}: {{{}}}\n", rule.name, fmt::join(keys, ", "));
}

}  // namespace

std::string text_of(const exchange::Scenario& scenario) {
  std::string text = fmt::format("seed: {}\nrequests_per_minute: {}\nlatency: {}\njitter: {}\n",
                                 scenario.seed, scenario.requests_per_minute,
                                 text_of(scenario.latency), text_of(scenario.jitter));
  if (scenario.reject_one_in > 0)
    text += fmt::format("reject_one_in: {}\nreject_status: {}\n", scenario.reject_one_in,
                        scenario.reject_status);
  if (scenario.around_midnight > core::Duration{})
    text += fmt::format("around_midnight: {}\n", text_of(scenario.around_midnight));
  if (!scenario.faults.empty()) text += "faults:\n";
  for (const FaultRule& rule : scenario.faults) text += text_of(rule);
  return text;
}

}  // namespace st0ck::app::faults
