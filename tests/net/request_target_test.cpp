#include "st0ck/net/request_target.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace st0ck::net {
namespace {

using Segments = std::vector<std::string>;
using Query = std::vector<QueryParameter>;

TEST(RequestTarget, DecodesPathAndQuery) {
  const auto target =
      parse_request_target("/v2/bars%20x?start=2024-01-02T09%3A30%3a00Z&note=a+b%2B");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v2/bars x");
  EXPECT_EQ(target->segments, (Segments{"v2", "bars x"}));
  EXPECT_EQ(target->query, (Query{{"start", "2024-01-02T09:30:00Z"}, {"note", "a b+"}}));
}

TEST(RequestTarget, KeepsAnEscapedSlashInsideItsSegment) {
  const auto target = parse_request_target("/v2/positions/BTC%2FUSD");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (Segments{"v2", "positions", "BTC/USD"}));
}

TEST(RequestTarget, LeavesAPlusInThePathAlone) {
  EXPECT_EQ(parse_request_target("/a+b")->path, "/a+b");
}

TEST(RequestTarget, TellsNoValueFromNoParameter) {
  const auto target = parse_request_target("/?a&b=&=c&&a=2&d=e=f");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->query, (Query{{"a", ""}, {"b", ""}, {"", "c"}, {"a", "2"}, {"d", "e=f"}}));
  EXPECT_EQ(target->find("a"), "");
  EXPECT_EQ(target->find("x"), std::nullopt);
}

TEST(RequestTarget, TakesTheWholeAddressThatProxiesSend) {
  EXPECT_EQ(parse_request_target("http://localhost:80/a?b=c")->path, "/a");
  EXPECT_EQ(parse_request_target("http://localhost")->path, "/");
}

TEST(RequestTarget, RefusesWhatIsNoTarget) {
  for (const std::string text : {"", "*", "a", "?x", "/%", "/%4", "/%4x", "/%x4", "/a b", "/\x7F",
                                 "/caf\xC3\xA9", "/%00", "/?a=%0", "/?%zz=1", "/<", "ftp://h/a"}) {
    EXPECT_FALSE(parse_request_target(text)) << text;
  }
}

std::string escaped(const std::string& text) {
  std::string all;
  for (const char c : text) all += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return all;
}

RC_GTEST_PROP(RequestTarget, ReadsBackWhateverIsEscaped, ()) {
  const auto text = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::nonZero<char>()));

  const auto target =
      parse_request_target('/' + escaped(text) + '?' + escaped(text) + '=' + escaped(text));

  RC_ASSERT(target.has_value());
  RC_ASSERT(target->segments == Segments{text});
  RC_ASSERT(target->query == (Query{{text, text}}));
}

}  // namespace
}  // namespace st0ck::net
