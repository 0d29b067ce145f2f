#include "st0ck/kernel/journal/retention.hpp"

#include "segment_file.hpp"
#include "st0ck/kernel/journal/format.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/journal/source.hpp"

#include <algorithm>
#include <fcntl.h>
#include <utility>
#include <vector>

namespace st0ck::kernel {

namespace {

using core::Errc;
using core::fail;
using core::Result;
using core::Status;

/// What a segment is judged by.
struct SegmentFacts {
  std::uint64_t size = 0;
  SegmentHeader header;
  std::optional<core::Timestamp> first_time;
};

Result<SegmentFacts> read_facts(JournalSource& source, std::uint64_t segment) {
  const auto file = source.open(segment);
  if (!file) return tl::unexpected(file.error());
  if (*file == nullptr) return fail(Errc::NotFound, "{}: has gone", source.name(segment));
  SegmentFacts facts;
  const auto size = (*file)->size();
  if (!size) return tl::unexpected(size.error());
  facts.size = *size;
  std::vector<std::byte> bytes(kSegmentHeaderSizeMin + kIdentitySizeMax + kFrameHeaderSize +
                               kPayloadSizeMax);
  const auto got = (*file)->read(0, bytes);
  if (!got) return tl::unexpected(got.error());
  const auto there = std::span{bytes}.first(*got);
  if (const auto fault = decode_segment_header(there, facts.header))
    return fail(fault->code, "{} byte {}: {}", source.name(segment), fault->offset, fault->finding);
  FrameHeader frame;
  if (decode_frame(there.subspan(facts.header.size()), segment, frame) == FrameFinding::Whole)
    facts.first_time = frame.time;
  return facts;
}

Result<std::vector<SegmentFacts>> read_all_facts(JournalSource& source) {
  const auto segments = source.segments();
  if (!segments) return tl::unexpected(segments.error());
  std::vector<SegmentFacts> all;
  for (const auto segment : *segments) {
    auto facts = read_facts(source, segment);
    // The writer may be making the last one just now.
    if (!facts && segment == segments->back() && facts.error().code == Errc::Corrupt) break;
    if (!facts) return tl::unexpected(facts.error());
    all.push_back(std::move(*facts));
  }
  return all;
}

Status require_finished(const std::filesystem::path& directory, std::uint64_t first_sequence) {
  auto reader = JournalReader::open(directory, core::Sequence{first_sequence});
  if (!reader) return tl::unexpected(reader.error());
  while (true) {
    const auto record = reader->next();
    if (!record) return tl::unexpected(record.error());
    if (*record == nullptr) break;
  }
  if (reader->end() == JournalEnd::Finished) return {};
  return fail(Errc::Refused, "{}: the journal is not finished; nothing of it may be deleted",
              directory.string());
}

// How many of the oldest go. All the records of one are older than the next one's first.
std::size_t count_expendable(const std::vector<SegmentFacts>& all,
                             const JournalRetention& retention,
                             std::optional<core::Sequence> protect_from) {
  std::uint64_t bytes = 0;
  for (const auto& facts : all) bytes += facts.size;
  std::size_t count = 0;
  for (; count + 1 < all.size(); ++count) {
    const auto& next = all[count + 1];
    if (protect_from && next.header.first_sequence > protect_from->value()) break;
    const bool too_many = retention.segments_max && all.size() - count > *retention.segments_max;
    const bool too_large = retention.bytes_max && bytes > *retention.bytes_max;
    const bool too_old =
        retention.keep_since && next.first_time && *next.first_time < *retention.keep_since;
    if (!too_many && !too_large && !too_old) break;
    bytes -= all[count].size;
  }
  return count;
}

// Under another name first: a mark is there as a whole or not at all.
Status write_mark(const std::filesystem::path& directory, const RetentionMark& mark,
                  FileOperations& files) {
  const auto draft = (directory / kRetentionMarkDraft).string();
  const auto file = open_file(files, draft, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file) return tl::unexpected(file.error());
  const auto text = encode_retention_mark(mark);
  const auto written = files.write(*file, bytes_of(text), 0);
  const int problem = files.sync(*file);
  files.close(*file);
  if (written < 0) return file_error(draft, "written", static_cast<int>(-written));
  if (problem != 0) return file_error(draft, "synced to the disk", problem);
  if (std::cmp_not_equal(written, text.size()))
    return fail(Errc::NoSpace, "{}: only {} of {} bytes could be written", draft, written,
                text.size());
  const int renamed = files.rename(draft, (directory / kRetentionMarkName).string());
  if (renamed != 0) return file_error(draft, "renamed", renamed);
  return sync_path(files, directory.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace

Result<RetentionOutcome> retain_journal(const std::filesystem::path& directory,
                                        const JournalRetention& retention,
                                        std::optional<core::Sequence> protect_from,
                                        FileOperations& files) {
  const auto source = directory_source(directory);
  const auto all = read_all_facts(*source);
  if (!all) return tl::unexpected(all.error());
  const auto count = count_expendable(*all, retention, protect_from);
  RetentionOutcome outcome;
  if (count == 0) return outcome;
  if (!protect_from) {
    const auto last = all->back().header.first_sequence;
    if (const auto finished = require_finished(directory, last); !finished)
      return tl::unexpected(finished.error());
  }
  const auto& first_kept = (*all)[count].header;
  const RetentionMark mark{.segment = first_kept.segment,
                           .first_sequence = first_kept.first_sequence,
                           .chain = first_kept.chain};
  if (const auto marked = write_mark(directory, mark, files); !marked)
    return tl::unexpected(marked.error());
  for (std::size_t i = 0; i < count; ++i) {
    const auto path = source->name((*all)[i].header.segment);
    const int problem = files.remove(path);
    if (problem != 0) return file_error(path, "removed", problem);
    ++outcome.segments_removed;
    outcome.bytes_removed += (*all)[i].size;
  }
  return outcome;
}

}  // namespace st0ck::kernel
