// The server against a client that others wrote.

#include "net/loopback.hpp"
#include "net/test_certificates.hpp"
#include "st0ck/net/http_server.hpp"
#include "support/process.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <string>
#include <vector>

namespace st0ck::net {
namespace {

class HttpServerWithCurl : public testing::Test {
 protected:
  boost::asio::io_context io;
  std::unique_ptr<HttpServer> server;
  std::vector<ServerRequest> requests;
  std::string scheme = "http";
  std::string program;

  void SetUp() override {
    program = st0ck::test::run_process({"/bin/sh", "-c", "command -v curl"}).out;
    program = program.substr(0, program.find('\n'));
    if (program.empty()) {
      GTEST_SKIP() << "no curl on this machine: the server was NOT tried with a foreign client";
    }
    start({});
  }

  void start(HttpServerSettings settings) {
    auto listening = HttpServer::listen(
        io, std::move(settings), {.on_request = [this](const auto& request, auto respond) {
          requests.push_back(request);
          respond({.body = request.target.path == "/large" ? std::string(50'000, 'x')
                                                           : request.method + request.body});
        }});
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }

  std::string url(const std::string& target) const {
    return scheme + "://localhost:" + std::to_string(server->port()) + target;
  }

  /// What curl prints; it runs beside the server.
  st0ck::test::ProcessOutcome curl(std::vector<std::string> arguments) {
    const std::vector<std::string> always{program, "--silent", "--show-error", "--max-time", "10"};
    arguments.insert(arguments.begin(), always.begin(), always.end());
    auto outcome =
        std::async(std::launch::async, [arguments] { return st0ck::test::run_process(arguments); });
    EXPECT_TRUE(loopback::run_until(io, [&] {
      return outcome.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    }));
    return outcome.get();
  }
};

TEST_F(HttpServerWithCurl, AnswersSeveralRequestsOnOneConnection) {
  const auto outcome = curl({"--write-out", "[%{num_connects}]", url("/a?x=%2B"), url("/b")});

  EXPECT_EQ(outcome.out, "GET[1]GET[0]") << outcome.err;
  EXPECT_EQ(requests[0].target.find("x"), "+");
}

TEST_F(HttpServerWithCurl, TakesBodiesWithALengthInChunksAndAfterAContinue) {
  const st0ck::test::TemporaryFolder folder;
  const std::string path = folder / "body";
  std::ofstream{path} << std::string(900'000, 'y');

  EXPECT_EQ(curl({"--data", "{}", url("/")}).out, "POST{}");
  EXPECT_EQ(curl({"--data", "{}", "--header", "Transfer-Encoding: chunked", url("/")}).out,
            "POST{}");
  const auto large = curl({"--data-binary", "@" + path, "--header", "Expect: 100-continue",
                           "--header", "Content-Type: text/plain", url("/")});

  EXPECT_EQ(large.out.size(), 900'004u) << large.err;
  EXPECT_EQ(curl({"--request", "DELETE", url("/orders/1")}).out, "DELETE");
}

TEST_F(HttpServerWithCurl, PacksAnswersAndAnswersHead) {
  EXPECT_EQ(curl({"--compressed", url("/large")}).out, std::string(50'000, 'x'));
  const auto packed = curl(
      {"--compressed", "--write-out", "%{size_download}", "--output", "/dev/null", url("/large")});
  EXPECT_LT(std::stoi(packed.out), 5000);
  EXPECT_NE(curl({"--head", url("/large")}).out.find("Content-Length: 50000"), std::string::npos);
}

TEST_F(HttpServerWithCurl, SpeaksTls) {
  const loopback::TestAuthority authority;
  const auto files = authority.sign("localhost");
  start({.tls = ServerIdentity{files.certificate, files.key}});
  scheme = "https";

  const auto trusted = curl({"--cacert", authority.file(), url("/large")});
  const auto unknown = curl({url("/")});

  EXPECT_EQ(trusted.out.size(), 50'000u) << trusted.err;
  EXPECT_EQ(unknown.exit_code, 60) << "curl's code for a certificate that it does not trust";
}

}  // namespace
}  // namespace st0ck::net
