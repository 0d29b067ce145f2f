#include "curl_stage.hpp"
#include "pem_certificates.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

namespace st0ck::net::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;

/// Speaks as much of HTTP/2 (RFC 9113) as answers each stream of one connection with 200 and a
/// body, on a thread of its own.
class Http2Server {
 public:
  explicit Http2Server(const TestCertificate& certificate) : tls_{asio::ssl::context::tls_server} {
    tls_.use_certificate(asio::buffer(certificate.certificate), asio::ssl::context::pem);
    tls_.use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
    SSL_CTX_set_alpn_select_cb(tls_.native_handle(), &Http2Server::choose_http2, nullptr);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~Http2Server() { thread_.join(); }
  Http2Server(const Http2Server&) = delete;
  Http2Server& operator=(const Http2Server&) = delete;

  std::string url() const {
    return fmt::format("https://localhost:{}/", acceptor_.local_endpoint().port());
  }

 private:
  enum Type : std::uint8_t { Data = 0, Headers = 1, Settings = 4 };

  static int choose_http2(SSL*, const unsigned char** chosen, unsigned char* size,
                          const unsigned char*, unsigned, void*) {
    static constexpr std::array<unsigned char, 2> kName{'h', '2'};
    *chosen = kName.data();
    *size = 2;
    return SSL_TLSEXT_ERR_OK;
  }

  static std::string frame(Type type, int flags, std::string_view stream,
                           std::string_view payload) {
    std::string bytes{'\0', '\0', static_cast<char>(payload.size()), static_cast<char>(type),
                      static_cast<char>(flags)};
    return bytes.append(stream).append(payload);
  }

  void serve() {
    boost::system::error_code error;
    asio::ssl::stream<tcp::socket> stream{io_, tls_};
    acceptor_.accept(stream.lowest_layer(), error);
    if (!error) stream.handshake(asio::ssl::stream_base::server, error);
    std::string preface(24, '\0');
    if (!error) asio::read(stream, asio::buffer(preface), error);
    const std::string none(4, '\0');
    if (!error) asio::write(stream, asio::buffer(frame(Settings, 0, none, "")), error);
    std::string head(9, '\0');
    while (!error && asio::read(stream, asio::buffer(head), error) == head.size()) {
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
      std::string payload(std::size_t{byte(0)} << 16 | std::size_t{byte(1)} << 8 | byte(2), '\0');
      asio::read(stream, asio::buffer(payload), error);
      std::string out;
      if (byte(3) == Settings && byte(4) == 0) out = frame(Settings, 1, none, "");
      // The last frame of a request says so.
      if ((byte(3) == Headers || byte(3) == Data) && (byte(4) & 1) != 0) {
        const auto number = std::string_view{head}.substr(5);
        // 0x88 is `:status: 200` of the static table (RFC 7541, appendix A).
        out = frame(Headers, 4, number, "\x88") + frame(Data, 1, number, "by two");
      }
      if (!error) asio::write(stream, asio::buffer(out), error);
    }
  }

  asio::io_context io_;
  asio::ssl::context tls_;
  tcp::acceptor acceptor_{io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

using CurlHttp2 = CurlStage;

TEST_F(CurlHttp2, IsSpokenForRequestsWithoutABodyOverOneConnection) {
  const st0ck::test::TemporaryFolder folder;
  const auto authority = make_authority();
  std::ofstream{folder / "authority.pem"} << authority.certificate;
  const Http2Server server{make_signed(authority)};
  use({.ca_file = (folder / "authority.pem").string()});

  const auto first = fetch({.method = HttpMethod::Delete, .url = server.url()});
  const auto second = fetch({.url = server.url()});
  // A body goes by a new connection, of which this server has none.
  const auto third =
      fetch({.method = HttpMethod::Post, .url = server.url(), .body = "order", .timeout = 50ms});
  transport_.reset();

  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(first->body, "by two");
  EXPECT_TRUE(second->is_reused);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, HttpFailureKind::NotSent) << third.error().message;
}

}  // namespace
}  // namespace st0ck::net::test
