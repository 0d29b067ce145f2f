#pragma once

#include "net/pem_certificates.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::net::test {

struct ReceivedRequest {
  std::string head;  ///< With the empty line.
  std::string body;
  std::size_t connection = 0;  ///< Counted from 1.
};

/// The bytes that answer a request, and what becomes of the connection then.
struct ScriptedReply {
  enum class Then { KeepOpen, Close, Reset };

  std::string bytes;
  Then then = Then::KeepOpen;
};

/// A whole answer with a length.
ScriptedReply reply(int status, std::string_view body, std::string_view more_headers = {});

/// A server on loopback that answers with the bytes of a script and knows nothing of HTTP but where
/// a request ends. It runs on the same context as the client under test. A reply of no bytes that
/// keeps the connection is a stall.
class ScriptedHttpServer {
 public:
  using Script = std::function<ScriptedReply(const ReceivedRequest&)>;

  /// With a certificate it speaks TLS.
  ScriptedHttpServer(boost::asio::io_context& io, Script script,
                     std::optional<TestCertificate> certificate = {});
  ~ScriptedHttpServer();

  /// `http://127.0.0.1:port/path`, or `https://localhost:port/path`.
  std::string url(std::string_view path = "/") const;
  unsigned short port() const;

  /// Accepts connections and reads nothing of them: a TLS handshake hangs.
  void stop_reading();

  const std::vector<ReceivedRequest>& requests() const;
  std::size_t connections() const;

  /// Whether the last TLS client offered HTTP/2.
  bool was_offered_http2() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

/// Runs the context until the condition holds; false if that takes absurdly long.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& condition);

}  // namespace st0ck::net::test
