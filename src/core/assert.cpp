#include "st0ck/core/assert.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace st0ck::core {

void assertion_failed(std::string_view condition, std::string_view rule,
                      std::source_location where) {
  fmt::print(stderr, "st0ck: broken rule: {} [{}] at {}:{} in {}\n", rule, condition,
             where.file_name(), where.line(), where.function_name());
  std::fflush(stderr);
  std::abort();
}

}  // namespace st0ck::core
