// Reads any bytes as settings of the sample schema: a YAML text and, after a NUL byte, overrides
// line by line. Whatever reads without a problem must print and read back to the same.

#include "st0ck/core/settings.hpp"
#include "tests/core/settings/sample_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using st0ck::core::SettingsDocument;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < 16) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

void check_round_trip(const SettingsDocument& document) {
  auto again = SettingsDocument::parse(document.to_yaml(true), "again");
  st0ck::core::sample::read_all(again);
  if (!again.finish().empty() || again.hash() != document.hash()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto split = text.find('\0');
  const auto overrides =
      split == std::string::npos ? std::vector<std::string>{} : lines_of(text.substr(split + 1));
  auto document = SettingsDocument::parse(text.substr(0, split), "fuzz", overrides);
  st0ck::core::sample::read_all(document);
  if (document.finish().empty()) check_round_trip(document);
  return 0;
}
