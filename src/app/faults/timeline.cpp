#include "src/app/faults/timeline.hpp"

#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace st0ck::app::faults {

std::string_view name_of(Actor actor) {
  switch (actor) {
    case Actor::Trader: return "trader";
    case Actor::Desk: return "desk";
    case Actor::Wire: return "wire";
    case Actor::Exchange: return "exchange";
    case Actor::Fault: return "fault";
    case Actor::Operator: return "operator";
    case Actor::Somebody: return "somebody";
    case Actor::Rule: return "RULE";
  }
  return "";
}

void Timeline::add(core::Timestamp time, Actor actor, std::string what) {
  constexpr std::size_t kDate = 11;  // All of it is one day.
  lines_.push_back(
      fmt::format("{} {:<8} {}", core::format_new_york(time).substr(kDate), name_of(actor), what));
}

}  // namespace st0ck::app::faults
