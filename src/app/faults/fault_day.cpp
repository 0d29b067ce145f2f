#include "src/app/faults/fault_day.hpp"

#include "src/app/faults/closing_rules.hpp"
#include "src/app/faults/command_line_drill.hpp"
#include "src/app/faults/day_configuration.hpp"
#include "src/app/faults/day_rules.hpp"
#include "src/app/faults/entry_rules.hpp"
#include "src/app/faults/exchange_books.hpp"
#include "src/app/faults/exchange_link.hpp"
#include "src/app/faults/journal_books.hpp"
#include "src/app/faults/memory_journal.hpp"
#include "src/app/faults/socket_link.hpp"
#include "src/app/faults/somebody.hpp"
#include "src/app/faults/state_hash.hpp"
#include "src/app/faults/timeline_log.hpp"
#include "src/app/faults/trader_lives.hpp"
#include "st0ck/net/simulated_scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;

/// How often the rules are held against the books besides at each change.
constexpr core::Duration kLookEvery = 1s;
/// All must stay in order for so long before the day may end.
constexpr core::Duration kQuietFor = 75s;

}  // namespace

class Day {
 public:
  Day(const Schedule& schedule, Timeline* timeline, Wires wires)
      : schedule_{schedule},
        timeline_{timeline},
        wires_{wires},
        log_{timeline},
        journal_{scheduler_, schedule.disk} {}

  core::Status open() {
    auto exchange = FaultExchange::open(schedule_.market, schedule_.scenario, scheduler_,
                                        [this](const std::string& line) { on_fault(line); });
    if (!exchange) return tl::unexpected(exchange.error());
    exchange_ = std::move(*exchange);
    begin_ = exchange_->host().clock().now();
    if (const auto linked = open_link(); !linked) return linked;
    const Blame blame = [this](std::string_view rule, const std::string& what) {
      this->blame(rule, what);
    };
    books_.emplace(exchange_->account(), journal_books_, blame);
    entry_rules_.emplace(EntryRules::Parts{journal_books_, *link_, scheduler_,
                                           [this] { return traders_->is_catching_up(); }, blame});
    closing_rules_.emplace(ClosingRules::Parts{
        *books_, scheduler_, [this] { return traders_->is_catching_up(); }, blame});
    rules_.emplace(DayRules::Parts{*books_, journal_books_, exchange_->host().venue().prices(),
                                   exchange_->host().venue().instruments(),
                                   exchange_->host().calendar(), blame});
    exchange_->host().venue().watch(
        [this](exchange::Account&, const alpaca::TradeUpdate& update) { on_update(update); });
    journal_.on_record = [this](kernel::RecordKind kind, core::Sequence sequence,
                                core::Timestamp time, std::span<const std::byte> payload) {
      on_record(kind, sequence, time, payload);
    };
    traders_.emplace(TraderLives::Parts{
        .schedule = schedule_,
        .scheduler = scheduler_,
        .link = *link_,
        .journal = journal_,
        .io = io_,
        .log = log_,
        .begin = begin_,
        .say = [this](std::string what) { say(Actor::Trader, std::move(what)); },
        .blame = blame,
        .on_lost = [this](core::Sequence left) { lose_after(left); },
        .state_of =
            [this](const kernel::Kernel& kernel) { return state_hash(kernel, journal_books_); },
    });
    exchange_->host().run();
    plan();
    traders_->start();
    return {};
  }

  DayFigures play() {
    const core::Duration end = schedule_.calm_after + schedule_.settles_within;
    core::Duration quiet_since = core::Duration::max();
    while (scheduler_.next_due() && *scheduler_.next_due() <= end && !traders_->are_over()) {
      scheduler_.run_one();
      link_->deliver();
      do traders_->settle(drill_);
      while (link_->deliver());
      if (scheduler_.elapsed() < looks_at_ && !has_changed_) continue;
      has_changed_ = false;
      looks_at_ = scheduler_.elapsed() + kLookEvery;
      // An exchange that is down is trouble until it is back.
      if (exchange_->host().is_down()) rules_->on_fault(now());
      rules_->look(now(), traders_->trader());
      closing_rules_->look();
      if (scheduler_.elapsed() < schedule_.calm_after) continue;
      if (!rules_->is_settled(traders_->trader()))
        quiet_since = core::Duration::max();
      else if (quiet_since == core::Duration::max())
        quiet_since = scheduler_.elapsed();
      else if (scheduler_.elapsed() - quiet_since >= kQuietFor)
        break;
    }
    rules_->check_end(traders_->trader());
    traders_->check_restart();
    return finish();
  }

 private:
  core::Timestamp now() const { return begin_ + scheduler_.elapsed(); }

  core::Status open_link() {
    LinkLog log;
    if (timeline_ != nullptr)
      log = [this](LinkEvent event, const std::string& what) { on_link(event, what); };
    if (wires_ == Wires::Memory) {
      ExchangeLink::Settings settings;
      settings.seed = schedule_.seed;
      link_ = std::make_unique<ExchangeLink>(scheduler_, exchange_->host(), settings, log);
      return {};
    }
    auto sockets = SocketLink::open(io_, scheduler_, exchange_->host(), log);
    if (!sockets) return tl::unexpected(sockets.error());
    link_ = std::move(*sockets);
    return {};
  }

