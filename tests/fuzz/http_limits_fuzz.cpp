// Reads any bytes as the headers that tell a server's limits: the first line is the time on the
// wall in seconds since 1970, each further line a header. No wait is negative or above a day,
// whatever a server says, and a limiter that has heard it still lets a cancel go within an hour.

#include "st0ck/core/assert.hpp"
#include "st0ck/net/rate_headers.hpp"
#include "st0ck/net/rate_limiter.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace st0ck;

class FixedClock : public core::Clock {
 public:
  explicit FixedClock(core::Timestamp now) : now_{now} {}
  core::Timestamp now() const override { return now_; }

 private:
  core::Timestamp now_;
};

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void check_wait(std::optional<core::Duration> wait) {
  ST0CK_ASSERT(!wait || (*wait >= core::Duration{0} && *wait <= std::chrono::hours{24}),
               "a wait is between nothing and a day");
}

void check_limiter(const net::HttpHeaders& headers, const core::Clock& clock) {
  net::SimulatedScheduler scheduler;
  net::RateLimiter limiter{scheduler, clock, {}};
  const auto first = limiter.acquire({}, [](const auto&) {});
  scheduler.run_for(core::Duration{0});
  limiter.finish(first, net::HttpResponse{.status = 429, .headers = headers});
  bool may_leave = false;
  limiter.acquire({.priority = net::HttpPriority::Cancel, .wait_max = std::chrono::hours{2}},
                  [&](const auto& refusal) { may_leave = !refusal; });
  scheduler.run_for(std::chrono::hours{1});
  ST0CK_ASSERT(may_leave, "no header holds up a cancel for an hour");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::string seconds{take_line(text)};
  const auto now = core::Timestamp{
      std::chrono::seconds{std::clamp(std::atoll(seconds.c_str()), 0LL, 7'000'000'000LL)}};
  net::HttpHeaders headers;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const auto colon = std::min(line.find(':'), line.size());
    const std::string_view value = line.substr(std::min(colon + 1, line.size()));
    headers.add(std::string{line.substr(0, colon)}, std::string{value});
    check_wait(net::parse_retry_after(value, now));
    check_wait(net::parse_rate_reset(value, now));
    static_cast<void>(net::parse_http_date(value));
  }
  const auto limits = net::read_server_limits(headers, now);
  check_wait(limits.reset_in);
  check_wait(limits.retry_in);
  ST0CK_ASSERT(limits.limit != 0U, "a limit allows something");
  check_limiter(headers, FixedClock{now});
  return 0;
}
