#include "src/net/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace st0ck::net {
namespace {

std::string unpacked(std::string packed, std::size_t size) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  std::string bytes(size, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return bytes;
}

TEST(Gzip, IsAcceptedByNameOrByStarUnlessItsQualityIsZero) {
  for (const auto* text : {"gzip", "GZIP", "deflate, gzip;q=1.0, *;q=0.5", "*", " br , gzip ",
                           "x-gzip", "*;q=0, gzip"}) {
    EXPECT_TRUE(accepts_gzip(text)) << text;
  }
  for (const auto* text : {"", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0",
                           "gzip;q=0, *", "gzipped", ",;,", ";q=0"}) {
    EXPECT_FALSE(accepts_gzip(text)) << text;
  }
}

TEST(Gzip, IsUndoneByZlib) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i);

  const auto packed = gzip(text);

  ASSERT_TRUE(packed);
  EXPECT_LT(packed->size(), text.size() / 2);
  EXPECT_EQ(unpacked(*packed, text.size()), text);
}

}  // namespace
}  // namespace st0ck::net
