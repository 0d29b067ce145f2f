#include "src/app/run_mark.hpp"

#include <array>
#include <string_view>

namespace st0ck::app {

namespace {

constexpr std::uint32_t kLetters = 26;

}  // namespace

core::RunMark draw_run_mark(std::uint32_t random) {
  std::array<char, core::RunMark::kCapacity> letters{};
  for (char& letter : letters) {
    letter = static_cast<char>('a' + random % kLetters);
    random /= kLetters;
  }
  return core::RunMark{std::string_view{letters.data(), letters.size()}};
}

}  // namespace st0ck::app
