#include "net/loopback.hpp"
#include "net/test_certificates.hpp"
#include "st0ck/net/beast_web_socket.hpp"
#include "st0ck/net/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <string>

namespace st0ck::net {
namespace {

using loopback::CertificateFiles;
using loopback::Heard;
using loopback::run_dry;
using loopback::run_until;
using loopback::TestAuthority;

class WebSocketTls : public testing::Test {
 protected:
  TestAuthority authority;
  boost::asio::io_context io;
  std::unique_ptr<WebSocketConnection> server_end;
  Heard at_server;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<BeastWebSocketTransport> transport =
      *BeastWebSocketTransport::create(io, {.ca_file = authority.file()});
  Heard heard;

  void start(const CertificateFiles& files) {
    auto listening = HttpServer::listen(
        io, {.tls = ServerIdentity{files.certificate, files.key}},
        {.on_request = {}, .on_upgrade = [this](const auto&, WebSocketUpgrade upgrade) {
           WebSocketListener listener = at_server.listener();
           listener.on_message = [this](auto kind, auto bytes) {
             EXPECT_TRUE(server_end->send(kind, bytes));
           };
           server_end = upgrade.accept(std::move(listener));
         }});
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }

  std::unique_ptr<WebSocketConnection> connect(const std::string& host = "localhost") {
    return transport->connect({.url = "wss://" + host + ':' + std::to_string(server->port())},
                              heard.listener());
  }

  /// The message of a refusal, of a server with these files.
  std::string refusal(const CertificateFiles& files, const std::string& host = "localhost") {
    start(files);
    const auto connection = connect(host);
    EXPECT_TRUE(run_until(io, [&] { return !heard.closed.empty(); }));
    EXPECT_EQ(heard.end(), WebSocketEnd::Untrusted);
    EXPECT_FALSE(heard.closed[0].was_open);
    return heard.closed[0].message;
  }
};

TEST_F(WebSocketTls, TrustsACertificateOfItsAuthorityAndCarriesMessages) {
  start(authority.sign("localhost"));
  const auto connection = connect();
  ASSERT_TRUE(run_until(io, [&] { return heard.opened == 1; }));
  const std::string large(300'000, 'x');
  ASSERT_TRUE(connection->send(MessageKind::Text, "hello"));
  ASSERT_TRUE(connection->send(MessageKind::Binary, large));
  ASSERT_TRUE(run_until(io, [&] { return heard.messages.size() == 2; }));
  EXPECT_EQ(heard.messages[0].second, "hello");
  EXPECT_EQ(heard.messages[1].second, large);

  connection->close();
  ASSERT_TRUE(run_until(io, [&] { return !heard.closed.empty(); }));

  EXPECT_EQ(heard.closed[0].end, WebSocketEnd::ClosedByUs);
  EXPECT_EQ(heard.closed[0].code, 1000);
  server->stop();
  EXPECT_TRUE(run_dry(io));
}

TEST_F(WebSocketTls, TrustsACertificateForAnAddress) {
  start(authority.sign_address("127.0.0.1"));
  const auto connection = connect("127.0.0.1");

  EXPECT_TRUE(run_until(io, [&] { return heard.opened == 1; }));
}

TEST_F(WebSocketTls, RefusesAnExpiredCertificate) {
  const auto message = refusal(authority.sign("localhost", -1));

  EXPECT_NE(message.find("the certificate has expired"), std::string::npos) << message;
  EXPECT_NE(message.find("check the clock"), std::string::npos) << message;
}

TEST_F(WebSocketTls, RefusesACertificateThatSignedItself) {
  const auto message = refusal(authority.self_signed("localhost"));

  EXPECT_NE(message.find("signed by nobody known here"), std::string::npos) << message;
}

TEST_F(WebSocketTls, RefusesTheCertificateOfAnUnknownAuthority) {
  const TestAuthority stranger;
  const auto message = refusal(stranger.sign("localhost"));

  EXPECT_NE(message.find("check the file of authorities"), std::string::npos) << message;
}

TEST_F(WebSocketTls, RefusesACertificateForAnotherHost) {
  const auto message = refusal(authority.sign("elsewhere.example"));

  EXPECT_NE(message.find("not for the host 'localhost'"), std::string::npos) << message;
}

TEST_F(WebSocketTls, RefusesACertificateForAnotherAddress) {
  const auto message = refusal(authority.sign("localhost"), "127.0.0.1");

  EXPECT_NE(message.find("not for the host '127.0.0.1'"), std::string::npos) << message;
}

TEST_F(WebSocketTls, ReportsAServerThatSpeaksNoTls) {
  server = *HttpServer::listen(io, {}, {.on_request = {}});
  const auto connection = connect();
  ASSERT_TRUE(run_until(io, [&] { return !heard.closed.empty(); }));

  EXPECT_EQ(heard.end(), WebSocketEnd::Untrusted);
  EXPECT_NE(heard.closed[0].message.find("TLS failed"), std::string::npos);
}

TEST_F(WebSocketTls, IsNotForAServerWithoutItsFiles) {
  const auto one = authority.sign("localhost");
  const auto other = authority.sign("localhost");
  const auto listen = [&](const std::string& certificate, const std::string& key) {
    return HttpServer::listen(io, {.tls = ServerIdentity{certificate, key}}, {.on_request = {}});
  };

  const auto no_certificate = listen("/no/such/file", one.key);
  ASSERT_FALSE(no_certificate);
  EXPECT_EQ(no_certificate.error().code, core::Errc::NotFound);
  EXPECT_FALSE(listen(one.certificate, other.key)) << "the key of another";
  EXPECT_TRUE(listen(one.certificate, one.key));
  EXPECT_FALSE(BeastWebSocketTransport::create(io, {.ca_file = "/no/such/file"}));
}

}  // namespace
}  // namespace st0ck::net
