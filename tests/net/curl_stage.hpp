#pragma once

#include "scripted_http_server.hpp"
#include "st0ck/net/curl_transport.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace st0ck::net::test {

/// A context, and a transport on it.
class CurlStage : public ::testing::Test {
 protected:
  /// Sends a request and runs until it is answered.
  HttpResult fetch(HttpRequest request) {
    std::optional<HttpResult> result;
    transport_->send(std::move(request), [&](HttpResult answer) { result = std::move(answer); });
    if (!run_until(io_, [&] { return result.has_value(); })) {
      return tl::unexpected(HttpFailure{.kind = HttpFailureKind::Invalid, .message = "hangs"});
    }
    return std::move(*result);
  }

  void use(CurlSettings settings) { transport_.emplace(io_, std::move(settings)); }

  boost::asio::io_context io_;
  std::optional<CurlTransport> transport_{std::in_place, io_};
};

}  // namespace st0ck::net::test
