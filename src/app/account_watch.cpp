#include "src/app/account_watch.hpp"

#include "src/app/lost_exits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;

const core::Code kProvider{"broker"};
const core::Code kClockSkew{"CLOCK_SKEW"};
const core::Code kAccountUnknown{"ACCOUNT_UNKNOWN"};
const core::Code kAccountOther{"ACCOUNT_OTHER"};
const core::Code kAccountBlocked{"ACCOUNT_BLOCKED"};
const core::Code kState{"state"};
const core::Code kStateOutdated{"STATE_OUTDATED"};

bool is_of_account(const core::Code& trouble) {
  return trouble == kAccountUnknown || trouble == kAccountOther || trouble == kAccountBlocked;
}

bool are_equal(const std::vector<trading::Difference>& a,
               const std::vector<trading::Difference>& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&](const trading::Difference& one) {
           return std::ranges::find(b, one) != b.end();
         });
}

}  // namespace

AccountWatch::~AccountWatch() {
  parts_.broker.listen({});
  parts_.scheduler.cancel(next_);
}

void AccountWatch::begin(const trading::AccountReport& first, bool is_clock_comparable) {
  parts_.broker.listen([this](trading::RemoteBroker::Notice notice) { on_notice(notice); });
  read_at_ = parts_.scheduler.elapsed();
  parts_.account = first.account;
  judge_clock(first, is_clock_comparable);
  compare(first, {});
  parts_.log.info("ACCOUNT_COMPARED", first.account,
                  {{"differences", parts_.kernel.differences().in_force().size()},
                   {"open_orders", first.open_orders.size()},
                   {"positions", first.positions.size()}});
  look_later();
}

void AccountWatch::begin_blind() {
  parts_.broker.listen([this](trading::RemoteBroker::Notice notice) { on_notice(notice); });
  tell_trouble(kAccountUnknown);
  look_later();
}

void AccountWatch::look_after(core::Duration wait) {
  parts_.scheduler.cancel(next_);
  next_ = parts_.scheduler.call_after(wait, [this] { look(); });
}

void AccountWatch::look() {
  next_ = {};
  is_reading_ = true;
  asked_at_ = parts_.scheduler.elapsed();
  parts_.broker.read_account(
      [this, asked = Asked{parts_.kernel.figures().fills, open_orders(parts_.kernel.desk())}](
          const core::Result<trading::AccountReport>& report) { on_report(report, asked); });
}

void AccountWatch::look_later() {
  const auto asks_for_it = [](const kernel::DifferenceRow& row) {
    return trading::stops_entries(row.difference.kind) ||
           row.difference.kind == trading::DifferenceKind::OrderMissing;
  };
  const bool is_in_trouble =
      (trouble_told_ && !trouble_told_->empty()) || !is_compared_ ||
      std::ranges::any_of(parts_.kernel.differences().in_force(), asks_for_it);
  core::Duration wait = is_in_trouble ? settings_.pause_in_trouble : settings_.pause;
  if (const auto wanted = std::exchange(wanted_at_, std::nullopt))
    wait = std::min(wait, *wanted - parts_.scheduler.elapsed());
  look_after(wait);
}

/// Others may trade all day: their orders do not use up what our own may ask of the broker.
void AccountWatch::on_notice(trading::RemoteBroker::Notice notice) {
  const core::Duration now = parts_.scheduler.elapsed();
  const bool is_urgent = notice == trading::RemoteBroker::Notice::Reconnected;
  const core::Duration time =
      is_urgent ? now : std::max(now, asked_at_ + settings_.pause_in_trouble);
  // One that is under way may have been answered before it happened.
  if (is_reading_)
    wanted_at_ = std::min(wanted_at_.value_or(time), time);
  else
    look_after(time - now);
}

/// A fill while the answer was under way may be in it and not yet in our books, or the reverse.
void AccountWatch::on_report(const core::Result<trading::AccountReport>& report,
                             const Asked& asked) {
  is_reading_ = false;
  is_compared_ = false;
  parts_.kernel.drain();
  if (!report) {
    parts_.log.warn("ACCOUNT_NOT_READ", report.error().message);
    is_compared_ = true;  // There is no trouble that we know of.
    judge_silence(report.error());
  } else if (is_of_another(*report)) {
    is_compared_ = true;
    tell_account(kAccountOther, fmt::format("the broker tells of account {}, the run is of {}",
                                            report->account, parts_.account));
  } else if (asked.fills == parts_.kernel.figures().fills) {
    read_at_ = parts_.scheduler.elapsed();
    const bool is_clock_set = parts_.follows_clock && parts_.follows_clock(*report);
    if (report->may_trade)
      judge_clock(*report, !is_clock_set);
    else
      tell_account(kAccountBlocked,
                   fmt::format("{} may not trade: {}", report->account, report->blocked_reason));
    compare(*report, asked);
  }
  look_later();
}

