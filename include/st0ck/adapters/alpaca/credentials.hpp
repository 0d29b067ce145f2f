#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

/// What proves to the broker who we are. Never printed: it has no formatter and never gets one.
struct Credentials {
  std::string key_id;
  std::string secret;
};

/// Looks a variable of the environment up; nothing where it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// The environment of this process.
Environment process_environment();

/// Finds the keys of an account: first as files `apca_api_key_id` and `apca_api_secret_key` in the
/// directory that systemd names in CREDENTIALS_DIRECTORY, then in the variables APCA_API_KEY_ID and
/// APCA_API_SECRET_KEY. Another account than `default` has its name in both, in capital letters in
/// the variables: `apca_roth_api_key_id`, APCA_ROTH_API_KEY_ID.
///
/// `Broker` when one is missing, empty or not printable, with the names that were tried.
core::Result<Credentials> read_credentials(const core::AccountId& account,
                                           const Environment& environment);

}  // namespace st0ck::alpaca
