#pragma once

#include <cstdint>

namespace st0ck::test {

/// How often the calling thread has asked for memory since it began. A program that uses this has
/// its operator new replaced by one that counts.
std::uint64_t allocations_of_this_thread();

}  // namespace st0ck::test
