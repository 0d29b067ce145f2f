#include "src/app/exchange/faults/fault_symbols.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>

namespace st0ck::app::exchange {

namespace {

/// Recorded markets may have hundreds.
constexpr std::size_t kNamed = 20;

std::string symbols_of(const market::InstrumentTable& instruments) {
  std::string text;
  std::size_t count = 0;
  for (const market::Instrument& instrument : instruments) {
    if (++count > kNamed) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", instrument.symbol);
  }
  return count > kNamed ? fmt::format("{} and {} more", text, count - kNamed) : text;
}

std::string unknown_of(const FaultRule& fault, const market::InstrumentTable& instruments) {
  std::string text;
  for (const core::Symbol& symbol : fault.symbols)
    if (instruments.find(symbol) == nullptr)
      text += fmt::format("{}'{}'", text.empty() ? "" : ", ", symbol);
  return text;
}

}  // namespace

core::Status check_symbols(std::span<const FaultRule> faults,
                           const market::InstrumentTable& instruments) {
  std::string problems;
  for (const FaultRule& fault : faults)
    if (const std::string unknown = unknown_of(fault, instruments); !unknown.empty())
      problems +=
          fmt::format("{}{}: faults.{}.symbols: found {}; allowed: symbols of the market: {}",
                      problems.empty() ? "" : "\n", fault.symbols_place, fault.name, unknown,
                      symbols_of(instruments));
  if (problems.empty()) return {};
  return core::fail(core::Errc::BadInput, "{}", problems);
}

}  // namespace st0ck::app::exchange
