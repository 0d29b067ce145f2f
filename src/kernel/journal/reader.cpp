#include "st0ck/kernel/journal/reader.hpp"

#include "frame_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace st0ck::kernel {

namespace {

using core::Errc;
using core::fail;
using core::Result;
using core::Status;

constexpr std::size_t kBufferSize = std::size_t{256} << 10;

// A record of events differs from an end record in its kind and its payload, which are more.
constexpr std::size_t kDamagedEndBytesMax = 8;

}  // namespace

JournalReader::JournalReader(std::unique_ptr<JournalSource> source)
    : source_{std::move(source)}, buffer_(kBufferSize) {}

Result<JournalReader> JournalReader::open(const std::filesystem::path& directory,
                                          core::Sequence from) {
  return open(directory_source(directory), from);
}

Result<JournalReader> JournalReader::open(std::unique_ptr<JournalSource> source,
                                          core::Sequence from) {
  JournalReader reader{std::move(source)};
  if (const auto begun = reader.begin(from); !begun) return tl::unexpected(begun.error());
  return reader;
}

// Where reading begins.

Status JournalReader::begin(core::Sequence from) {
  const auto segments = source_->segments();
  if (!segments) return tl::unexpected(segments.error());
  if (auto sound = expect_first(*segments); !sound) return sound;
  if (from.value() > next_sequence_) {
    if (auto found = expect_segment_of(*segments, from); !found) return found;
  }
  while (next_sequence_ < from.value()) {
    const auto record = next();
    if (!record) return tl::unexpected(record.error());
    if (*record == nullptr) break;
  }
  return {};
}

Status JournalReader::expect_first(const std::vector<std::uint64_t>& segments) {
  for (std::size_t i = 1; i < segments.size(); ++i) {
    const auto wanted = segments[i - 1] + 1;
    if (segments[i] != wanted)
      return fail(Errc::Corrupt, "{}: this segment is missing; {} follows", source_->name(wanted),
                  source_->name(segments[i]));
  }
  return segments.empty() ? expect_retained(1, 0)
                          : expect_retained(segments.front(), segments.back());
}

Status JournalReader::expect_retained(std::uint64_t first, std::uint64_t last) {
  next_segment_ = first;
  const auto mark = source_->retention_mark();
  if (!mark) return tl::unexpected(mark.error());
  if (*mark && (*mark)->segment > last)
    return fail(Errc::Corrupt, "{}: this segment is missing; retention kept it",
                source_->name((*mark)->segment));
  if (first == 1) return {};
  if (!*mark || (*mark)->segment < first)
    return fail(Errc::Corrupt, "{}: this segment is missing; {} is the first there is",
                source_->name(first - 1), source_->name(first));
  if ((*mark)->segment == first) {
    next_sequence_ = (*mark)->first_sequence;
    chain_expected_ = (*mark)->chain;
    return {};
  }
  // Retention was stopped after writing the mark and before deleting all it meant to.
  const auto header = peek_header(first);
  if (!header) return tl::unexpected(header.error());
  if (*header) next_sequence_ = (*header)->first_sequence;
  chain_expected_.reset();
  return {};
}

Status JournalReader::expect_segment_of(const std::vector<std::uint64_t>& segments,
                                        core::Sequence from) {
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    const auto header = peek_header(*segment);
    if (!header) return tl::unexpected(header.error());
    const bool starts_before = *header && (*header)->first_sequence <= from.value();
    if (!starts_before || (*header)->segment != *segment) continue;
    if (*segment == segments.front()) return {};
    next_segment_ = *segment;
    next_sequence_ = (*header)->first_sequence;
    chain_expected_.reset();
    return {};
  }
  return {};
}

Result<std::optional<SegmentHeader>> JournalReader::peek_header(std::uint64_t segment) {
  const auto file = source_->open(segment);
  if (!file) return tl::unexpected(file.error());
  if (*file == nullptr) return std::optional<SegmentHeader>{};
  std::vector<std::byte> bytes(kSegmentHeaderSizeMin + kIdentitySizeMax);
  const auto got = (*file)->read(0, bytes);
  if (!got) return tl::unexpected(got.error());
  SegmentHeader header;
  const bool sound = !decode_segment_header(std::span{bytes}.first(*got), header);
  return sound ? std::optional{header} : std::nullopt;
}

// Records.

Result<const JournalRecord*> JournalReader::next() {
  if (error_) return tl::unexpected(*error_);
  if (end_ == JournalEnd::Finished) return nullptr;
  while (true) {
    FrameHeader frame;
    if (file_ != nullptr && decode_frame(window(), header_.segment, frame) == FrameFinding::Whole)
      return accept(frame);
    const auto next_step = step();
    if (!next_step) return keep(next_step.error());
    if (*next_step == Step::End) return nullptr;
  }
}

