#include "st0ck/net/web_socket_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::net {
namespace {

TEST(WebSocketUrl, NamesSchemeHostPortAndTarget) {
  const auto url = parse_web_socket_url("wss://stream.example.com/v2/iex?a=b");

  ASSERT_TRUE(url);
  EXPECT_TRUE(url->is_tls);
  EXPECT_EQ(url->host, "stream.example.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->target, "/v2/iex?a=b");
  EXPECT_EQ(url->host_field(), "stream.example.com");
}

TEST(WebSocketUrl, FillsInWhatIsLeftOut) {
  const auto plain = parse_web_socket_url("ws://localhost:8080");
  const auto query = parse_web_socket_url("ws://h?x");

  ASSERT_TRUE(plain && query);
  EXPECT_EQ(plain->target, "/");
  EXPECT_EQ(plain->host_field(), "localhost:8080");
  EXPECT_EQ(query->target, "/?x");
  EXPECT_EQ(query->port, 80);
}

TEST(WebSocketUrl, TakesAnAddressInBrackets) {
  const auto url = parse_web_socket_url("ws://[::1]:99/x");

  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->host_field(), "[::1]:99");
}

TEST(WebSocketUrl, RefusesWhatIsNoAddress) {
  for (const std::string text :
       {"", "ws://", "http://host/", "wss:/host", "ws://:80/", "ws://host:/", "ws://host:0/",
        "ws://host:65536/", "ws://host:8x/", "ws://[::1", "ws://[::1]x/", "ws://a b/",
        "ws://host/#f", "ws://host/\r\nX: y", "ws://ho\\st/", "ws://::1/"}) {
    EXPECT_FALSE(parse_web_socket_url(text)) << text;
  }
}

TEST(WebSocketUrl, ShowsNoPassword) {
  const auto url = parse_web_socket_url("ws://me:secret@host/");

  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace st0ck::net
