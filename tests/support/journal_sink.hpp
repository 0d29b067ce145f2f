#pragma once

#include "st0ck/core/assert.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/records.hpp"

#include <memory>

namespace st0ck::test {

/// Writes a kernel's records into a journal.
class JournalSink final : public kernel::RecordSink {
 public:
  explicit JournalSink(const std::filesystem::path& directory) {
    kernel::JournalSettings settings;
    settings.directory = directory;
    settings.identity = "test";
    settings.durable = false;
    writer_ = kernel::JournalWriter::open(settings, kernel::JournalMode::Append).value();
  }

  void append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
              std::span<const std::byte> payload) override {
    write(static_cast<std::uint16_t>(kind), time, payload);
    ST0CK_ASSERT(writer_->last_sequence() == sequence, "kernel and journal count alike");
  }

  void write(std::uint16_t kind, core::Timestamp time, std::span<const std::byte> payload) {
    const bool is_taken = writer_->append(kind, time, payload);
    ST0CK_ASSERT(is_taken, "a journal in a temporary folder takes its records");
  }

  /// Ends the journal; without it, the journal is one whose run was interrupted.
  void finish() { expect_good(writer_->finish()); }
  void close() { expect_good(writer_->close()); }

 private:
  static void expect_good(const core::Status& status) {
    ST0CK_ASSERT(status.has_value(), "a journal in a temporary folder can be closed");
  }

  std::unique_ptr<kernel::JournalWriter> writer_;
};

}  // namespace st0ck::test
