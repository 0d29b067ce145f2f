#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace st0ck::core {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes`, continuing from `seed` = the CRC of
/// what came before. Uses the SSE4.2 instruction where the processor has it.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed = 0);

/// The portable form of crc32c, one table look-up per byte; its oracle in tests.
std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t seed = 0);

/// SHA-256 (FIPS 180-4) over text given piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view text);

  /// Lower-case hexadecimal digest of everything so far; more may be added afterwards.
  std::string hex() const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// SHA-256 of one piece of text, in lower-case hexadecimal.
std::string sha256_hex(std::string_view text);

/// HMAC with SHA-256 (RFC 2104) of `text` under `key`, in lower-case hexadecimal.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

}  // namespace st0ck::core
