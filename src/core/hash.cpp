#include "st0ck/core/hash.hpp"

#include "st0ck/core/assert.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace st0ck::core {

namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  constexpr std::uint32_t kReversedPolynomial = 0x82F63B78;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kReversedPolynomial : 0);
    table[i] = crc;
  }
  return table;
}

constexpr auto kTable = make_table();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(std::span<const std::byte> bytes,
                                                             std::uint32_t seed) {
  std::uint64_t crc = ~seed;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    crc = _mm_crc32_u64(crc, word);
  }
  auto narrow_crc = static_cast<std::uint32_t>(crc);
  for (; left > 0; --left, ++at)
    narrow_crc = _mm_crc32_u8(narrow_crc, static_cast<unsigned char>(*at));
  return ~narrow_crc;
}

bool has_sse42() { return __builtin_cpu_supports("sse4.2") != 0; }
#endif

}  // namespace

std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t seed) {
  std::uint32_t crc = ~seed;
  for (const std::byte byte : bytes)
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<std::uint32_t>(byte)) & 0xFF];
  return ~crc;
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed) {
#if defined(__x86_64__)
  static const bool fast = has_sse42();
  if (fast) return crc32c_sse42(bytes, seed);
#endif
  return crc32c_portable(bytes, seed);
}

namespace {

std::string hex_of(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

struct Sha256::Context {
  Context() : evp{EVP_MD_CTX_new()} { ST0CK_ASSERT(evp != nullptr, "libcrypto has memory"); }
  ~Context() { EVP_MD_CTX_free(evp); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  EVP_MD_CTX* evp;
};

Sha256::Sha256() : context_{std::make_unique<Context>()} {
  const int done = EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr);
  ST0CK_ASSERT(done == 1, "libcrypto knows SHA-256");
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view text) {
  const int done = EVP_DigestUpdate(context_->evp, text.data(), text.size());
  ST0CK_ASSERT(done == 1, "SHA-256 takes any text");
}

std::string Sha256::hex() const {
  const Context copy;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const bool done = EVP_MD_CTX_copy_ex(copy.evp, context_->evp) == 1 &&
                    EVP_DigestFinal_ex(copy.evp, digest.data(), &size) == 1;
  ST0CK_ASSERT(done && size == 32, "SHA-256 gives 32 bytes");
  return hex_of({digest.data(), size});
}

std::string sha256_hex(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const bool done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         digest.data(), &size) != nullptr;
  ST0CK_ASSERT(done && size == 32, "HMAC with SHA-256 gives 32 bytes");
  return hex_of({digest.data(), size});
}

}  // namespace st0ck::core
