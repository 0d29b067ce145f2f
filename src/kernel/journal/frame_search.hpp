#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/kernel/journal/source.hpp"

#include <cstdint>
#include <optional>

namespace st0ck::kernel {

/// The first offset from `from` on where a whole frame with a sequence of at least `sequence_min`
/// begins; that is how damage within a segment is told from a record that was never finished.
/// About 1 ns per byte.
core::Result<std::optional<std::uint64_t>> find_frame(SegmentSource& file, std::uint64_t segment,
                                                      std::uint64_t from,
                                                      std::uint64_t sequence_min);

}  // namespace st0ck::kernel
