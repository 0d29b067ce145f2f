#include "src/app/faults/fault_day.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace st0ck::app::faults;

int main(int argc, char** argv) {
  const std::uint64_t first = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
  const bool show = argc > 3;
  const auto t0 = std::chrono::steady_clock::now();
  std::uint64_t orders = 0, fills = 0, bad = 0, unknown = 0, requests = 0, records = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Timeline timeline;
    const auto figures = play_day(schedule_of(seed), show ? &timeline : nullptr);
    for (const auto& line : timeline.lines()) fmt::print("{}\n", line);
    orders += figures.orders;
    fills += figures.fills;
    unknown += figures.unknown;
    requests += figures.requests;
    records += figures.records;
    if (!figures.violations.empty()) ++bad;
    for (const auto& violation : figures.violations)
      fmt::print("seed {} {}: {}\n", seed, violation.rule, violation.what);
  }
  const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count();
  fmt::print("{} seeds, {} bad, {} orders, {} fills, {} unknown, {} requests, {} records, {:.1f} ms each\n",
             count, bad, orders, fills, unknown, requests, records, s * 1000 / double(count));
}
