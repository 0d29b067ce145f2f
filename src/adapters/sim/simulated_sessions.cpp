#include "st0ck/adapters/sim/simulated_sessions.hpp"

namespace st0ck::adapters::sim {

core::Result<std::vector<core::Session>> first_sessions(core::Date from, std::uint32_t count,
                                                        const core::ExchangeCalendar& calendar) {
  if (auto status = calendar.check(from); !status) return tl::unexpected(status.error());
  std::vector<core::Session> sessions;
  if (const auto first = calendar.session_on(from)) sessions.push_back(*first);
  while (sessions.size() < count) {
    auto next = calendar.next_session(sessions.empty() ? from : sessions.back().date);
    if (!next) return tl::unexpected(next.error());
    sessions.push_back(*next);
  }
  return sessions;
}

}  // namespace st0ck::adapters::sim
