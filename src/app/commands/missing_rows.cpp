#include "src/app/commands/missing_rows.hpp"

#include "src/app/state_directory.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/records.hpp"

#include <fmt/format.h>

namespace st0ck::app {

namespace {

/// The journal's last record, if it has a row after `last`: quotes alone leave none.
core::Sequence end_of_missing_rows(const std::filesystem::path& journal, core::Sequence last) {
  auto reader = kernel::JournalReader::open(journal, core::Sequence{last.value() + 1});
  if (!reader) return {};
  core::Sequence end;
  bool has_row = false;
  while (true) {
    const auto record = reader->next();
    if (!record) return {};
    if (*record == nullptr) return has_row ? end : core::Sequence{};
    end = (*record)->sequence;
    has_row =
        has_row ||
        (end > last && kernel::is_trade_log_row(static_cast<kernel::RecordKind>((*record)->kind)));
  }
}

}  // namespace

void note_missing_rows(Console& console, const std::filesystem::path& state_dir,
                       core::Sequence last) {
  const core::Sequence end = end_of_missing_rows(state_dir / "journal", last);
  // Asked last: asking keeps a daemon that starts at this moment from its lock.
  if (end == core::Sequence{} || StateDirectory::is_in_use(state_dir)) return;
  console.err << fmt::format(
      "note: the journal goes on to record {}, the trade log has {}; start st0ckd on this "
      "directory again to complete it\n",
      end.value(), last.value());
}

}  // namespace st0ck::app
