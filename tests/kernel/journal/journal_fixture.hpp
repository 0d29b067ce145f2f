#pragma once

#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "support/temporary_folder.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace st0ck::kernel::test {

/// A record as a test writes it.
struct Sample {
  std::uint16_t kind = 1;
  std::int64_t time_ns = 0;
  std::string payload{};
  bool rotate_before = false;

  friend bool operator==(const Sample&, const Sample&) = default;
};

/// Holds a journal's folder, which does not exist at first.
class JournalFolder {
 public:
  std::filesystem::path journal() const { return folder_ / "journal"; }

 private:
  st0ck::test::TemporaryFolder folder_;
};

/// Payloads of 0 to 39 bytes, the same for the same number.
std::vector<Sample> some_samples(std::size_t count);

JournalSettings small_settings(const std::filesystem::path& directory,
                               std::uint64_t segment_size_max = 300);

bool append(JournalWriter& writer, const Sample& sample);
core::Status append_all(JournalWriter& writer, const std::vector<Sample>& samples);

/// Writes a journal with its end record.
void write_finished(const JournalSettings& settings, const std::vector<Sample>& samples);

/// What a reader says about a journal.
struct Reading {
  std::vector<Sample> samples;
  JournalEnd end = JournalEnd::Open;
  std::optional<TornTail> torn_tail;
  std::optional<core::Error> error;
};

Reading read_journal(const std::filesystem::path& directory);
Reading read_segments(const std::vector<std::string>& segments);

/// All files of a folder by name.
using Files = std::map<std::string, std::string>;
Files load_files(const std::filesystem::path& directory);
void store_files(const std::filesystem::path& directory, const Files& files);
std::vector<std::string> contents(const Files& files);

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace st0ck::kernel::test
