#include "src/app/faults/trader_lives.hpp"

#include "src/app/faults/day_configuration.hpp"

#include <chrono>
#include <utility>

namespace st0ck::app::faults {

namespace {

constexpr core::Duration kStartAgain = std::chrono::seconds{5};

}  // namespace

void TraderLives::start() {
  parts_.say("starts");
  Trader::Parts parts{
      .scheduler = parts_.scheduler,
      .link = parts_.link,
      .journal = parts_.journal,
      .io = parts_.io,
      .log = parts_.log,
      .time =
          [this] {
            return parts_.begin + parts_.scheduler.elapsed() + parts_.schedule.clock_ahead;
          },
      .seed = parts_.schedule.seed + 100 * ++starts_,
      .key = std::string{kKey},
      .secret = std::string{kKey},
  };
  trader_ = std::make_unique<Trader>(parts, configuration_of(parts_.schedule, parts_.begin));
  is_catching_up_ = true;
  const auto started =
      trader_->start([this](const kernel::Kernel& kernel) { compare_state(kernel); });
  is_catching_up_ = false;
  if (!started) {
    parts_.blame("RESTART_DIFFERS", started.error().message);
    are_over_ = true;
  }
}

void TraderLives::settle(CommandLineDrill& drill) {
  if (trader_ == nullptr) return;
  const auto settled = trader_->settle();
  if (settled && trader_->is_trading()) drill.work(*trader_, parts_.journal);
  if (settled) return;
  parts_.say("gives up: " + settled.error().message);
  kill(Death::Kill);
  parts_.scheduler.call_after(kStartAgain, [this] { start_again(); });
}

void TraderLives::crash(const Crash& crash) {
  if (trader_ == nullptr) return;
  ++crashes_;
  parts_.say(crash.death == Death::Kill ? "is killed" : "loses its power");
  kill(crash.death);
  parts_.scheduler.call_after(crash.down, [this] { start_again(); });
}

void TraderLives::kill(Death death) {
  std::string state = parts_.state_of(trader_->kernel());
  const core::Sequence last = parts_.journal.last_sequence();
  trader_.reset();
  const core::Sequence left = parts_.journal.crash(death);
  left_state_ = left == last ? std::move(state) : "";
  parts_.on_lost(left);
}

/// Who has caught up with all that the one before has written knows what that one knew.
void TraderLives::compare_state(const kernel::Kernel& kernel) {
  if (left_state_.empty()) return;
  ++states_compared_;
  if (parts_.state_of(kernel) != left_state_)
    parts_.blame("STATE_DIFFERS", "a restart knows other things than the process before it knew");
}

void TraderLives::start_again() {
  if (trader_ == nullptr && !are_over_) start();
}

void TraderLives::check_restart() {
  if (are_over_ || trader_ == nullptr) return;
  kill(Death::PowerLoss);
  start();
  trader_.reset();
}

}  // namespace st0ck::app::faults
