#include "src/app/exchange/faults/fault_note.hpp"

#include "st0ck/core/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace st0ck::app::exchange {

namespace {

constexpr std::size_t kShown = 120;

/// What comes from clients, on one line.
std::string shown(std::string_view text) {
  std::string line{text.substr(0, kShown)};
  std::ranges::replace_if(line, [](char c) { return c < ' ' || c > '~'; }, '.');
  return line;
}

}  // namespace

std::string fault_note(core::Timestamp now, const FaultVerdict& verdict, FaultPoint point,
                       std::string_view message) {
  return fmt::format("fault {} {} {} {} #{} {}", core::format_new_york(now), verdict.rule->name,
                     name_of(verdict.rule->kind), name_of(point), verdict.message, shown(message));
}

std::string fault_note(core::Timestamp now, const FaultRule& rule, std::string_view what) {
  return fmt::format("fault {} {} {} {}", core::format_new_york(now), rule.name, name_of(rule.kind),
                     shown(what));
}

}  // namespace st0ck::app::exchange
