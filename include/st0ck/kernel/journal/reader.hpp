#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/journal/format.hpp"
#include "st0ck/kernel/journal/source.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace st0ck::kernel {

/// One record as it lies in the journal.
struct JournalRecord {
  core::Sequence sequence;             ///< Counted from 1 without a gap: the record's number.
  core::Timestamp time{};              ///< Event time.
  std::uint16_t kind = 0;              ///< The caller's.
  std::span<const std::byte> payload;  ///< Valid until the reader's next step.
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;  ///< Of the frame in the segment's file, in bytes.
};

/// How a journal ends, once `next` has found no more records.
enum class JournalEnd : std::uint8_t {
  Finished,  ///< With an end record: nothing can follow.
  Open,      ///< After a whole record: still being written, or its writer died between records.
  Torn,      ///< In a record that was never written whole: its writer died.
};

/// The bytes after the last whole record of a journal whose writer died.
struct TornTail {
  std::string file;
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;  ///< Where the tail begins; 0 when not even the header is whole.
  std::uint64_t size = 0;
  core::Sequence record;  ///< The number that the lost record had or would have had.
};

/// Reads a journal's records in order and proves on the way that no byte is damaged.
///
/// Every byte of every segment is under a checksum, and segments are chained, so that damage, a
/// missing segment or a foreign one is Errc::Corrupt with file, byte and record. A newer format is
/// Errc::TooNew. One buffer of 256 KiB, larger only for larger records; one thread. May follow a
/// journal that another thread or process is writing: after the end, `next` looks again.
class JournalReader {
 public:
  /// Opens the journal in `directory`, to be read from the record `from` on. Segments that end
  /// before it are not looked into. Errc::NotFound where there is no such folder.
  static core::Result<JournalReader> open(const std::filesystem::path& directory,
                                          core::Sequence from = core::Sequence{1});

  /// Reads from anywhere.
  static core::Result<JournalReader> open(std::unique_ptr<JournalSource> source,
                                          core::Sequence from = core::Sequence{1});

  /// The next record, or null at the end, which `end` then tells. The record is overwritten by
  /// the next call. After an error each further call gives the same error.
  core::Result<const JournalRecord*> next();

  /// How the journal ended; meaningful after `next` gave null.
  JournalEnd end() const { return end_; }

  /// What lies after the last whole record; there when `end` is Torn.
  const std::optional<TornTail>& torn_tail() const { return torn_tail_; }

  /// The run's identity as the caller wrote it; empty before the first header is read.
  const std::string& identity() const { return header_.identity; }

  /// The number that the next record has.
  core::Sequence next_sequence() const { return core::Sequence{next_sequence_}; }

  /// The segment being read, and how many bytes of it are sound so far.
  std::uint64_t segment() const { return header_.segment; }
  std::uint64_t segment_first_sequence() const { return header_.first_sequence; }
  std::uint64_t offset() const { return buffer_offset_ + begin_; }

  /// The checksum of the record read last, which the next segment's header repeats.
  std::uint32_t chain() const { return chain_; }

  /// The name of the file that holds `record`.
  std::string file_of(const JournalRecord& record) const { return source_->name(record.segment); }

 private:
  enum class Step : std::uint8_t { Again, End };

  explicit JournalReader(std::unique_ptr<JournalSource> source);

  core::Status begin(core::Sequence from);
  core::Status expect_first(const std::vector<std::uint64_t>& segments);
  core::Status expect_retained(std::uint64_t first, std::uint64_t last);
  core::Status expect_segment_of(const std::vector<std::uint64_t>& segments, core::Sequence from);
  core::Result<std::optional<SegmentHeader>> peek_header(std::uint64_t segment);

  core::Result<Step> step();
  core::Result<Step> open_next_segment();
  core::Result<Step> judge_header(SegmentSource& file, const HeaderFault& fault);
  core::Status check_header(const SegmentHeader& header) const;
  core::Result<Step> judge_tail();
  core::Result<Step> judge_damage(bool has_successor, std::uint64_t size);
  core::Result<const JournalRecord*> accept(const FrameHeader& frame);
  core::Status finish(const FrameHeader& frame);
  Step stop_torn(std::uint64_t segment, std::uint64_t offset, std::uint64_t size);
  core::Result<bool> exists(std::uint64_t segment);
  core::Result<bool> is_damaged_end(std::uint64_t size);
  std::string place(std::uint64_t offset) const;
  tl::unexpected<core::Error> keep(const core::Error& error);

  std::span<const std::byte> window() const;
  core::Result<bool> refill();
  core::Result<FrameFinding> look_again();

  std::unique_ptr<JournalSource> source_;
  std::unique_ptr<SegmentSource> file_;
  SegmentHeader header_;
  std::uint64_t next_segment_ = 1;
  std::uint64_t next_sequence_ = 1;
  std::optional<std::uint32_t> chain_expected_ = 0;
  std::uint32_t chain_ = 0;
  core::Timestamp last_time_{};
  JournalRecord record_;
  JournalEnd end_ = JournalEnd::Open;
  std::optional<TornTail> torn_tail_;
  std::optional<core::Error> error_;

  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;            // First byte of the buffer not used yet.
  std::size_t filled_ = 0;           // One past the last byte read from the file.
  std::uint64_t buffer_offset_ = 0;  // Where the buffer's first byte lies in the file.
};

}  // namespace st0ck::kernel
