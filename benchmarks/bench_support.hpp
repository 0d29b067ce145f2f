#pragma once

#include "st0ck/kernel/journal/file_operations.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace st0ck::benchmarks {

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
class RewritingFiles final : public kernel::FileOperations {
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
  kernel::FileOperations& real_ = kernel::posix_file_operations();
};

/// Sets items_per_second by the clock on the wall. The library's own way goes by the core thread's
/// processor time, in which waiting for the disk costs nothing, or adds to the benchmark's name.
class WallRate {
 public:
  /// One iteration is `items` items.
  explicit WallRate(benchmark::State& state, double items = 1) : state_{state}, items_{items} {}
  ~WallRate() {
    pause();
    state_.counters["items_per_second"] =
        static_cast<double>(state_.iterations()) * items_ / taken_.count();
  }
  WallRate(const WallRate&) = delete;
  WallRate& operator=(const WallRate&) = delete;

  void pause() { taken_ += std::chrono::steady_clock::now() - begin_; }
  void resume() { begin_ = std::chrono::steady_clock::now(); }

 private:
  benchmark::State& state_;
  double items_;
  std::chrono::duration<double> taken_{0};
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Percentiles of times, as counters in microseconds.
class Percentiles {
 public:
  explicit Percentiles(benchmark::State& state) : state_{state} { taken_.reserve(kTimesMax); }
  ~Percentiles() {
    if (taken_.empty()) return;
    std::ranges::sort(taken_);
    const auto at = [&](double part) {
      return taken_[static_cast<std::size_t>(part * static_cast<double>(taken_.size() - 1))];
    };
    state_.counters["p50_us"] = at(0.5);
    state_.counters["p99_us"] = at(0.99);
    state_.counters["p999_us"] = at(0.999);
  }
  Percentiles(const Percentiles&) = delete;
  Percentiles& operator=(const Percentiles&) = delete;

  void add(std::chrono::steady_clock::duration time) {
    if (taken_.size() < kTimesMax)
      taken_.push_back(std::chrono::duration<double, std::micro>{time}.count());
  }

 private:
  static constexpr std::size_t kTimesMax = 1'000'000;

  benchmark::State& state_;
  std::vector<double> taken_;
};

}  // namespace st0ck::benchmarks
