#include "reexecution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::kernel {

namespace {

using core::Errc;
using core::fail;
using core::Status;

}  // namespace

Reexecution::Reexecution(JournalReader reader, const JournalSettings& settings,
                         const JournalState& found)
    : reader_{std::move(reader)},
      settings_{settings},
      last_sequence_{found.last_sequence.value()},
      finished_{found.end == JournalEnd::Finished} {}

Status Reexecution::compare(std::uint16_t kind, core::Timestamp time,
                            std::span<const std::byte> payload) {
  const auto next = reader_.next();
  if (!next) return tl::unexpected(next.error());
  if (*next == nullptr)
    return fail(Errc::Diverged, "{}: the journal ends after record {}, re-executed is also {}",
                settings_.directory.string(), last_sequence_, described(kind, time, payload));
  const JournalRecord& record = **next;
  const bool same =
      record.kind == kind && record.time == time && std::ranges::equal(record.payload, payload);
  if (same) return {};
  return fail(Errc::Diverged, "{} byte {}: record {} diverges: journaled is {}, re-executed is {}",
              reader_.file_of(record), record.offset, record.sequence.value(),
              described(record.kind, record.time, record.payload), described(kind, time, payload));
}

Status Reexecution::check_end() {
  const auto next = reader_.next();
  if (!next) return tl::unexpected(next.error());
  if (*next == nullptr) return {};
  const JournalRecord& record = **next;
  return fail(Errc::Diverged,
              "{} byte {}: record {} diverges: journaled is {}, re-executed is the end",
              reader_.file_of(record), record.offset, record.sequence.value(),
              described(record.kind, record.time, record.payload));
}

std::string Reexecution::described(std::uint16_t kind, core::Timestamp time,
                                   std::span<const std::byte> payload) const {
  const auto what =
      settings_.describe ? settings_.describe(kind, payload) : fmt::format("kind {}", kind);
  return fmt::format("{} ({} bytes) at {} ns", what, payload.size(), core::to_ns(time));
}

}  // namespace st0ck::kernel
