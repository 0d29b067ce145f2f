#pragma once

#include "src/app/resident_memory.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

namespace st0ck::app {

struct MetricsWriterSettings {
  std::filesystem::path path;
  /// Asked on the writer's thread, before each write.
  std::function<std::optional<std::uint64_t>()> resident_bytes = app::resident_bytes;
  /// From here on memory is worth a warning (spec st0ck 15).
  std::uint64_t memory_warn_bytes = 500'000'000;
};

/// Writes figures to a file on a thread of its own, so that the core thread waits for no disk.
///
/// The core thread fills its one place and the writer empties it; where the writer has not come to
/// it, the newer figures take the place of the older: the core thread never waits, and the file is
/// late at the most. Whoever reads the file finds it whole, whenever the process ends: the new one
/// takes the old one's name once it is complete.
class MetricsWriter {
 public:
  explicit MetricsWriter(MetricsWriterSettings settings);

  /// Finishes, if `finish` was not called.
  ~MetricsWriter();
  MetricsWriter(const MetricsWriter&) = delete;
  MetricsWriter& operator=(const MetricsWriter&) = delete;

  /// Core thread. The writer adds `memory` to the object.
  void offer(nlohmann::ordered_json metrics);

  /// Core thread. Waits until what was offered last is written, and ends the writer.
  void finish();

  /// Any thread. The first failure to write, for good.
  core::Status status() const;

  /// Any thread. What was in memory when it first was as much as is worth a warning.
  std::optional<std::uint64_t> high_memory() const;

  /// Any thread. The longest write since this was asked last; zero when there was none.
  core::Duration take_longest_write();

 private:
  void run();
  void write_next();
  void add_memory(nlohmann::ordered_json& metrics);

  MetricsWriterSettings settings_;
  std::atomic<nlohmann::ordered_json*> next_{nullptr};  ///< Owned.
  std::atomic<std::uint32_t> offers_{0};                ///< Wakes the writer.
  std::atomic<bool> is_ending_{false};
  std::atomic<bool> has_failed_{false};
  core::Status failure_;  ///< Written once, before `has_failed_`.
  std::atomic<std::uint64_t> high_memory_{0};
  std::atomic<core::Duration::rep> longest_write_{0};
  std::thread thread_;
};

}  // namespace st0ck::app