// Called where no whole frame lies ahead in the buffer.
Result<JournalReader::Step> JournalReader::step() {
  if (file_ == nullptr) return open_next_segment();
  FrameHeader frame;
  if (decode_frame(window(), header_.segment, frame) == FrameFinding::Incomplete) {
    const auto more = refill();
    if (!more) return tl::unexpected(more.error());
    if (*more) return Step::Again;
  }
  return judge_tail();
}

Result<const JournalRecord*> JournalReader::accept(const FrameHeader& frame) {
  if (frame.sequence != next_sequence_) {
    const auto wrong = fail(Errc::Corrupt, "{}: first bad record {}: it is numbered {}",
                            place(offset()), next_sequence_, frame.sequence);
    return keep(wrong.value());
  }
  torn_tail_.reset();
  if (frame.kind == kJournalEndKind) {
    if (const auto finished = finish(frame); !finished) return keep(finished.error());
    return nullptr;
  }
  end_ = JournalEnd::Open;
  record_ = JournalRecord{.sequence = core::Sequence{frame.sequence},
                          .time = frame.time,
                          .kind = frame.kind,
                          .payload = window().subspan(kFrameHeaderSize, frame.payload_size),
                          .segment = header_.segment,
                          .offset = offset()};
  begin_ += frame.frame_size();
  chain_ = frame.checksum;
  last_time_ = frame.time;
  ++next_sequence_;
  return &record_;
}

Status JournalReader::finish(const FrameHeader& frame) {
  const auto payload = window().subspan(kFrameHeaderSize, frame.payload_size);
  if (!std::ranges::equal(payload, bytes_of(kJournalEndPayload)))
    return fail(Errc::Corrupt, "{}: first bad record {}: the end record says something else",
                place(offset()), next_sequence_);
  const auto end = offset() + frame.frame_size();
  const auto size = file_->size();
  if (!size) return tl::unexpected(size.error());
  if (*size != end)
    return fail(Errc::Corrupt, "{}: first bad record {}: {} bytes follow the end record",
                place(end), next_sequence_ + 1, *size - end);
  const auto successor = exists(header_.segment + 1);
  if (!successor) return tl::unexpected(successor.error());
  if (*successor)
    return fail(Errc::Corrupt, "{} byte 0: first bad record {}: a segment follows the end record",
                source_->name(header_.segment + 1), next_sequence_ + 1);
  end_ = JournalEnd::Finished;
  return {};
}

// Segments.

Result<JournalReader::Step> JournalReader::open_next_segment() {
  auto file = source_->open(next_segment_);
  if (!file) return tl::unexpected(file.error());
  if (*file == nullptr) return Step::End;
  file_ = std::move(*file);
  begin_ = filled_ = 0;
  buffer_offset_ = 0;
  if (const auto filled = refill(); !filled) return tl::unexpected(filled.error());
  SegmentHeader header;
  if (const auto fault = decode_segment_header(window(), header)) {
    // Until its header is whole, a segment is not open: the next call begins here again.
    const auto unread = std::move(file_);
    return judge_header(*unread, *fault);
  }
  if (const auto fits = check_header(header); !fits) return tl::unexpected(fits.error());
  begin_ = header.size();
  header_ = std::move(header);
  return Step::Again;
}

Status JournalReader::check_header(const SegmentHeader& header) const {
  const auto bad = [&](std::size_t offset, std::string_view what, auto found, auto wanted) {
    return fail(Errc::Corrupt, "{} byte {}: first bad record {}: the header names {} {}, due is {}",
                source_->name(next_segment_), offset, next_sequence_, what, found, wanted);
  };
  if (header.segment != next_segment_) return bad(24, "segment", header.segment, next_segment_);
  if (header.first_sequence != next_sequence_)
    return bad(32, "first record", header.first_sequence, next_sequence_);
  if (chain_expected_.value_or(header.chain) != header.chain)
    return bad(20, "preceding checksum", header.chain, *chain_expected_);
  if (header_.segment != 0 && header.identity != header_.identity)
    return fail(Errc::Corrupt, "{} byte 40: first bad record {}: it belongs to another run than {}",
                source_->name(next_segment_), next_sequence_, source_->name(header_.segment));
  return {};
}

Result<JournalReader::Step> JournalReader::judge_header(SegmentSource& file,
                                                        const HeaderFault& fault) {
  const auto name = source_->name(next_segment_);
  if (fault.code != Errc::Corrupt)
    return fail(fault.code, "{} byte {}: {} (version {})", name, fault.offset, fault.finding,
                kJournalVersion);
  const auto successor = exists(next_segment_ + 1);
  if (!successor) return tl::unexpected(successor.error());
  const auto frame = find_frame(file, next_segment_, 0, next_sequence_);
  if (!frame) return tl::unexpected(frame.error());
  if (*successor || *frame) {
    // A writer may have completed the header while we looked behind it.
    const auto header = peek_header(next_segment_);
    if (!header) return tl::unexpected(header.error());
    if (*header) return Step::Again;
    return fail(Errc::Corrupt, "{} byte {}: first bad record {}: {}", name, fault.offset,
                next_sequence_, fault.finding);
  }
  const auto size = file.size();
  if (!size) return tl::unexpected(size.error());
  return stop_torn(next_segment_, 0, *size);
}

