#include "curl_stage.hpp"
#include "pem_certificates.hpp"
#include "scripted_http_server.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>

namespace st0ck::net::test {
namespace {

using namespace std::chrono_literals;

class CurlTls : public CurlStage {
 protected:
  CurlTls() {
    std::ofstream{folder_ / "authority.pem"} << authority_.certificate;
    use({.ca_file = (folder_ / "authority.pem").string()});
  }

  /// What a request to a server with that certificate comes to.
  HttpResult fetch_from(const TestCertificate& certificate, const std::string& body = "order") {
    ScriptedHttpServer server{io_, [](const ReceivedRequest&) { return reply(200, "secret"); },
                              certificate};
    auto result = fetch({.method = HttpMethod::Post, .url = server.url(), .body = body});
    requests_ = server.requests().size();
    was_offered_http2_ = server.was_offered_http2();
    place_ = "POST " + server.url();
    return result;
  }

  void expect_refused(const TestCertificate& certificate, const std::string& finding) {
    const auto result = fetch_from(certificate);

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, HttpFailureKind::Tls);
    EXPECT_FALSE(result.error().may_have_reached());
    EXPECT_TRUE(result.error().message.starts_with(place_ + ": " + finding))
        << result.error().message;
    EXPECT_EQ(requests_, 0U);
  }

  st0ck::test::TemporaryFolder folder_;
  TestCertificate authority_ = make_authority();
  std::size_t requests_ = 0;
  bool was_offered_http2_ = false;
  std::string place_;
};

TEST_F(CurlTls, TakesAServerWhoseCertificateIsGood) {
  const auto result = fetch_from(make_signed(authority_));

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->body, "secret");
}

TEST_F(CurlTls, OffersHttp2ForRequestsWithoutABodyOnly) {
  ASSERT_TRUE(fetch_from(make_signed(authority_), ""));
  EXPECT_TRUE(was_offered_http2_);

  ASSERT_TRUE(fetch_from(make_signed(authority_), "order"));
  EXPECT_FALSE(was_offered_http2_);
}

TEST_F(CurlTls, RefusesAnExpiredCertificate) {
  expect_refused(make_signed(authority_, {.begins = -48h, .ends = -1h}),
                 "the server's certificate has expired; check the clock of this machine, else its "
                 "owner must renew it");
}

TEST_F(CurlTls, RefusesACertificateOfTheFuture) {
  expect_refused(make_signed(authority_, {.begins = 1h, .ends = 2h}),
                 "the server's certificate is not valid yet; check the clock of this machine");
}

TEST_F(CurlTls, RefusesASelfSignedCertificate) {
  expect_refused(make_self_signed(), "the server's certificate is self-signed; check that this is");
}

TEST_F(CurlTls, RefusesACertificateByAnUnknownAuthority) {
  expect_refused(make_signed(make_authority("another authority")),
                 "the server's certificate is signed by nobody whom we trust");
}

TEST_F(CurlTls, RefusesACertificateOfAnotherHost) {
  expect_refused(
      make_signed(authority_, {.hosts = "DNS:other.test"}),
      "the server's certificate is for another host; check the URL (SSL: no alternative");
}

TEST_F(CurlTls, SaysThatTheFileOfAuthoritiesCannotBeUsed) {
  use({.ca_file = (folder_ / "missing.pem").string()});

  expect_refused(make_signed(authority_), "the file of certificates to trust cannot be used");
}

TEST_F(CurlTls, RefusesTheTestAuthorityWithTheSystemsCertificates) {
  use({});

  expect_refused(make_signed(authority_), "the server's certificate is signed by nobody");
}

TEST_F(CurlTls, CallsAHandshakeThatHangsNotSent) {
  use({.connect_timeout = 30ms});
  ScriptedHttpServer server{io_, {}, make_signed(authority_)};
  server.stop_reading();

  const auto result = fetch({.method = HttpMethod::Post, .url = server.url(), .body = "order"});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, HttpFailureKind::NotSent) << result.error().message;
  EXPECT_TRUE(result.error().is_timeout);
}

TEST_F(CurlTls, CallsAServerThatSpeaksNoTlsNotSent) {
  ScriptedHttpServer server{io_, [](const ReceivedRequest&) { return reply(200, ""); }};
  std::string url = server.url();
  url.insert(4, "s");

  // The server waits for the end of what it takes for a header, so that only time ends this.
  const auto result = fetch({.method = HttpMethod::Post, .url = url, .timeout = 50ms});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, HttpFailureKind::NotSent) << result.error().message;
}

TEST_F(CurlTls, CallsAConnectionThatBreaksAfterTheRequestNoAnswer) {
  for (const auto then : {ScriptedReply::Then::Close, ScriptedReply::Then::Reset}) {
    ScriptedHttpServer server{
        io_, [&](const ReceivedRequest&) { return ScriptedReply{"HTTP/1.1 200", then}; },
        make_signed(authority_)};

    const auto result = fetch({.method = HttpMethod::Post, .url = server.url()});

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, HttpFailureKind::NoAnswer) << result.error().message;
  }
}

}  // namespace
}  // namespace st0ck::net::test
