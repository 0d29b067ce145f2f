#include "journal_thread.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace st0ck::kernel {

namespace {

using core::Status;

constexpr std::size_t kWriteBatch = std::size_t{128} << 10;

// The ring's memory is given back in pieces of this size, so that the core thread goes on while
// the rest is written.
constexpr std::size_t kPieceMax = std::size_t{256} << 10;

// Between two looks at a disk that was full.
constexpr auto kSpacePause = std::chrono::milliseconds{100};

timespec to_timespec(core::Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = static_cast<time_t>(seconds.count()),
          .tv_nsec = static_cast<long>((duration - seconds).count())};
}

template <typename Condition>
bool spin_until(core::Duration duration, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + duration;
  do {
    for (int i = 0; i < 64; ++i)
      if (condition()) return true;
  } while (std::chrono::steady_clock::now() < deadline);
  return false;
}

}  // namespace

JournalThread::JournalThread(const JournalSettings& settings, const Start& start)
    : settings_{settings},
      start_{start},
      ring_{settings.buffer_size},
      write_batch_{std::min(kWriteBatch, ring_.capacity() / 4)},
      file_{*settings.files, settings.directory, settings.durable},
      has_begun_{start.segment != 0},
      wake_event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
      appended_{start.last_sequence},
      flushed_{start.last_sequence},
      durable_{start.last_sequence} {
  ST0CK_ASSERT(wake_event_ >= 0, "the system has a file handle for the journal thread");
}

JournalThread::~JournalThread() {
  // Whoever wants to know how it ends calls `stop` before.
  static_cast<void>(stop());
  ::close(wake_event_);
}

void JournalThread::start() {
  thread_ = std::thread{[this] { run(); }};
}

// Core thread.

// The common case, told without looking at memory that the other thread writes.
bool JournalThread::has_room_as_known(std::size_t size) const {
  const auto boundaries = boundaries_put_.load(std::memory_order_relaxed) - boundaries_taken_known_;
  return put_ - tail_known_ + size <= ring_.capacity() && boundaries < kBoundariesMax;
}

bool JournalThread::has_room(std::size_t size) {
  boundaries_taken_known_ = boundaries_taken_.load(std::memory_order_acquire);
  tail_known_ = tail_.load(std::memory_order_acquire);
  return has_room_as_known(size);
}

bool JournalThread::make_room(std::size_t size) {
  if (has_room_as_known(size) || has_room(size)) return true;
  if (settings_.when_full == WhenFull::Fail) return false;
  room_wanted_.store(true);
  const auto status = wait_until([&] { return has_room(size); });
  room_wanted_.store(false);
  return status.has_value();
}

void JournalThread::put(std::span<const std::byte> bytes) {
  ring_.put(put_, bytes);
  put_ += bytes.size();
}

void JournalThread::begin_segment(std::uint64_t segment) {
  const auto index = boundaries_put_.load(std::memory_order_relaxed);
  boundaries_[index % kBoundariesMax] = {.position = put_, .segment = segment};
  boundaries_put_.store(index + 1, std::memory_order_release);
}

void JournalThread::publish(std::uint64_t last_sequence) {
  // In this order: who sees the sequence must find its bytes.
  head_.store(put_, std::memory_order_release);
  appended_.store(last_sequence, std::memory_order_release);
  if (put_ - tail_known_ < write_batch_ || !sleeping_.load(std::memory_order_relaxed)) return;
  tail_known_ = tail_.load(std::memory_order_acquire);
  if (put_ - tail_known_ >= write_batch_) wake();
}

void JournalThread::request_sync(std::uint64_t sequence) {
  if (sequence <= sync_requested_.load(std::memory_order_relaxed)) return;
  sync_requested_.store(sequence);
  wake();
}

void JournalThread::request_flush() {
  flush_requested_.store(head_.load(std::memory_order_relaxed));
  wake();
}

// The two sides must not miss each other: here a request and then `sleeping_`, over there
// `sleeping_` and then the requests, all in one total order.
void JournalThread::wake() {
  if (!sleeping_.exchange(false)) return;
  const std::uint64_t one = 1;
  const auto written = ::write(wake_event_, &one, sizeof one);
  ST0CK_ASSERT(written == sizeof one, "the journal thread can be woken");
}

template <typename Condition>
Status JournalThread::wait_until(Condition condition) {
  const auto done = [&] { return condition() || failed(); };
  wake();
  if (settings_.spin.count() > 0) spin_until(settings_.spin, done);
  while (true) {
    const auto seen = progress_.load(std::memory_order_acquire);
    if (done()) break;
    progress_.wait(seen, std::memory_order_acquire);
  }
  return condition() ? Status{} : status();
}

Status JournalThread::wait_durable(std::uint64_t sequence) {
  request_sync(sequence);
  return wait_until([&] { return durable_up_to() >= sequence; });
}

Status JournalThread::wait_flushed() {
  request_flush();
  const auto head = head_.load(std::memory_order_relaxed);
  const auto last = appended_.load(std::memory_order_relaxed);
  return wait_until(
      [&] { return tail_.load(std::memory_order_acquire) >= head && flushed_up_to() >= last; });
}

