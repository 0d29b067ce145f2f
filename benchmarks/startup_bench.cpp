#include "benchmarks/bench_support.hpp"
#include "cmake/registered_engines.hpp"
#include "src/app/configuration.hpp"
#include "src/app/daemon.hpp"
#include "st0ck/kernel/engine_registry.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace st0ck::benchmarks {
namespace {

/// How long from the start of the program's own work to a daemon that is ready to run: the
/// configuration read and checked, three engines made, state directory, log, journal, database
/// and market open? (The system needs some 5 ms more to load the program.)
void ready(benchmark::State& state) {
  kernel::EngineRegistry registry;
  register_engines(registry);
  const std::vector<std::string> overrides{"bots.b.engine=st0cka", "bots.c.engine=st0cka",
                                           "log.terminal=off"};
  const BenchFolder folder;
  WallRate rate{state};
  for (auto _ : state) {
    auto loaded = app::load_configuration("config/paper.yaml", overrides, registry);
    if (!loaded.problems.empty()) return state.SkipWithError(loaded.problem_text().c_str());
    const auto daemon = app::Daemon::open(std::move(loaded.configuration), folder / "state");
    rate.pause();
    if (!daemon) return state.SkipWithError(daemon.error().message.c_str());
    std::error_code ignored;
    std::filesystem::remove_all(folder / "state", ignored);
    rate.resume();
  }
}
BENCHMARK(ready)->Name("startup/ready")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace st0ck::benchmarks
