#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace st0ck::test {

/// What a finished program left.
struct ProgramOutcome {
  int exit_code = -1;  ///< -1 when a signal ended it.
  std::string out;
  std::string err;
};

/// The folder of our programs: `$ST0CK_BIN_DIR`, as ctest sets it.
std::filesystem::path program_folder();

/// Runs `program` of that folder to its end.
ProgramOutcome run_program(const std::string& program, const std::vector<std::string>& arguments);

/// Runs lines of bash, in which `$bin` is that folder.
ProgramOutcome run_shell(const std::string& commands);

}  // namespace st0ck::test
