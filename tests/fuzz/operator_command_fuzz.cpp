// Reads any bytes as an operator's command. What reads without a problem must print and read back
// to the same.

#include "src/app/operator_command_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto command = st0ck::app::parse_command(text);
  if (!command) return 0;
  const auto again = st0ck::app::parse_command(st0ck::app::command_text(*command));
  if (!again || *again != *command) std::abort();
  return 0;
}
