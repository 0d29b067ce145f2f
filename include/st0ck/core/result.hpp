#pragma once

#include <fmt/format.h>
#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::core {

/// What kind of expected failure happened; the message says where and with what.
enum class Errc : std::uint8_t {
  BadInput,       ///< Malformed text, file, setting or argument.
  OutOfRange,     ///< Well formed, but outside what is allowed.
  NotFound,       ///< A named thing does not exist.
  AlreadyExists,  ///< A thing that must be new is there already.
  Unavailable,    ///< Missing or stale input; not an error of the caller.
  Refused,        ///< A rule says no.
  Io,             ///< The operating system refused a read or write.
  NoSpace,        ///< The disk is full.
  ReadOnly,       ///< The target cannot be written.
  Locked,         ///< Somebody else holds it.
  Corrupt,        ///< Stored bytes fail their checksum or structure.
  TooNew,         ///< Written by a newer version of st0ck.
  Diverged,       ///< A re-run gave something else than was recorded.
  Mismatch,       ///< Belongs to another configuration.
  Interrupted,    ///< Asked to stop.
  Broker,         ///< A broker or provider turns us down, or cannot be reached.
};

/// Returns the enumerator's name.
std::string_view name_of(Errc code);

/// Whether trying the same call again may help.
enum class Retry : std::uint8_t { No, Yes };

/// An expected failure: its kind, and one sentence that names place, finding and what is allowed.
struct Error {
  Errc code = Errc::BadInput;
  std::string message;
  Retry retry = Retry::No;
};

/// A value or an Error; a result must be looked at.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// The outcome of a call that only succeeds or fails.
using Status = Result<void>;

/// Builds the failing side of a Result from a format string.
template <typename... Args>
tl::unexpected<Error> fail(Errc code, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

/// Passes an error on with the place put in front: `place: message`.
inline tl::unexpected<Error> at(std::string_view place, const Error& error) {
  return tl::unexpected<Error>(
      Error{error.code, fmt::format("{}: {}", place, error.message), error.retry});
}

}  // namespace st0ck::core
