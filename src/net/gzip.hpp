#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace st0ck::net {

/// Whether an Accept-Encoding field takes gzip (RFC 9110, 12.5.3): named, or by `*`, and not with
/// a quality of 0.
bool accepts_gzip(std::string_view accept_encoding);

/// The bytes as one gzip member; nothing when zlib has no memory.
std::optional<std::string> gzip(std::string_view bytes);

}  // namespace st0ck::net
