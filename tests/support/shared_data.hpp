#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace st0ck::test {

/// A file or folder of the recorded data: under `$ST0CK_SHARED/data`, or under `../shared/data`
/// beside the source tree, in whose top folder tests run.
inline std::filesystem::path shared_data(const std::string& name) {
  const char* const shared = std::getenv("ST0CK_SHARED");
  return std::filesystem::path{shared == nullptr ? "../shared" : shared} / "data" / name;
}

}  // namespace st0ck::test

/// Skips the running test, loudly, when a part of the recorded data is not there.
#define ST0CK_NEED_SHARED_DATA(name)                                 \
  if (!std::filesystem::exists(::st0ck::test::shared_data(name)))    \
  GTEST_SKIP() << "SKIPPED: no " << ::st0ck::test::shared_data(name) \
               << " (set ST0CK_SHARED to the folder that holds data/)"
