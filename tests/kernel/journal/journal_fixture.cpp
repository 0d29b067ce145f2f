#include "journal_fixture.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace st0ck::kernel::test {

std::vector<Sample> some_samples(std::size_t count) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const auto letter = static_cast<char>('a' + i % 26);
    samples.push_back({.kind = static_cast<std::uint16_t>(1 + i % 7),
                       .time_ns = static_cast<std::int64_t>(1'000 + i * 3),
                       .payload = std::string((i * 11) % 40, letter)});
  }
  return samples;
}

JournalSettings small_settings(const std::filesystem::path& directory,
                               std::uint64_t segment_size_max) {
  JournalSettings settings;
  settings.directory = directory;
  settings.identity = "run-1";
  settings.segment_size_max = segment_size_max;
  settings.buffer_size = 1 << 16;
  settings.durable = false;
  return settings;
}

bool append(JournalWriter& writer, const Sample& sample) {
  if (sample.rotate_before) writer.rotate();
  return writer.append(sample.kind, core::timestamp_from_ns(sample.time_ns),
                       bytes_of(sample.payload));
}

core::Status append_all(JournalWriter& writer, const std::vector<Sample>& samples) {
  for (const auto& sample : samples)
    if (!append(writer, sample)) return writer.status();
  return {};
}

void write_finished(const JournalSettings& settings, const std::vector<Sample>& samples) {
  auto writer = JournalWriter::open(settings, JournalMode::Append);
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE(append_all(**writer, samples));
  ASSERT_TRUE((*writer)->finish());
}

namespace {

Reading read_all(core::Result<JournalReader> reader) {
  Reading reading;
  if (!reader) {
    reading.error = reader.error();
    return reading;
  }
  while (true) {
    const auto next = reader->next();
    if (!next) {
      reading.error = next.error();
      return reading;
    }
    if (*next == nullptr) break;
    const JournalRecord& record = **next;
    const auto* text = reinterpret_cast<const char*>(record.payload.data());
    reading.samples.push_back({.kind = record.kind,
                               .time_ns = core::to_ns(record.time),
                               .payload = std::string(text, record.payload.size())});
    EXPECT_EQ(record.sequence.value(), reading.samples.size());
  }
  reading.end = reader->end();
  reading.torn_tail = reader->torn_tail();
  return reading;
}

}  // namespace

Reading read_journal(const std::filesystem::path& directory) {
  return read_all(JournalReader::open(directory));
}

Reading read_segments(const std::vector<std::string>& segments) {
  std::vector<std::span<const std::byte>> spans;
  for (const auto& segment : segments) spans.push_back(bytes_of(segment));
  return read_all(JournalReader::open(memory_source(std::move(spans))));
}

Files load_files(const std::filesystem::path& directory) {
  Files files;
  if (!std::filesystem::exists(directory)) return files;
  for (const auto& entry : std::filesystem::directory_iterator{directory})
    files[entry.path().filename().string()] = read_file(entry.path());
  return files;
}

void store_files(const std::filesystem::path& directory, const Files& files) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory(directory);
  for (const auto& [name, text] : files) write_file(directory / name, text);
}

std::vector<std::string> contents(const Files& files) {
  std::vector<std::string> texts;
  for (const auto& [name, text] : files) texts.push_back(text);
  return texts;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text;
}

}  // namespace st0ck::kernel::test
