#include "wakeup.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace st0ck::storage {

// Not a condition variable: a notification without its lock may be missed, and with it the core
// thread might wait.
Wakeup::Wakeup() : event_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
  ST0CK_ASSERT(event_ >= 0, "the system has a file descriptor left for an event");
}

Wakeup::~Wakeup() { ::close(event_); }

void Wakeup::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the reader is woken anyhow.
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

void Wakeup::wait_for(std::chrono::nanoseconds timeout) {
  const auto rest = std::max(timeout, std::chrono::nanoseconds::zero());
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(rest).count();
  pollfd poll{event_, POLLIN, 0};
  ::poll(&poll, 1, static_cast<int>(std::min<std::int64_t>(milliseconds, 3'600'000)));
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(event_, &count, sizeof count);
}

}  // namespace st0ck::storage
