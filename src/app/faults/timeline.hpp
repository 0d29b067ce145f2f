#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::faults {

/// Who did something.
enum class Actor : std::uint8_t { Trader, Desk, Wire, Exchange, Fault, Operator, Somebody, Rule };

/// `trader`, `wire`, ...
std::string_view name_of(Actor actor);

/// What happened on a day, line by line, for people.
class Timeline {
 public:
  void add(core::Timestamp time, Actor actor, std::string what);

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

}  // namespace st0ck::app::faults
