#include "st0ck/storage/journal_catch_up.hpp"

#include "st0ck/kernel/journal/reader.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace st0ck::storage {

namespace {

class JournalFollower {
 public:
  explicit JournalFollower(std::filesystem::path directory) : directory_{std::move(directory)} {}

  core::Status read(core::Sequence after, core::Sequence last, kernel::RecordSink& rows) {
    const core::Sequence from{after.value() + 1};
    if (!reader_ || reader_->next_sequence() != from) {
      reader_.reset();
      auto opened = kernel::JournalReader::open(directory_, from);
      // The journal's own thread has not begun yet.
      if (!opened && opened.error().code == core::Errc::NotFound) return {};
      if (!opened) return tl::unexpected(opened.error());
      reader_.emplace(std::move(*opened));
    }
    // Records are numbered without a gap, so the one that ends the loop is `last` itself.
    for (core::Sequence at = after; at < last;) {
      const auto record = reader_->next();
      if (!record) {
        reader_.reset();
        return tl::unexpected<core::Error>(record.error());
      }
      if (*record == nullptr) return {};
      at = (*record)->sequence;
      rows.append(static_cast<kernel::RecordKind>((*record)->kind), at, (*record)->time,
                  (*record)->payload);
    }
    return {};
  }

 private:
  std::filesystem::path directory_;
  std::optional<kernel::JournalReader> reader_;
};

}  // namespace

CatchUp catch_up_from_journal(std::filesystem::path directory) {
  // Shared, because a std::function can be copied and a reader cannot.
  auto follower = std::make_shared<JournalFollower>(std::move(directory));
  return [follower](core::Sequence after, core::Sequence last, kernel::RecordSink& rows) {
    return follower->read(after, last, rows);
  };
}

}  // namespace st0ck::storage
