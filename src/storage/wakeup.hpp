#pragma once

#include <chrono>

namespace st0ck::storage {

/// Wakes one waiting thread. A wake that comes before the wait ends that wait at once; several
/// count as one. `wake` never blocks and costs a system call.
class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  void wake();

  /// Waits for a wake or for the time to pass.
  void wait_for(std::chrono::nanoseconds timeout);

 private:
  int event_;
};

}  // namespace st0ck::storage
