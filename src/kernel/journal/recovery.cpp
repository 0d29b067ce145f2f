#include "st0ck/kernel/journal/recovery.hpp"

#include "segment_file.hpp"

#include <fcntl.h>

namespace st0ck::kernel {

namespace {

using core::Result;
using core::Status;

void note_record(JournalState& state, const JournalRecord& record) {
  state.segment_records = record.segment == state.segment ? state.segment_records + 1 : 1;
  state.segment = record.segment;
  state.segment_size = record.offset + kFrameHeaderSize + record.payload.size();
  state.last_time = record.time;
}

// A segment that has its header and no record yet is the last one.
void note_end(JournalState& state, const JournalReader& reader) {
  state.end = reader.end();
  state.torn_tail = reader.torn_tail();
  state.last_sequence = core::Sequence{reader.next_sequence().value() - 1};
  state.identity = reader.identity();
  state.chain = reader.chain();
  if (reader.segment() == state.segment) return;
  state.segment = reader.segment();
  state.segment_size = kSegmentHeaderSizeMin + reader.identity().size();
  state.segment_records = 0;
}

Status truncate_file(FileOperations& files, const std::string& path, std::uint64_t size) {
  const auto file = open_file(files, path, O_WRONLY);
  if (!file) return tl::unexpected(file.error());
  const int problem = files.truncate(*file, size);
  files.close(*file);
  if (problem != 0) return file_error(path, "cut", problem);
  return {};
}

Status remove_file(FileOperations& files, const std::string& path) {
  const int problem = files.remove(path);
  if (problem != 0) return file_error(path, "removed", problem);
  return {};
}

}  // namespace

Result<JournalState> verify_journal(const std::filesystem::path& directory) {
  auto reader = JournalReader::open(directory);
  if (!reader) return tl::unexpected(reader.error());
  JournalState state;
  while (true) {
    const auto record = reader->next();
    if (!record) return tl::unexpected(record.error());
    if (*record == nullptr) break;
    note_record(state, **record);
  }
  note_end(state, *reader);
  const auto segments = directory_source(directory)->segments();
  if (!segments) return tl::unexpected(segments.error());
  state.segments = segments->size();
  return state;
}

Status cut_torn_tail(const JournalState& state, FileOperations& files) {
  if (!state.torn_tail) return {};
  const auto& tail = *state.torn_tail;
  return tail.offset == 0 ? remove_file(files, tail.file)
                          : truncate_file(files, tail.file, tail.offset);
}

Status sync_remainder(const std::filesystem::path& directory, const JournalState& state,
                      FileOperations& files) {
  if (state.segment != 0) {
    const auto path = (directory / segment_name(state.segment)).string();
    if (auto synced = sync_path(files, path, O_WRONLY); !synced) return synced;
  }
  return sync_path(files, directory.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace st0ck::kernel
