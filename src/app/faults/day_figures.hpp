#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace st0ck::app::faults {

/// Something that must never be, and when it was seen.
struct Violation {
  std::string rule;  ///< A stable name, `POSITION_DIFFERS`.
  std::string what;  ///< For people.
  core::Timestamp time{};
};

/// What a day came to.
struct DayFigures {
  std::vector<Violation> violations;
  std::uint64_t orders = 0;    ///< Of ours at the exchange, replacements not counted.
  std::uint64_t fills = 0;     ///< Of ours, by the exchange.
  std::uint64_t requests = 0;  ///< That reached the exchange.
  std::uint64_t records = 0;   ///< Of the journal.
  std::uint64_t crashes = 0;
  std::uint64_t exits_recovered = 0;  ///< Sent, and without a record after a crash.
  std::uint64_t states_compared = 0;  ///< Of processes that came after one that lost no record.
  std::uint64_t commands = 0;
  std::uint64_t unknown = 0;                    ///< Orders that were unknown at some time.
  std::map<std::string, std::uint64_t> faults;  ///< That struck, by kind.
  core::Duration unprotected_max{};             ///< Of what groups had filled.
};

}  // namespace st0ck::app::faults
