#pragma once

#include "byte_ring.hpp"
#include "segment_file.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/kernel/journal/settings.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <thread>

namespace st0ck::kernel {

/// Carries a stream of bytes from the core thread to the segment files.
///
/// The core thread fills a ring and never waits for a lock, a system call or the disk, but for
/// `make_room` when the ring is full and the settings say to wait. The journal thread empties the
/// ring when 128 KiB have gathered, when asked, or after `flush_age`.
class JournalThread {
 public:
  /// Where writing begins: behind `size` bytes of `segment`, or with a new segment when it is 0.
  struct Start {
    std::uint64_t segment = 0;
    std::uint64_t size = 0;
    std::uint64_t last_sequence = 0;
  };

  JournalThread(const JournalSettings& settings, const Start& start);
  ~JournalThread();
  JournalThread(const JournalThread&) = delete;
  JournalThread& operator=(const JournalThread&) = delete;

  // Core thread.

  void start();

  /// Whether `size` bytes and one new segment find room, after waiting where the settings say so.
  bool make_room(std::size_t size);

  /// Adds bytes; room was made before. Not seen by the journal thread until `publish`.
  void put(std::span<const std::byte> bytes);

  /// What is put from here on goes to a new segment.
  void begin_segment(std::uint64_t segment);

  /// Hands over what was put; it ends with the record `last_sequence`.
  void publish(std::uint64_t last_sequence);

  void request_sync(std::uint64_t sequence);
  void request_flush();

  core::Status wait_durable(std::uint64_t sequence);
  core::Status wait_flushed();

  /// Writes and syncs all there is and ends the thread. Does nothing the second time.
  core::Status stop();

  std::size_t capacity() const { return ring_.capacity(); }

  // Any thread.

  std::uint64_t durable_up_to() const { return durable_.load(std::memory_order_acquire); }
  std::uint64_t flushed_up_to() const { return flushed_.load(std::memory_order_acquire); }
  bool failed() const { return failed_.load(std::memory_order_acquire); }

  /// Why the thread gave up; good unless `failed`.
  core::Status status() const;

 private:
  struct Boundary {
    std::uint64_t position = 0;
    std::uint64_t segment = 0;
  };
  static constexpr std::size_t kBoundariesMax = 64;

  bool has_room_as_known(std::size_t size) const;
  bool has_room(std::size_t size);
  void wake();
  template <typename Condition>
  core::Status wait_until(Condition condition);

  void run();
  core::Status serve();
  core::Status write_out(bool stopping);
  core::Status drain(std::uint64_t head);
  core::Status write_piecewise(std::uint64_t end);
  core::Status write_when_there_is_space(std::span<const std::byte> bytes);
  core::Status cross_boundary();
  bool is_due() const;
  void sleep();
  bool wait_for_wake();
  void give_up(const core::Error& error);
  void report(bool failed) const;
  void announce();

  const JournalSettings& settings_;
  Start start_;
  ByteRing ring_;
  std::array<Boundary, kBoundariesMax> boundaries_{};
  std::size_t write_batch_;
  SegmentFile file_;
  std::thread thread_;
  bool has_begun_;           // Journal thread: its opening is not one that waits for space.
  bool is_stalled_ = false;  // Journal thread: it waits for space.
  int wake_event_;
  bool aged_ = false;  // Journal thread: `flush_age` has passed in sleep.

  // The core thread's own: what it has put and what it last knew of the journal thread.
  alignas(64) std::uint64_t put_ = 0;
  std::uint64_t tail_known_ = 0;
  std::uint64_t boundaries_taken_known_ = 0;

  // Written by the core thread.
  alignas(64) std::atomic<std::uint64_t> head_{0};
  std::atomic<std::uint64_t> appended_;
  std::atomic<std::uint64_t> boundaries_put_{0};

  // Written by the journal thread.
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  std::atomic<std::uint64_t> boundaries_taken_{0};
  std::atomic<std::uint64_t> flushed_;
  std::atomic<std::uint64_t> durable_;
  std::atomic<std::uint32_t> progress_{0};  // Counts steps, for those who wait.
  std::atomic<bool> failed_{false};
  std::optional<core::Error> error_;  // Set before `failed_`.

  // Rare: questions of the core thread, and the sleep that they end.
  alignas(64) std::atomic<std::uint64_t> sync_requested_{0};
  std::atomic<std::uint64_t> flush_requested_{0};  // A position.
  std::atomic<bool> room_wanted_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> sleeping_{false};
};

}  // namespace st0ck::kernel