  /// What is not the market's: crashes, commands, somebody else.
  void plan() {
    for (const Crash& crash : schedule_.crashes)
      if (!crash.waits()) crash_later(crash);
    link_->on_order_request = [this](std::uint64_t number) { on_order_request(number); };
    for (const OperatorAct& act : schedule_.commands)
      scheduler_.call_after(act.at, [this, act] { drill_.give(act.command); });
    somebody_.emplace(
        Somebody::Parts{schedule_, scheduler_, *exchange_, *books_,
                        [this](std::string what) { say(Actor::Somebody, std::move(what)); }});
    somebody_->plan();
  }

  void on_order_request(std::uint64_t number) {
    const Trader* trader = traders_->trader();
    const bool is_undurable =
        trader != nullptr && trader->has_sent_undurable() && !std::exchange(was_undurable_, true);
    for (const Crash& crash : schedule_.crashes)
      if (crash.order_request == number || (crash.is_after_undurable_exit && is_undurable))
        crash_later(crash);
  }

  /// Never inside the call that it follows.
  void crash_later(const Crash& crash) {
    scheduler_.call_after(crash.at, [this, crash] { traders_->crash(crash); });
  }

  void lose_after(core::Sequence left) {
    journal_books_.lose_after(left);
    drill_.on_crash(left);
    entry_rules_->on_crash(left);
  }

  void on_update(const alpaca::TradeUpdate& update) {
    has_changed_ = true;
    if (timeline_ != nullptr) say(Actor::Exchange, line_of(update));
    books_->on_update(update);
  }

  void on_record(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
                 std::span<const std::byte> payload) {
    journal_books_.take(kind, sequence, payload);
    entry_rules_->on_record(kind, sequence, payload);
    closing_rules_->on_record(kind, payload);
    if (timeline_ != nullptr) tell_record(*timeline_, time - schedule_.clock_ahead, kind, payload);
    if (kind == kernel::RecordKind::LostExit) ++figures_.exits_recovered;
    if (kind == kernel::RecordKind::Order || kind == kernel::RecordKind::Fill) has_changed_ = true;
  }

  void on_fault(const std::string& line) {
    ++figures_.faults[fault_kind_in(line)];
    if (rules_) rules_->on_fault(now());
    if (closing_rules_) closing_rules_->on_fault();
    if (timeline_ != nullptr) say(Actor::Fault, line);
  }

  void on_link(LinkEvent event, const std::string& what) {
    const std::string_view arrow = event == LinkEvent::Sent       ? "->"
                                   : event == LinkEvent::Answered ? "<-"
                                                                  : "xx";
    say(Actor::Wire, fmt::format("{} {}", arrow, what));
  }

  void say(Actor actor, std::string what) {
    if (timeline_ != nullptr) timeline_->add(now(), actor, std::move(what));
  }

  void blame(std::string_view rule, const std::string& what) {
    say(Actor::Rule, fmt::format("{}: {}", rule, what));
    const bool is_known = std::ranges::any_of(
        figures_.violations, [&](const Violation& known) { return known.rule == rule; });
    if (!is_known) figures_.violations.push_back({std::string{rule}, what, now()});
  }

  DayFigures finish() {
    figures_.orders = books_->orders();
    figures_.fills = books_->fills();
    figures_.requests = link_->requests();
    figures_.crashes = traders_->crashes();
    figures_.states_compared = traders_->states_compared();
    figures_.records = journal_.records();
    figures_.commands = drill_.carried_out();
    figures_.unknown = journal_books_.unknown();
    figures_.unprotected_max = rules_->unprotected_max();
    return std::move(figures_);
  }

  const Schedule& schedule_;
  Timeline* timeline_;
  Wires wires_;
  boost::asio::io_context io_{1};
  net::SimulatedScheduler scheduler_;
  TimelineLog log_;
  DayFigures figures_;
  MemoryJournal journal_;
  JournalBooks journal_books_;
  std::unique_ptr<FaultExchange> exchange_;
  core::Timestamp begin_{};
  std::unique_ptr<TraderLink> link_;
  std::optional<ExchangeBooks> books_;
  std::optional<EntryRules> entry_rules_;
  std::optional<ClosingRules> closing_rules_;
  std::optional<DayRules> rules_;
  CommandLineDrill drill_;
  std::optional<Somebody> somebody_;
  std::optional<TraderLives> traders_;
  core::Duration looks_at_{};
  bool has_changed_ = false;
  bool was_undurable_ = false;  ///< An exit has gone that the journal may not have.
};

DayFigures play_day(const Schedule& schedule, Timeline* timeline, Wires wires) {
  Day day{schedule, timeline, wires};
  if (const auto opened = day.open(); !opened) {
    DayFigures figures;
    figures.violations.push_back({"NOT_OPENED", opened.error().message, {}});
    return figures;
  }
  return day.play();
}

}  // namespace st0ck::app::faults
