#include "frame_search.hpp"

#include "st0ck/kernel/journal/format.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace st0ck::kernel {

namespace {

constexpr std::size_t kFrameSizeMax = kFrameHeaderSize + kPayloadSizeMax;
constexpr std::size_t kBlockSize = 4 * kFrameSizeMax;

std::optional<std::size_t> find_in_block(std::span<const std::byte> block, std::size_t starts,
                                         std::uint64_t segment, std::uint64_t sequence_min,
                                         std::uint64_t sequence_max) {
  for (std::size_t at = 0; at < starts; ++at)
    if (is_frame(block.subspan(at), segment, sequence_min, sequence_max)) return at;
  return std::nullopt;
}

}  // namespace

core::Result<std::optional<std::uint64_t>> find_frame(SegmentSource& file, std::uint64_t segment,
                                                      std::uint64_t from,
                                                      std::uint64_t sequence_min) {
  const auto size = file.size();
  if (!size) return tl::unexpected(size.error());
  if (*size <= from) return std::optional<std::uint64_t>{};
  // No more records fit there than this, which rules out nearly every chance match.
  const auto sequence_max = sequence_min + (*size - from) / kFrameHeaderSize;
  std::vector<std::byte> block(
      static_cast<std::size_t>(std::min(*size - from, std::uint64_t{kBlockSize})));
  while (true) {
    const auto got = file.read(from, block);
    if (!got) return tl::unexpected(got.error());
    const auto bytes = std::span{block}.first(*got);
    const bool last = *got < kBlockSize;
    const auto starts = last ? *got : *got - kFrameSizeMax;
    if (const auto at = find_in_block(bytes, starts, segment, sequence_min, sequence_max))
      return std::optional{from + *at};
    if (last) return std::optional<std::uint64_t>{};
    from += starts;
  }
}

}  // namespace st0ck::kernel