void AccountWatch::judge_clock(const trading::AccountReport& report, bool is_comparable) {
  const core::Duration skew = is_comparable ? report.clock_skew() : core::Duration{};
  const bool is_off = std::chrono::abs(skew) > settings_.clock_skew_max;
  const core::Code trouble = is_off ? kClockSkew : core::Code{};
  if (trouble_told_ == trouble) return;
  const bool was_off = parts_.kernel.is_degraded(kProvider);
  if (is_off)
    parts_.log.error("CLOCK_SKEW",
                     fmt::format("this machine's clock is {} ms {} the broker's, allowed are {}: "
                                 "check the time service",
                                 std::chrono::abs(skew) / 1ms, skew > 0ns ? "behind" : "ahead of",
                                 settings_.clock_skew_max / 1ms));
  else if (trouble_told_ && is_of_account(*trouble_told_))
    parts_.log.info("ACCOUNT_KNOWN", "the account could be read again, and may trade");
  else if (was_off)
    parts_.log.info("CLOCK_SKEW_OVER",
                    fmt::format("the clock is within {} ms of the broker's again",
                                settings_.clock_skew_max / 1ms));
  tell_trouble(trouble);
}

void AccountWatch::judge_silence(const core::Error& error) {
  const core::Duration silence = parts_.scheduler.elapsed() - read_at_;
  if (silence < settings_.unread_max || trouble_told_ == kAccountUnknown) return;
  parts_.log.error("ACCOUNT_UNKNOWN",
                   fmt::format("the account could not be read for {} s; nothing is entered until "
                               "it is, exits go on: {}",
                               silence / 1s, error.message));
  tell_trouble(kAccountUnknown);
}

/// Who answers for another account proves nothing of ours.
bool AccountWatch::is_of_another(const trading::AccountReport& report) {
  if (parts_.account.empty()) parts_.account = report.account;
  return report.account != parts_.account;
}

void AccountWatch::tell_account(const core::Code& trouble, const std::string& what) {
  if (trouble_told_ == trouble) return;
  parts_.log.error(trouble.view(), fmt::format("{}; nothing is entered, exits go on", what));
  tell_trouble(trouble);
}

/// The first verdict is always told: an earlier process may have left another.
void AccountWatch::tell_trouble(const core::Code& trouble) {
  trouble_told_ = trouble;
  parts_.kernel.on_provider_status(
      {kProvider,
       trouble.empty() ? market::ProviderState::Connected : market::ProviderState::Degraded,
       trouble});
}

void AccountWatch::compare(const trading::AccountReport& report, const Asked& asked) {
  const trading::Desk& desk = parts_.kernel.desk();
  take_in_lost_exits(report);
  trading::OurBooks books =
      our_books(desk, parts_.instruments, report, asked.orders, std::exchange(is_first_, false));
  if (cash_of_others_) books.cash = *cash_of_others_ + desk.cash();
  const core::Money cash = desk.cash();
  wait_for_fills(books, report);
  std::vector<trading::Difference> found = trading::reconcile(report, books, in_force());
  is_compared_ = std::ranges::none_of(books.orders, &trading::BookedOrder::is_unproven) &&
                 std::ranges::none_of(found, [](const trading::Difference& difference) {
                   return difference.kind == trading::DifferenceKind::OrderMissing;
                 });
  if (is_compared_) cash_of_others_ = report.cash - cash;
  wait_for_missing(found);
  tell(std::move(found));
  if (is_compared_ && parts_.on_compared) parts_.on_compared(report);
}

/// Once: what this process sends is in its books.
void AccountWatch::take_in_lost_exits(const trading::AccountReport& report) {
  if (!is_first_) return;
  parts_.broker.report_orders_since(std::nullopt);
  if (parts_.kernel.is_degraded(kState)) return;  // For good.
  if (const auto newer = entry_of_newer_state(report.entries, parts_.kernel.desk()))
    return tell_old_state(*newer);
  for (const trading::LostExit& lost :
       lost_exits(report.exits, parts_.kernel.desk(), parts_.instruments))
    parts_.kernel.on_lost_exit(lost);
}

/// What the broker has is not in these books: they must enter nothing, and take nothing in.
void AccountWatch::tell_old_state(const core::ClientOrderId& newer) {
  parts_.log.error("STATE_OUTDATED", outdated_state_text(newer));
  parts_.kernel.on_provider_status({kState, market::ProviderState::Down, kStateOutdated});
}

/// Until the next reading, which believes the same figure.
void AccountWatch::wait_for_fills(trading::OurBooks& books, const trading::AccountReport& report) {
  const auto before = std::exchange(filled_there_, {});
  for (trading::BookedOrder& order : books.orders) {
    const auto listed = std::ranges::find(report.open_orders, order.client_order_id,
                                          &trading::ReportedOrder::client_order_id);
    if (listed == report.open_orders.end() || listed->filled == order.filled) continue;
    filled_there_[order.client_order_id] = listed->filled;
    const auto known = before.find(order.client_order_id);
    if (known == before.end() || known->second != listed->filled) order.is_unproven = true;
  }
}

/// What is missing for the first time is told when it is so again.
void AccountWatch::wait_for_missing(std::vector<trading::Difference>& found) {
  const auto before = std::exchange(missing_, {});
  std::erase_if(found, [&](const trading::Difference& difference) {
    if (difference.kind != trading::DifferenceKind::OrderMissing) return false;
    missing_.insert(difference.client_order_id);
    return !before.contains(difference.client_order_id);
  });
}

void AccountWatch::tell(std::vector<trading::Difference> found) {
  if (!are_equal(found, in_force()))
    parts_.kernel.on_reconciliation(trading::Reconciliation{std::move(found)});
}

std::vector<trading::Difference> AccountWatch::in_force() const {
  std::vector<trading::Difference> differences;
  for (const kernel::DifferenceRow& row : parts_.kernel.differences().in_force())
    differences.push_back(row.difference);
  return differences;
}

}  // namespace st0ck::app
