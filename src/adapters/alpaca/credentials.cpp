#include "st0ck/adapters/alpaca/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace st0ck::alpaca {

namespace {

/// A key longer than this is none.
constexpr std::size_t kKeyMax = 512;

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// `apca_api_key_id` for `default`, `apca_roth_api_key_id` for `roth`.
std::string name_for(const core::AccountId& account, std::string_view what) {
  if (account.view() == "default") return fmt::format("apca_{}", what);
  return fmt::format("apca_{}_{}", account, what);
}

/// The file's text without the line end that editors leave; nothing where there is no such file.
std::optional<std::string> read_short_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  std::array<char, kKeyMax + 2> bytes{};
  file.read(bytes.data(), bytes.size());
  std::string text{bytes.data(), static_cast<std::size_t>(file.gcount())};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= kKeyMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

core::Result<std::string> read_key(const core::AccountId& account, std::string_view what,
                                   const Environment& environment) {
  const std::string file = name_for(account, what);
  const std::string variable = upper(file);
  std::optional<std::string> found;
  if (const auto folder = environment("CREDENTIALS_DIRECTORY"); folder && !folder->empty())
    found = read_short_file(std::filesystem::path{*folder} / file);
  if (!found) found = environment(variable);
  if (!found)
    return core::fail(core::Errc::Broker,
                      "account {}: no key for the broker: set {} in the environment, or give the "
                      "service a credential {}",
                      account, variable, file);
  if (!is_key(*found))
    return core::fail(core::Errc::Broker,
                      "account {}: {} is empty, longer than {} characters or not plain text",
                      account, variable, kKeyMax);
  return std::move(*found);
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string{name}.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string{value};
  };
}

core::Result<Credentials> read_credentials(const core::AccountId& account,
                                           const Environment& environment) {
  auto key_id = read_key(account, "api_key_id", environment);
  if (!key_id) return tl::unexpected<core::Error>(key_id.error());
  auto secret = read_key(account, "api_secret_key", environment);
  if (!secret) return tl::unexpected<core::Error>(secret.error());
  return Credentials{std::move(*key_id), std::move(*secret)};
}

}  // namespace st0ck::alpaca
