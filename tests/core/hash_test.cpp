#include "st0ck/core/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::core {
namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

struct CrcRow {
  std::vector<std::byte> bytes;
  std::uint32_t crc;
};

std::vector<std::byte> counting(bool upwards) {
  std::vector<std::byte> bytes;
  for (int i = 0; i < 32; ++i) bytes.push_back(static_cast<std::byte>(upwards ? i : 31 - i));
  return bytes;
}

/// The SCSI Read (10) command of RFC 3720 B.4.
std::vector<std::byte> read_command() {
  std::vector<std::byte> bytes(48, std::byte{0});
  bytes[0] = std::byte{0x01};
  bytes[1] = std::byte{0xC0};
  bytes[16] = std::byte{0x14};
  bytes[22] = std::byte{0x04};
  bytes[27] = std::byte{0x14};
  bytes[31] = std::byte{0x18};
  bytes[32] = std::byte{0x28};
  bytes[40] = std::byte{0x02};
  return bytes;
}

TEST(Crc32c, GivesTheVectorsOfRfc3720) {
  // The RFC lists the bytes as sent, least significant first: aa 36 91 8a is 0x8A9136AA.
  const std::vector<CrcRow> table{{std::vector<std::byte>(32, std::byte{0x00}), 0x8A9136AA},
                                  {std::vector<std::byte>(32, std::byte{0xFF}), 0x62A8AB43},
                                  {counting(true), 0x46DD794E},
                                  {counting(false), 0x113FDB5C},
                                  {read_command(), 0xD9963A56},
                                  {bytes_of("123456789"), 0xE3069283},
                                  {{}, 0}};

  for (const CrcRow& row : table) {
    EXPECT_EQ(crc32c(row.bytes), row.crc);
    EXPECT_EQ(crc32c_portable(row.bytes), row.crc);
  }
}

TEST(Crc32c, IsTheSameByInstructionAndByTable) {
  EXPECT_TRUE(rc::check("any bytes, any alignment, any seed", [] {
    const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(
        *rc::gen::inRange<std::size_t>(0, 200), rc::gen::arbitrary<std::uint8_t>());
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    const auto all = std::as_bytes(std::span{bytes});
    const auto part = all.subspan(std::min(bytes.size(), *rc::gen::inRange<std::size_t>(0, 9)));
    RC_ASSERT(crc32c(part, seed) == crc32c_portable(part, seed));
  }));
}

TEST(Crc32c, ContinuesWhereAPieceEnded) {
  EXPECT_TRUE(rc::check([](const std::string& first, const std::string& second) {
    const auto whole = bytes_of(first + second);
    RC_ASSERT(crc32c(bytes_of(second), crc32c(bytes_of(first))) == crc32c(whole));
  }));
}

TEST(Crc32c, NoticesEveryFlippedBit) {
  auto bytes = bytes_of("a record of the journal");
  const std::uint32_t crc = crc32c(bytes);

  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = std::byte{1} << (bit % 8);
    bytes[bit / 8] ^= mask;
    EXPECT_NE(crc32c(bytes), crc) << bit;
    bytes[bit / 8] ^= mask;
  }
}

TEST(Sha256, GivesTheVectorsOfFips180) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameInOnePieceAndInMany) {
  EXPECT_TRUE(rc::check([](const std::vector<std::string>& pieces) {
    std::string whole;
    Sha256 hash;
    for (const std::string& piece : pieces) {
      whole += piece;
      hash.update(piece);
      RC_ASSERT(hash.hex() == sha256_hex(whole));
    }
  }));
}

TEST(Sha256, CanBeMoved) {
  Sha256 hash;
  hash.update("ab");
  Sha256 moved = std::move(hash);
  moved.update("c");

  EXPECT_EQ(moved.hex(), sha256_hex("abc"));
}

TEST(HmacSha256, GivesTheVectorsOfRfc4231) {
  EXPECT_EQ(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256_hex(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace st0ck::core
