#include "src/app/faults/memory_journal.hpp"

#include "st0ck/kernel/journal/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::app::faults {

namespace {

constexpr std::uint64_t kSegment = 1;
/// As kernel::JournalSettings has it: the longest that a record stays in the process alone.
constexpr core::Duration kFlushAge = std::chrono::milliseconds{50};

}  // namespace

MemoryJournal::MemoryJournal(net::Scheduler& scheduler, const DiskSettings& settings)
    : scheduler_{scheduler}, settings_{settings}, random_{settings.seed} {
  kernel::SegmentHeader header;
  header.segment = kSegment;
  header.first_sequence = 1;
  header.identity = "faults";
  std::string text;
  kernel::encode_segment_header(header, text);
  const auto bytes = kernel::bytes_of(text);
  bytes_.assign(bytes.begin(), bytes.end());
}

void MemoryJournal::append(kernel::RecordKind kind, core::Sequence, core::Timestamp time,
                           std::span<const std::byte> payload) {
  if (!status_) return;
  if (next_ < frames_.size()) return compare(kind, time, payload);
  append_new(kind, time, payload);
}

void MemoryJournal::append_new(kernel::RecordKind kind, core::Timestamp time,
                               std::span<const std::byte> payload) {
  frames_.push_back(bytes_.size());
  appended_at_.push_back(scheduler_.elapsed());
  kernel::FrameHeader header;
  header.sequence = ++next_;
  header.time = time;
  header.kind = static_cast<std::uint16_t>(kind);
  header.payload_size = static_cast<std::uint32_t>(payload.size());
  std::array<std::byte, kernel::kFrameHeaderSize> frame{};
  kernel::encode_frame_header(frame, kSegment, header, payload);
  bytes_.insert(bytes_.end(), frame.begin(), frame.end());
  bytes_.insert(bytes_.end(), payload.begin(), payload.end());
  if (on_record) on_record(kind, core::Sequence{next_}, time, payload);
}

void MemoryJournal::compare(kernel::RecordKind kind, core::Timestamp time,
                            std::span<const std::byte> payload) {
  const std::span<const std::byte> stored = std::span{bytes_}.subspan(frames_[next_]);
  kernel::FrameHeader header;
  const bool is_whole =
      kernel::decode_frame(stored, kSegment, header) == kernel::FrameFinding::Whole;
  const auto body = stored.subspan(kernel::kFrameHeaderSize, header.payload_size);
  const bool is_same = is_whole && header.kind == static_cast<std::uint16_t>(kind) &&
                       header.time == time && std::ranges::equal(body, payload);
  ++next_;
  if (is_same) return;
  status_ = core::fail(core::Errc::Diverged, "record {}: the journal has {}, the restart gives {}",
                       next_, kernel::name_of(static_cast<kernel::RecordKind>(header.kind)),
                       kernel::name_of(kind));
}

void MemoryJournal::request_sync() {
  wanted_ = std::max(wanted_, next_);
  if (syncing_ == 0 && wanted_ > durable_) sync_later();
}

/// Requests that come while it is under way share the next one.
void MemoryJournal::sync_later() {
  syncing_ = wanted_;
  const auto span = static_cast<std::uint64_t>(
      std::max<std::int64_t>((settings_.sync_max - settings_.sync_min).count(), 1));
  core::Duration wait =
      settings_.sync_min + core::Duration{static_cast<std::int64_t>(random_() % span)};
  if (settings_.stall_one_in > 0 &&
      random_() % static_cast<std::uint64_t>(settings_.stall_one_in) == 0)
    wait = settings_.stall;
  sync_task_ = scheduler_.call_after(wait, guard_.wrap([this] {
    durable_ = std::exchange(syncing_, 0);
    if (wanted_ > durable_) sync_later();
    if (on_progress) on_progress();
  }));
}

core::Sequence MemoryJournal::crash(Death death) {
  scheduler_.cancel(sync_task_);
  syncing_ = 0;
  std::uint64_t safe = durable_;
  if (death == Death::Kill)
    while (safe < frames_.size() && appended_at_[safe] + kFlushAge <= scheduler_.elapsed()) ++safe;
  const std::uint64_t kept = safe + random_() % (frames_.size() - safe + 1);
  if (kept < frames_.size()) {
    bytes_.resize(frames_[kept]);
    frames_.resize(kept);
    appended_at_.resize(kept);
  }
  durable_ = kept;  // Who starts again syncs what is left first.
  wanted_ = kept;
  next_ = 0;
  on_progress = {};
  return core::Sequence{kept};
}

core::Result<kernel::JournalReader> MemoryJournal::read() {
  copy_ = bytes_;
  return kernel::JournalReader::open(kernel::memory_source({std::span{copy_}}));
}

}  // namespace st0ck::app::faults
