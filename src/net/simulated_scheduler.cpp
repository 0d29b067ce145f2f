#include "st0ck/net/simulated_scheduler.hpp"

#include <algorithm>

namespace st0ck::net {

TaskId SimulatedScheduler::call_after(core::Duration wait, std::function<void()> task) {
  const auto id = TaskId{++last_id_};
  const core::Duration due = elapsed_ + std::max(wait, core::Duration{0});
  tasks_.emplace(Key{due, id}, std::move(task));
  due_.emplace(id, due);
  return id;
}

void SimulatedScheduler::cancel(TaskId task) {
  const auto found = due_.find(task);
  if (found == due_.end()) return;
  tasks_.erase(Key{found->second, task});
  due_.erase(found);
}

std::optional<core::Duration> SimulatedScheduler::next_due() const {
  if (tasks_.empty()) return std::nullopt;
  return tasks_.begin()->first.first;
}

bool SimulatedScheduler::run_one() {
  if (tasks_.empty()) return false;
  // Taken out first: a task may cancel or add others, and itself again.
  auto node = tasks_.extract(tasks_.begin());
  elapsed_ = node.key().first;
  due_.erase(node.key().second);
  node.mapped()();
  return true;
}

void SimulatedScheduler::run_until(core::Duration until) {
  while (!tasks_.empty() && tasks_.begin()->first.first <= until) run_one();
  elapsed_ = std::max(elapsed_, until);
}

}  // namespace st0ck::net
