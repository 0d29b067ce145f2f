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

// What a bar or an order intent takes.
constexpr std::size_t kPayloadSize = 80;
using Payload = std::array<std::byte, kPayloadSize>;

/// A folder on a disk: /tmp may be memory, where a sync costs nothing. TMPDIR chooses another.
class BenchFolder {
 public:
  BenchFolder() {
    const char* chosen = std::getenv("TMPDIR");
    std::string pattern = std::string{chosen != nullptr ? chosen : "/var/tmp"} + "/st0ck-XXXXXX";
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~BenchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Real files that use the same 32 MiB again and again, so that a long run measures the journal
/// and not how fast the disk takes gigabytes.
class RewritingFiles final : public FileOperations {
 public:
  int open(const std::string& path, int flags) override { return real_.open(path, flags); }
  std::int64_t write(int file, std::span<const std::byte> bytes, std::uint64_t offset) override {
    return real_.write(file, bytes, offset % (std::uint64_t{32} << 20));
  }
  int sync(int file) override { return real_.sync(file); }
  int truncate(int file, std::uint64_t size) override { return real_.truncate(file, size); }
  int close(int file) override { return real_.close(file); }
  int remove(const std::string& path) override { return real_.remove(path); }
  int rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }
  int make_directory(const std::string& path) override { return real_.make_directory(path); }

 private:
  FileOperations& real_ = posix_file_operations();
};

/// Sets items_per_second by the clock on the wall. The library's own way goes by the core thread's
/// processor time, in which waiting for the disk costs nothing, or adds to the benchmark's name.
class WallRate {
 public:
  explicit WallRate(benchmark::State& state) : state_{state} {}
  ~WallRate() {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin_;
    state_.counters["items_per_second"] = static_cast<double>(state_.iterations()) / taken.count();
  }
  WallRate(const WallRate&) = delete;
  WallRate& operator=(const WallRate&) = delete;

 private:
  benchmark::State& state_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

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
