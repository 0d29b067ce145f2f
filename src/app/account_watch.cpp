#include "src/app/account_watch.hpp"

#include <fmt/format.h>

#include <utility>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;

const core::Code kProvider{"broker"};
const core::Code kClockSkew{"CLOCK_SKEW"};
const core::Code kPositionDiffers{"POSITION_DIFFERS"};

core::Quantity position_in(const trading::AccountReport& report, const core::Symbol& symbol) {
  for (const trading::ReportedPosition& position : report.positions)
    if (position.symbol == symbol) return position.quantity;
  return {};
}

}  // namespace

void AccountWatch::begin(const trading::AccountReport& first, bool is_clock_comparable) {
  judge(first, is_clock_comparable);
  look_later();
}

void AccountWatch::look_later() {
  const bool is_in_trouble = told_ && !told_->empty();
  next_ = parts_.scheduler.call_after(
      is_in_trouble ? settings_.pause_in_trouble : settings_.pause, [this] {
        next_ = {};
        parts_.broker.read_account(
            [this, fills = parts_.kernel.figures().fills](
                const core::Result<trading::AccountReport>& report) { on_report(report, fills); });
      });
}

/// A fill while the answer was under way may be in it and not yet in our books, or the reverse.
void AccountWatch::on_report(const core::Result<trading::AccountReport>& report,
                             std::uint64_t fills) {
  if (!report)
    parts_.log.warn("ACCOUNT_NOT_READ", report.error().message);
  else if (fills == parts_.kernel.figures().fills)
    judge(*report, !(parts_.follows_clock && parts_.follows_clock(*report)));
  look_later();
}

/// The first verdict is always told: an earlier process may have left another.
void AccountWatch::judge(const trading::AccountReport& report, bool is_clock_comparable) {
  core::Code trouble;
  if (is_clock_comparable && is_clock_off(report)) trouble = kClockSkew;
  if (differs(report)) trouble = kPositionDiffers;
  if (told_ == trouble) return;
  told_ = trouble;
  parts_.kernel.on_provider_status(
      {kProvider,
       trouble.empty() ? market::ProviderState::Connected : market::ProviderState::Degraded,
       trouble});
}

bool AccountWatch::is_clock_off(const trading::AccountReport& report) const {
  const core::Duration skew = report.clock_skew();
  if (std::chrono::abs(skew) <= settings_.clock_skew_max) return false;
  parts_.log.error("CLOCK_SKEW",
                   fmt::format("this machine's clock is {} ms {} the broker's, allowed are {}: "
                               "check the time service",
                               std::chrono::abs(skew) / 1ms, skew > 0ns ? "behind" : "ahead of",
                               settings_.clock_skew_max / 1ms));
  return true;
}

bool AccountWatch::differs(const trading::AccountReport& report) const {
  bool is_different = false;
  for (const market::Instrument& instrument : parts_.instruments) {
    const core::Quantity ours = our_position(instrument.id);
    const core::Quantity theirs = position_in(report, instrument.symbol);
    if (ours == theirs) continue;
    is_different = true;
    parts_.log.error("POSITION_DIFFERS",
                     fmt::format("{}: our fills make {}, the broker holds {}", instrument.symbol,
                                 ours.to_string(), theirs.to_string()));
  }
  return is_different;
}

core::Quantity AccountWatch::our_position(core::InstrumentId instrument) const {
  core::Quantity sum;
  for (const trading::Position& position : parts_.kernel.desk().ledger().positions())
    if (position.key.instrument == instrument) sum += position.quantity;
  return sum;
}

}  // namespace st0ck::app