// Called where neither the buffer nor the file has a whole frame next.
Result<JournalReader::Step> JournalReader::judge_tail() {
  // In this order, because a writer leaves a segment for good before it makes the next one.
  const auto successor = exists(header_.segment + 1);
  if (!successor) return tl::unexpected(successor.error());
  const auto finding = look_again();
  if (!finding) return tl::unexpected(finding.error());
  if (*finding == FrameFinding::Whole) return Step::Again;
  const auto size = file_->size();
  if (!size) return tl::unexpected(size.error());
  if (*size > offset()) return judge_damage(*successor, *size);
  end_ = JournalEnd::Open;
  torn_tail_.reset();
  if (!*successor) return Step::End;
  file_.reset();
  next_segment_ = header_.segment + 1;
  chain_expected_ = chain_;
  return Step::Again;
}

Result<JournalReader::Step> JournalReader::judge_damage(bool has_successor, std::uint64_t size) {
  const auto later = find_frame(*file_, header_.segment, offset() + 1, next_sequence_);
  if (!later) return tl::unexpected(later.error());
  if (*later) {
    // A writer may have completed the record while we searched behind it.
    const auto finding = look_again();
    if (!finding) return tl::unexpected(finding.error());
    if (*finding == FrameFinding::Whole) return Step::Again;
    return fail(
        Errc::Corrupt,
        "{}: first bad record {}: its checksum fails, and a whole record follows at byte {}",
        place(offset()), next_sequence_, **later);
  }
  if (has_successor)
    return fail(Errc::Corrupt,
                "{}: first bad record {}: its checksum fails, and another segment follows",
                place(offset()), next_sequence_);
  const auto damaged_end = is_damaged_end(size);
  if (!damaged_end) return tl::unexpected(damaged_end.error());
  if (*damaged_end)
    return fail(Errc::Corrupt, "{}: first bad record {}: the end record fails its checksum",
                place(offset()), next_sequence_);
  return stop_torn(header_.segment, offset(), size - offset());
}

// All of an end record is known beforehand. So if as many bytes are there and nearly all are right,
// it was whole once: damage, not a death in the middle of writing.
Result<bool> JournalReader::is_damaged_end(std::uint64_t size) {
  const auto expected = encode_end_frame(header_.segment, next_sequence_, last_time_);
  if (size - offset() != expected.size()) return false;
  std::vector<std::byte> found(expected.size());
  const auto got = file_->read(offset(), found);
  if (!got) return tl::unexpected(got.error());
  const auto wanted = bytes_of(expected);
  std::size_t wrong = expected.size() - *got;
  for (std::size_t i = 0; i < *got; ++i) wrong += found[i] != wanted[i] ? 1U : 0U;
  return wrong <= kDamagedEndBytesMax;
}

JournalReader::Step JournalReader::stop_torn(std::uint64_t segment, std::uint64_t offset,
                                             std::uint64_t size) {
  end_ = JournalEnd::Torn;
  torn_tail_ = TornTail{.file = source_->name(segment),
                        .segment = segment,
                        .offset = offset,
                        .size = size,
                        .record = core::Sequence{next_sequence_}};
  return Step::End;
}

Result<bool> JournalReader::exists(std::uint64_t segment) {
  const auto file = source_->open(segment);
  if (!file) return tl::unexpected(file.error());
  return *file != nullptr;
}

std::string JournalReader::place(std::uint64_t offset) const {
  return fmt::format("{} byte {}", source_->name(header_.segment), offset);
}

tl::unexpected<core::Error> JournalReader::keep(const core::Error& error) {
  error_ = error;
  return tl::unexpected(error);
}

// The buffer.

std::span<const std::byte> JournalReader::window() const {
  return std::span{buffer_}.subspan(begin_, filled_ - begin_);
}

// Reads on behind what is buffered; false where the file has no more.
Result<bool> JournalReader::refill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
    buffer_offset_ += begin_;
    filled_ -= begin_;
    begin_ = 0;
  }
  // Full and still no whole frame: a large record, of which decode_frame has checked the limit.
  if (filled_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  const auto got = file_->read(buffer_offset_ + filled_, std::span{buffer_}.subspan(filled_));
  if (!got) return tl::unexpected(got.error());
  filled_ += *got;
  return *got > 0;
}

// Forgets what is buffered and reads it anew, for a file that somebody is writing.
Result<FrameFinding> JournalReader::look_again() {
  filled_ = begin_;
  while (true) {
    const auto more = refill();
    if (!more) return tl::unexpected(more.error());
    FrameHeader frame;
    const auto finding = decode_frame(window(), header_.segment, frame);
    if (finding != FrameFinding::Incomplete || !*more) return finding;
  }
}

}  // namespace st0ck::kernel