Status JournalThread::stop() {
  if (thread_.joinable()) {
    stopping_.store(true);
    wake();
    thread_.join();
  }
  return status();
}

Status JournalThread::status() const {
  if (!failed()) return {};
  return tl::unexpected(*error_);
}

// Journal thread.

void JournalThread::run() {
  auto status = start_.segment == 0 ? Status{} : file_.resume(start_.segment, start_.size);
  if (status) status = serve();
  if (status) status = file_.close();
  if (!status) give_up(status.error());
}

Status JournalThread::serve() {
  while (true) {
    // Read before anything else, so that what was put before the stop is written.
    const bool stopping = stopping_.load();
    if (stopping || is_due()) {
      if (auto written = write_out(stopping); !written) return written;
      if (stopping) return {};
    } else {
      sleep();
    }
  }
}

Status JournalThread::write_out(bool stopping) {
  aged_ = false;
  const bool wants_sync =
      stopping || sync_requested_.load() > durable_.load(std::memory_order_relaxed);
  const auto last = appended_.load(std::memory_order_acquire);
  if (auto drained = drain(head_.load(std::memory_order_acquire)); !drained) return drained;
  flushed_.store(last, std::memory_order_release);
  if (wants_sync) {
    if (auto synced = file_.sync(); !synced) return synced;
    durable_.store(last, std::memory_order_release);
  }
  announce();
  if (wants_sync) report(false);
  return {};
}

Status JournalThread::drain(std::uint64_t head) {
  while (boundaries_taken_.load(std::memory_order_relaxed) <
         boundaries_put_.load(std::memory_order_acquire)) {
    const auto index = boundaries_taken_.load(std::memory_order_relaxed);
    const auto position = boundaries_[index % kBoundariesMax].position;
    // Its bytes may not be published yet.
    if (position >= head) break;
    if (auto written = write_piecewise(position); !written) return written;
    if (auto crossed = cross_boundary(); !crossed) return crossed;
  }
  return write_piecewise(head);
}

Status JournalThread::write_piecewise(std::uint64_t end) {
  auto tail = tail_.load(std::memory_order_relaxed);
  while (tail < end) {
    const auto bytes = ring_.piece(tail, std::min(end, tail + kPieceMax));
    if (auto written = write_when_there_is_space(bytes); !written) return written;
    tail += bytes.size();
    tail_.store(tail, std::memory_order_release);
    announce();
  }
  return {};
}

/// What the disk has no space for stays in the ring meanwhile.
Status JournalThread::write_when_there_is_space(std::span<const std::byte> bytes) {
  while (true) {
    const auto before = file_.size();
    const auto written = file_.write(bytes);
    bytes = bytes.subspan(file_.size() - before);
    const bool is_full = !written && written.error().code == core::Errc::NoSpace;
    const bool waits = is_full && settings_.waits_for_space && has_begun_ && !stopping_.load();
    if (std::exchange(is_stalled_, waits) != waits) report(false);
    has_begun_ = has_begun_ || written;
    if (!waits) return written;
    std::this_thread::sleep_for(kSpacePause);
  }
}

Status JournalThread::cross_boundary() {
  const auto index = boundaries_taken_.load(std::memory_order_relaxed);
  const auto segment = boundaries_[index % kBoundariesMax].segment;
  boundaries_taken_.store(index + 1, std::memory_order_release);
  return file_.create(segment);
}

bool JournalThread::is_due() const {
  const auto pending = head_.load() - tail_.load(std::memory_order_relaxed);
  if (sync_requested_.load() > durable_.load(std::memory_order_relaxed)) return true;
  if (flush_requested_.load() > tail_.load(std::memory_order_relaxed)) return true;
  return pending >= write_batch_ || (pending > 0 && (aged_ || room_wanted_.load()));
}

void JournalThread::sleep() {
  const auto has_work = [this] { return is_due() || stopping_.load(); };
  if (settings_.spin.count() > 0 && spin_until(settings_.spin, has_work)) return;
  sleeping_.store(true);
  if (!has_work()) aged_ = wait_for_wake();
  sleeping_.store(false);
}

// Whether `flush_age` went by without anybody waking us.
bool JournalThread::wait_for_wake() {
  pollfd event{.fd = wake_event_, .events = POLLIN, .revents = 0};
  const auto timeout = to_timespec(settings_.flush_age);
  if (::ppoll(&event, 1, &timeout, nullptr) == 0) return true;
  std::uint64_t count = 0;
  // Empty when a signal ended the wait; the next round finds out.
  static_cast<void>(!::read(wake_event_, &count, sizeof count));
  return false;
}

void JournalThread::give_up(const core::Error& error) {
  error_ = error;
  failed_.store(true, std::memory_order_release);
  announce();
  report(true);
}

void JournalThread::report(bool failed) const {
  if (!settings_.on_progress) return;
  settings_.on_progress({.durable_up_to = core::Sequence{durable_up_to()},
                         .failed = failed,
                         .is_stalled = is_stalled_});
}

void JournalThread::announce() {
  progress_.fetch_add(1, std::memory_order_release);
  progress_.notify_all();
}

}  // namespace st0ck::kernel
