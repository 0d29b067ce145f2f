#include "src/app/resident_memory.hpp"

#include <fstream>
#include <unistd.h>

namespace st0ck::app {

std::optional<std::uint64_t> resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  const auto page = ::sysconf(_SC_PAGESIZE);
  if (!(in >> size >> resident) || page <= 0) return std::nullopt;
  return resident * static_cast<std::uint64_t>(page);
}

}  // namespace st0ck::app
