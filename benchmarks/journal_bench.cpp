#include "benchmarks/bench_support.hpp"
#include "st0ck/kernel/journal/writer.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <unistd.h>

namespace st0ck::kernel {
namespace {

using benchmarks::BenchFolder;
using benchmarks::RewritingFiles;
using benchmarks::WallRate;

// What a bar or an order intent takes.
constexpr std::size_t kPayloadSize = 80;
using Payload = std::array<std::byte, kPayloadSize>;

std::unique_ptr<JournalWriter> open_journal(benchmark::State& state, JournalSettings settings) {
  auto writer = JournalWriter::open(std::move(settings), JournalMode::Append);
  if (writer) return std::move(*writer);
  state.SkipWithError(writer.error().message.c_str());
  return nullptr;
}

Payload some_payload() {
  Payload payload;
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::byte>(i * 7);
  return payload;
}

/// What does one record cost the core thread, while the journal thread writes to the page cache?
void append(benchmark::State& state) {
  const BenchFolder folder;
  RewritingFiles files;
  const auto writer = open_journal(state, {.directory = folder / "journal",
                                           .identity = "bench",
                                           .segment_size_max = std::uint64_t{1} << 50,
                                           .durable = false,
                                           .files = &files});
  if (writer == nullptr) return;
  Payload payload = some_payload();
  std::int64_t time = 0;

  const WallRate rate{state};
  for (auto _ : state) {
    payload[0] = static_cast<std::byte>(time);
    if (!writer->append(1, core::timestamp_from_ns(++time), payload))
      state.SkipWithError("the journal failed");
  }
}
BENCHMARK(append)->Name("journal/append");

/// How long until an order intent is on the disk, from the core thread's append to its knowing?
void durable_intent(benchmark::State& state) {
  const BenchFolder folder;
  const auto writer = open_journal(state, {.directory = folder / "journal", .identity = "bench"});
  if (writer == nullptr) return;
  const Payload payload = some_payload();
  std::int64_t time = 0;

  const WallRate rate{state};
  for (auto _ : state) {
    const bool sound = writer->append(2, core::timestamp_from_ns(++time), payload) &&
                       writer->wait_durable(writer->last_sequence());
    if (!sound) state.SkipWithError("the journal failed");
  }
}
BENCHMARK(durable_intent)->Name("journal/durable_intent");

/// What does the system take for the same bytes, appended and synced by one thread?
void raw_fdatasync(benchmark::State& state) {
  const BenchFolder folder;
  const int file = ::open((folder / "raw").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  std::array<std::byte, kFrameHeaderSize + kPayloadSize> frame{};

  {
    const WallRate rate{state};
    for (auto _ : state) {
      const auto written = ::write(file, frame.data(), frame.size());
      if (written != static_cast<ssize_t>(frame.size()) || ::fdatasync(file) != 0)
        state.SkipWithError("the disk refused");
    }
  }
  ::close(file);
}
BENCHMARK(raw_fdatasync)->Name("raw/fdatasync");

/// How many records per second does a replay find?
void read(benchmark::State& state) {
  const std::int64_t records = std::getenv("ST0CK_BENCH_SMOKE") != nullptr ? 1'000 : 1'000'000;
  const BenchFolder folder;
  const auto directory = folder / "journal";
  const auto writer =
      open_journal(state, {.directory = directory, .identity = "bench", .durable = false});
  if (writer == nullptr) return;
  const Payload payload = some_payload();
  bool sound = true;
  for (std::int64_t i = 0; i < records; ++i)
    sound = sound && writer->append(1, core::timestamp_from_ns(i), payload);
  if (!sound || !writer->finish()) state.SkipWithError("the journal failed");

  for (auto _ : state) {
    const auto found = verify_journal(directory);
    if (!found || found->last_sequence.value() != static_cast<std::uint64_t>(records))
      state.SkipWithError("the journal does not read");
  }

  state.SetItemsProcessed(state.iterations() * records);
}
BENCHMARK(read)->Name("journal/read")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace st0ck::kernel
