#pragma once

#include "st0ck/net/scheduler.hpp"

#include <memory>

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace st0ck::net {

/// Runs tasks on an io_context, by the steady clock. Used on the context's thread only; what has
/// not run when it is destroyed never runs.
class AsioScheduler : public Scheduler {
 public:
  explicit AsioScheduler(boost::asio::io_context& io);
  ~AsioScheduler() override;

  core::Duration elapsed() const override;
  TaskId call_after(core::Duration wait, std::function<void()> task) override;
  void cancel(TaskId task) override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace st0ck::net
