#include "app/program.hpp"

#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace st0ck::test {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void redirect(const std::filesystem::path& path, int descriptor) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
}

ProgramOutcome run(const std::string& path, const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  const auto out = folder / "out";
  const auto err = folder / "err";
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    redirect(out, STDOUT_FILENO);
    redirect(err, STDERR_FILENO);
    ::execv(path.c_str(), pointers.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(out), content_of(err)};
}

}  // namespace

std::filesystem::path program_folder() {
  const char* const folder = std::getenv("ST0CK_BIN_DIR");
  return folder == nullptr ? "build/release" : folder;
}

ProgramOutcome run_program(const std::string& program, const std::vector<std::string>& arguments) {
  return run((program_folder() / program).string(), arguments);
}

ProgramOutcome run_shell(const std::string& commands) {
  return run("/bin/bash", {"-c", "bin=$1; " + commands, "bash", program_folder().string()});
}

}  // namespace st0ck::test
