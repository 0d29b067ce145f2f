// Any bytes as a journal, first as they are, then with their checksums made right: without that
// hardly an input would come past the first header.

#include "st0ck/core/assert.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/kernel/journal/format.hpp"
#include "st0ck/kernel/journal/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace st0ck;
using namespace st0ck::kernel;

// Segments lie one behind the other; each begins with the magic word.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> segments;
  while (!text.empty()) {
    const auto end = std::min(text.find(kJournalMagic, 1), text.size());
    segments.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return segments;
}

void read_all(const std::vector<std::string>& segments, std::uint64_t from) {
  std::vector<std::span<const std::byte>> spans;
  for (const auto& segment : segments) spans.push_back(bytes_of(segment));
  auto reader = JournalReader::open(memory_source(std::move(spans)), core::Sequence{from});
  if (!reader) return;
  auto expected = reader->next_sequence();
  while (true) {
    const auto next = reader->next();
    if (!next) {
      const auto again = reader->next();
      ST0CK_ASSERT(!again && again.error().message == next.error().message,
                   "a reader stays at its first error");
      return;
    }
    if (*next == nullptr) break;
    const JournalRecord& record = **next;
    ST0CK_ASSERT(record.sequence == expected, "records are numbered without a gap");
    ST0CK_ASSERT(record.offset + kFrameHeaderSize + record.payload.size() <=
                     segments.at(record.segment - 1).size(),
                 "a record lies within its segment");
    static_cast<void>(core::crc32c(record.payload));
    expected = core::Sequence{expected.value() + 1};
  }
  ST0CK_ASSERT((reader->end() == JournalEnd::Torn) == reader->torn_tail().has_value(),
               "a torn end has a tail");
}

template <typename T>
void poke(std::string& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// The frames' own numbers stay where the low bit of the reserved bytes is set.
std::uint32_t repair_frames(std::string& bytes, std::size_t at, std::uint64_t segment,
                            std::uint64_t& sequence) {
  std::uint32_t chain = 0;
  while (bytes.size() - at >= kFrameHeaderSize) {
    const auto room = bytes.size() - at - kFrameHeaderSize;
    const auto size = std::min<std::size_t>(static_cast<unsigned char>(bytes[at + 16]), room);
    FrameHeader header;
    static_cast<void>(decode_frame(bytes_of(bytes).subspan(at), segment, header));
    if ((static_cast<unsigned char>(bytes[at + 22]) & 1U) == 0) header.sequence = sequence;
    const auto frame = std::as_writable_bytes(std::span{bytes}).subspan(at);
    chain = encode_frame_header(frame.first<kFrameHeaderSize>(), segment, header,
                                frame.subspan(kFrameHeaderSize, size));
    sequence = header.sequence + 1;
    at += kFrameHeaderSize + size;
  }
  return chain;
}

void repair(std::vector<std::string>& segments) {
  std::uint64_t sequence = 1;
  std::uint32_t chain = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    std::string& bytes = segments[i];
    if (bytes.size() < kSegmentHeaderSizeMin) return;
    const auto identity = std::min<std::size_t>(static_cast<unsigned char>(bytes[16]),
                                                bytes.size() - kSegmentHeaderSizeMin);
    SegmentHeader header{.segment = i + 1, .first_sequence = sequence, .chain = chain};
    header.identity = bytes.substr(40, identity);
    std::string repaired;
    encode_segment_header(header, repaired);
    bytes.replace(0, repaired.size(), repaired);
    chain = repair_frames(bytes, repaired.size(), i + 1, sequence);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(size, '\0');
  std::memcpy(text.data(), data, size);
  auto segments = split(text);
  read_all(segments, 1);
  read_all(segments, 3);
  repair(segments);
  read_all(segments, 1);
  return 0;
}
