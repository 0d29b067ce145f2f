#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/trading/operator_command.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace st0ck::app {

/// A command file may not be larger.
inline constexpr std::size_t kCommandFileMax = 4096;

/// The text of a command file: one JSON object.
std::string command_text(const trading::OperatorCommand& command);

/// Reads a command file; BadInput names what is wrong: no JSON, an unknown or missing key, a name
/// that cannot be one, a resume, halt or flatten without a reason.
core::Result<trading::OperatorCommand> parse_command(std::string_view text);

}  // namespace st0ck::app
