#include "curl_stage.hpp"
#include "scripted_http_server.hpp"

#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <chrono>
#include <dlfcn.h>
#include <string_view>

namespace {

std::atomic<int> look_ups_stuck = 0;
std::atomic<bool> look_ups_may_end = false;

}  // namespace

// Stands before the C library's for everything in this program: one name is never resolved, until
// the test lets it fail.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (name != nullptr && std::string_view{name} == "stuck.test") {
    ++look_ups_stuck;
    look_ups_may_end.wait(false);
    --look_ups_stuck;
    return EAI_AGAIN;
  }
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, found);
}

namespace st0ck::net::test {
namespace {

using namespace std::chrono_literals;
using CurlResolver = CurlStage;

TEST_F(CurlResolver, BlocksNobodyWhileANameIsLookedUpNorWhereThatIsGivenUp) {
  use({.connect_timeout = 40ms});
  ScriptedHttpServer server{io_, [](const ReceivedRequest&) { return reply(200, "quick"); }};
  std::optional<HttpResult> late;
  std::optional<HttpResult> cancelled;
  transport_->send({.url = "http://stuck.test/"}, [&](HttpResult result) { late = result; });
  const auto second = transport_->send({.url = "http://stuck.test:81/"},
                                       [&](HttpResult result) { cancelled = result; });
  ASSERT_TRUE(run_until(io_, [] { return look_ups_stuck == 2; }));

  const auto quick = fetch({.url = server.url()});
  transport_->cancel(second);
  ASSERT_TRUE(run_until(io_, [&] { return late && cancelled; }));
  transport_.reset();

  // All of this came while both look-ups were still stuck.
  EXPECT_EQ(look_ups_stuck, 2);
  EXPECT_EQ(quick.value().body, "quick");
  EXPECT_EQ(late->error().kind, HttpFailureKind::NotSent);
  EXPECT_TRUE(late->error().is_timeout) << late->error().message;
  EXPECT_EQ(cancelled->error().kind, HttpFailureKind::NotSent);
  look_ups_may_end = true;
  look_ups_may_end.notify_all();
  ASSERT_TRUE(run_until(io_, [] { return look_ups_stuck == 0; }));
}

}  // namespace
}  // namespace st0ck::net::test
