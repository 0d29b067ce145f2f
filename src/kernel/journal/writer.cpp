#include "st0ck/kernel/journal/writer.hpp"

#include "journal_thread.hpp"
#include "reexecution.hpp"
#include "segment_file.hpp"
#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <utility>

namespace st0ck::kernel {

namespace {

using core::Errc;
using core::fail;
using core::Result;
using core::Status;

constexpr std::size_t kBufferSizeMin = std::size_t{16} << 10;

}  // namespace

JournalWriter::JournalWriter(JournalSettings settings) : settings_{std::move(settings)} {
  settings_.buffer_size = std::max(settings_.buffer_size, kBufferSizeMin);
}

JournalWriter::~JournalWriter() {
  // Whoever wants to know how it ends calls `close` before.
  static_cast<void>(close());
}

Result<std::unique_ptr<JournalWriter>> JournalWriter::open(JournalSettings settings,
                                                           JournalMode mode) {
  std::unique_ptr<JournalWriter> writer{new JournalWriter{std::move(settings)}};
  if (const auto prepared = writer->prepare(mode); !prepared)
    return tl::unexpected(prepared.error());
  return writer;
}

Status JournalWriter::prepare(JournalMode mode) {
  const auto directory = settings_.directory.string();
  if (settings_.identity.size() > kIdentitySizeMax)
    return fail(Errc::OutOfRange, "{}: the run's identity has {} bytes, allowed are {}", directory,
                settings_.identity.size(), kIdentitySizeMax);
  const int made = settings_.files->make_directory(directory);
  if (made != 0) return file_error(directory, "made", made);
  auto state = verify_journal(settings_.directory);
  if (!state) return tl::unexpected(state.error());
  found_ = std::move(*state);
  if (found_.segment != 0 && found_.identity != settings_.identity)
    return fail(Errc::Mismatch, "{}: the journal belongs to another run: {}, this one is {}",
                directory, found_.identity, settings_.identity);
  return adopt(mode);
}

Status JournalWriter::adopt(JournalMode mode) {
  const bool was_finished = found_.end == JournalEnd::Finished;
  if (was_finished && mode == JournalMode::Append)
    return fail(Errc::Refused, "{}: the journal is finished; nothing can be appended",
                settings_.directory.string());
  if (auto cut = cut_torn_tail(found_, *settings_.files); !cut) return cut;
  if (settings_.durable && !was_finished) {
    auto synced = sync_remainder(settings_.directory, found_, *settings_.files);
    if (!synced) return synced;
  }
  segment_header_.identity = settings_.identity;
  segment_ = found_.segment;
  segment_size_ = found_.segment_size;
  segment_records_ = found_.segment_records;
  chain_ = found_.chain;
  thread_ = std::make_unique<JournalThread>(
      settings_, JournalThread::Start{.segment = segment_,
                                      .size = segment_size_,
                                      .last_sequence = found_.last_sequence.value()});
  payload_size_max_ = std::min(kPayloadSizeMax, thread_->capacity() / 2);
  const bool has_records = found_.last_sequence.value() > 0 || was_finished;
  if (mode == JournalMode::Reexecute && has_records) return begin_reexecution();
  last_sequence_ = found_.last_sequence.value();
  last_time_ = found_.last_time;
  return start_thread();
}

Status JournalWriter::begin_reexecution() {
  auto reader = JournalReader::open(settings_.directory);
  if (!reader) return tl::unexpected(reader.error());
  if (reader->next_sequence().value() != 1)
    return fail(Errc::Refused, "{}: the journal begins with record {}; only whole ones re-execute",
                settings_.directory.string(), reader->next_sequence().value());
  reexecution_ = std::make_unique<Reexecution>(std::move(*reader), settings_, found_);
  return {};
}

// A folder that cannot be written is found here and not with the first record.
Status JournalWriter::start_thread() {
  thread_->start();
  if (segment_ != 0) return {};
  begin_segment();
  thread_->publish(last_sequence_);
  return thread_->wait_flushed();
}

bool JournalWriter::append(std::uint16_t kind, core::Timestamp time,
                           std::span<const std::byte> payload) {
  ST0CK_ASSERT(kind != kJournalEndKind, "the kind 0xFFFF belongs to the journal");
  ST0CK_ASSERT(!finished_ && !closed_, "records are appended to a journal that is open");
  if (error_ || thread_->failed()) return false;
  return reexecution_ == nullptr ? append_new(kind, time, payload)
                                 : append_again(kind, time, payload);
}

bool JournalWriter::append_new(std::uint16_t kind, core::Timestamp time,
                               std::span<const std::byte> payload) {
  if (!make_room(payload.size())) return false;
  const std::size_t frame_size = kFrameHeaderSize + payload.size();
  const bool full = segment_size_ + frame_size > settings_.segment_size_max;
  if (segment_records_ > 0 && (full || rotate_requested_)) begin_segment();
  rotate_requested_ = false;
  ++last_sequence_;
  std::array<std::byte, kFrameHeaderSize> header;
  chain_ = encode_frame_header(header, segment_,
                               {.sequence = last_sequence_, .time = time, .kind = kind}, payload);
  thread_->put(header);
  thread_->put(payload);
  thread_->publish(last_sequence_);
  segment_size_ += frame_size;
  ++segment_records_;
  last_time_ = time;
  return true;
}

bool JournalWriter::make_room(std::size_t payload_size) {
  if (payload_size > payload_size_max_) [[unlikely]]
    return give_up(fail(Errc::OutOfRange, "{}: record {} has {} bytes, allowed are {}",
                        settings_.directory.string(), last_sequence_ + 1, payload_size,
                        payload_size_max_)
                       .value());
  const auto header_size = kSegmentHeaderSizeMin + settings_.identity.size();
  if (thread_->make_room(header_size + kFrameHeaderSize + payload_size)) return true;
  if (thread_->failed()) return false;
  return give_up(fail(Errc::Unavailable,
                      "{}: record {} finds the buffer of {} bytes full; the disk is too slow",
                      settings_.directory.string(), last_sequence_ + 1, thread_->capacity())
                     .value());
}

void JournalWriter::begin_segment() {
  ++segment_;
  segment_header_.segment = segment_;
  segment_header_.first_sequence = last_sequence_ + 1;
  segment_header_.chain = chain_;
  encode_segment_header(segment_header_, segment_header_bytes_);
  thread_->begin_segment(segment_);
  thread_->put(bytes_of(segment_header_bytes_));
  segment_size_ = segment_header_bytes_.size();
  segment_records_ = 0;
}

// The stored segments are what they are; a rotation asked for between two stored records is in
// them already.
bool JournalWriter::append_again(std::uint16_t kind, core::Timestamp time,
                                 std::span<const std::byte> payload) {
  if (const auto same = reexecution_->compare(kind, time, payload); !same)
    return give_up(same.error());
  ++last_sequence_;
  last_time_ = time;
  rotate_requested_ = false;
  if (!reexecution_->is_exhausted()) return true;
  reexecution_.reset();
  const auto started = start_thread();
  return started ? true : give_up(started.error());
}

void JournalWriter::request_sync(core::Sequence sequence) {
  ST0CK_ASSERT(sequence.value() <= last_sequence_, "only appended records can become durable");
  thread_->request_sync(sequence.value());
}

void JournalWriter::request_flush() { thread_->request_flush(); }

Status JournalWriter::wait_durable(core::Sequence sequence) {
  ST0CK_ASSERT(sequence.value() <= last_sequence_, "only appended records can become durable");
  return thread_->wait_durable(sequence.value());
}

Status JournalWriter::wait_flushed() { return thread_->wait_flushed(); }

core::Sequence JournalWriter::durable_up_to() const {
  return core::Sequence{thread_->durable_up_to()};
}

core::Sequence JournalWriter::flushed_up_to() const {
  return core::Sequence{thread_->flushed_up_to()};
}

Status JournalWriter::finish() {
  if (finished_) return status();
  if (auto sound = status(); !sound) return sound;
  ST0CK_ASSERT(!closed_, "a journal that is finished is open");
  if (reexecution_ != nullptr) return finish_reexecution();
  if (!make_room(kJournalEndPayload.size())) return status();
  thread_->put(bytes_of(encode_end_frame(segment_, last_sequence_ + 1, last_time_)));
  thread_->publish(last_sequence_);
  finished_ = true;
  return close();
}

Status JournalWriter::finish_reexecution() {
  const auto same_end = reexecution_->check_end();
  if (!same_end) {
    give_up(same_end.error());
    return same_end;
  }
  reexecution_.reset();
  finished_ = true;
  closed_ = true;
  return {};
}

Status JournalWriter::close() {
  if (!closed_ && thread_ != nullptr) {
    closed_ = true;
    const auto stopped = thread_->stop();
    if (!stopped && !error_) error_ = stopped.error();
  }
  return status();
}

Status JournalWriter::status() const {
  if (error_) return tl::unexpected(*error_);
  return thread_ == nullptr ? Status{} : thread_->status();
}

bool JournalWriter::give_up(const core::Error& error) {
  error_ = error;
  return false;
}

Result<RetentionOutcome> JournalWriter::retain(const JournalRetention& retention,
                                               std::optional<core::Sequence> protect_from) {
  if (is_reexecuting())
    return fail(Errc::Refused, "{}: the journal is being re-executed; nothing may be deleted",
                settings_.directory.string());
  return retain_journal(settings_.directory, retention, protect_from, *settings_.files);
}

}  // namespace st0ck::kernel
