#pragma once

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <thread>

namespace st0ck::benchmarks {

/// A context that a thread of its own polls without ever blocking, for as long as this lives.
class PollingThread {
 public:
  explicit PollingThread(boost::asio::io_context& io)
      : thread_{[this, &io] {
          while (!is_ended_.load(std::memory_order_relaxed)) io.poll();
        }} {}
  ~PollingThread() {
    is_ended_ = true;
    thread_.join();
  }
  PollingThread(const PollingThread&) = delete;
  PollingThread& operator=(const PollingThread&) = delete;

 private:
  std::atomic<bool> is_ended_ = false;
  std::thread thread_;
};

}  // namespace st0ck::benchmarks
