#include "st0ck/net/http_transport.hpp"

#include <gtest/gtest.h>

namespace st0ck::net {
namespace {

TEST(HttpHeaders, FindsTheFirstValueInUpperAndLowerCase) {
  HttpHeaders headers{{"Content-Type", "a"}};
  headers.add("content-type", "b");

  EXPECT_EQ(headers.find("CONTENT-type"), "a");
  EXPECT_EQ(headers.find("Content-Typ"), std::nullopt);
  EXPECT_EQ(headers.size(), 2U);
}

TEST(HttpRequest, IsNamedWithoutWhatMayBeSecret) {
  const auto place = [](std::string url) {
    return place_of({.method = HttpMethod::Delete, .url = std::move(url)});
  };

  EXPECT_EQ(place("https://host:1/a@b?apikey=x"), "DELETE https://host:1/a@b");
  EXPECT_EQ(place("https://me:word@host?x"), "DELETE https://host");
  EXPECT_EQ(place("https://me:w@rd@host/#x"), "DELETE https://host/");
  EXPECT_EQ(place("nothing"), "DELETE nothing");
}

TEST(HttpFailure, TellsWhetherTheServerMayHaveActed) {
  const auto may = [](HttpFailureKind kind) {
    return HttpFailure{.kind = kind}.may_have_reached();
  };

  EXPECT_FALSE(may(HttpFailureKind::NotSent));
  EXPECT_TRUE(may(HttpFailureKind::NoAnswer));
  EXPECT_FALSE(may(HttpFailureKind::Tls));
  EXPECT_TRUE(may(HttpFailureKind::TooLarge));
  EXPECT_FALSE(may(HttpFailureKind::Invalid));
}

}  // namespace
}  // namespace st0ck::net
