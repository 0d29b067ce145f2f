#include "src/app/recorded_commands.hpp"

#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/record_codec.hpp"

#include <variant>

namespace st0ck::app {

core::Result<RecordedCommands> RecordedCommands::read(const std::filesystem::path& journal) {
  RecordedCommands recorded;
  if (!std::filesystem::is_directory(journal)) return recorded;
  auto reader = kernel::JournalReader::open(journal);
  if (!reader) return tl::unexpected(reader.error());
  for (;;) {
    const auto next = reader->next();
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr) return recorded;
    const kernel::JournalRecord& record = **next;
    if (static_cast<kernel::RecordKind>(record.kind) != kernel::RecordKind::OperatorCommand)
      continue;
    auto decoded = kernel::decode(kernel::RecordKind::OperatorCommand, record.payload);
    if (!decoded) return tl::unexpected(decoded.error());
    const auto& command = std::get<trading::OperatorCommand>(*decoded);
    recorded.commands_.push_back({record.sequence, command});
    recorded.add(command.id);
  }
}

}  // namespace st0ck::app
