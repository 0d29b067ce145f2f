#include "src/app/faults/fault_day.hpp"

#include "src/app/faults/command_line_drill.hpp"
#include "src/app/faults/day_configuration.hpp"
#include "src/app/faults/day_rules.hpp"
#include "src/app/faults/entry_rules.hpp"
#include "src/app/faults/exchange_books.hpp"
#include "src/app/faults/exchange_link.hpp"
#include "src/app/faults/journal_books.hpp"
#include "src/app/faults/memory_journal.hpp"
#include "src/app/faults/socket_link.hpp"
#include "src/app/faults/state_hash.hpp"
#include "src/app/faults/timeline_log.hpp"
#include "src/app/faults/trader.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_body.hpp"
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
/// A trader that gave up is started again, as systemd does.
constexpr core::Duration kStartAgain = 5s;
/// All must stay in order for so long before the day may end.
constexpr core::Duration kQuietFor = 75s;

/// The kind in a fault's line: `fault 2025-06-02 09:30:01 -04:00 NAME KIND ...`.
std::string kind_in(std::string_view line) {
  for (int word = 0; word < 5; ++word) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return {};
    line.remove_prefix(blank + 1);
  }
  return std::string{line.substr(0, line.find(' '))};
}

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
    entry_rules_.emplace(EntryRules::Parts{journal_books_, *link_, scheduler_, blame});
    rules_.emplace(DayRules::Parts{*books_, journal_books_, exchange_->host().venue().prices(),
                                   exchange_->host().venue().instruments(), blame});
    exchange_->host().venue().watch(
        [this](exchange::Account&, const alpaca::TradeUpdate& update) { on_update(update); });
    journal_.on_record = [this](kernel::RecordKind kind, core::Sequence sequence,
                                core::Timestamp time, std::span<const std::byte> payload) {
      on_record(kind, sequence, time, payload);
    };
    exchange_->host().run();
    plan();
    start_trader();
    return {};
  }

  DayFigures play() {
    const core::Duration end = schedule_.calm_after + schedule_.settles_within;
    core::Duration quiet_since = core::Duration::max();
    while (scheduler_.next_due() && *scheduler_.next_due() <= end && !is_over_) {
      scheduler_.run_one();
      link_->deliver();
      do settle_trader();
      while (link_->deliver());
      if (scheduler_.elapsed() < looks_at_ && !has_changed_) continue;
      has_changed_ = false;
      looks_at_ = scheduler_.elapsed() + kLookEvery;
      rules_->look(now(), trader_.get());
      if (scheduler_.elapsed() < schedule_.calm_after) continue;
      if (!rules_->is_settled(trader_.get()))
        quiet_since = core::Duration::max();
      else if (quiet_since == core::Duration::max())
        quiet_since = scheduler_.elapsed();
      else if (scheduler_.elapsed() - quiet_since >= kQuietFor)
        break;
    }
    rules_->check_end(trader_.get());
    check_restart();
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
      if (crash.order_request == 0) crash_later(crash);
    link_->on_order_request = [this](std::uint64_t number) {
      for (const Crash& crash : schedule_.crashes)
        if (crash.order_request == number) crash_later(crash);
    };
    for (const OperatorAct& act : schedule_.commands)
      scheduler_.call_after(act.at, [this, act] { drill_.give(act.command); });
    for (const ForeignTrade& trade : schedule_.foreign)
      scheduler_.call_after(trade.at, [this, trade] { trade_for_somebody(trade); });
    if (!schedule_.foreign.empty())
      scheduler_.call_after(schedule_.calm_after, [this] { give_back(); });
  }

  /// Never inside the call that it follows.
  void crash_later(const Crash& crash) {
    scheduler_.call_after(crash.at, [this, crash] { this->crash(crash); });
  }

  /// Somebody goes back to where he began, again and again until he is there.
  void give_back() {
    scheduler_.call_after(10s, [this] { give_back(); });
    const market::InstrumentTable& instruments = exchange_->host().venue().instruments();
    const auto symbols = symbols_of(schedule_.market);
    for (std::uint32_t i = 0; i < symbols.size(); ++i) {
      core::Quantity held =
          exchange_->account().holdings().position(instruments.find(symbols[i])->id);
      for (const auto& [holder, ours] : books_->positions())
        if (holder.symbol == symbols[i]) held -= ours;
      if (held.is_zero()) continue;
      trade_for_somebody(
          {{}, i, held.is_positive() ? trading::Side::Sell : trading::Side::Buy, held.abs()});
    }
  }

  void start_trader() {
    say(Actor::Trader, "starts");
    Trader::Parts parts{
        .scheduler = scheduler_,
        .link = *link_,
        .journal = journal_,
        .io = io_,
        .log = log_,
        .time = [this] { return now() + schedule_.clock_ahead; },
        .seed = schedule_.seed + 100 * ++starts_,
        .key = std::string{kKey},
        .secret = std::string{kKey},
    };
    trader_ = std::make_unique<Trader>(parts, configuration_of(schedule_, begin_));
    const auto compare = [this](const kernel::Kernel& kernel) { compare_state(kernel); };
    if (const auto started = trader_->start(compare); !started) {
      blame("RESTART_DIFFERS", started.error().message);
      is_over_ = true;
    }
  }

  void settle_trader() {
    if (trader_ == nullptr) return;
    const auto settled = trader_->settle();
    if (settled && trader_->is_trading()) drill_.work(*trader_, journal_);
    if (settled) return;
    say(Actor::Trader, "gives up: " + settled.error().message);
    kill(Death::Kill);
    scheduler_.call_after(kStartAgain, [this] { start_again(); });
  }

  void crash(const Crash& crash) {
    if (trader_ == nullptr) return;
    ++figures_.crashes;
    // An exit does not wait for a disk that stalls (design section 5), and the intent of it is lost
    // with the power: that is a difference for people to settle, and not played.
    const bool may_lose_sent = trader_->has_sent_undurable();
    const Death death = may_lose_sent ? Death::Kill : crash.death;
    say(Actor::Trader, death == Death::Kill ? "is killed" : "loses its power");
    kill(death);
    scheduler_.call_after(crash.down, [this] { start_again(); });
  }

  void kill(Death death) {
    const std::string state = state_hash(trader_->kernel(), journal_books_);
    const core::Sequence last = journal_.last_sequence();
    trader_.reset();
    const core::Sequence left = journal_.crash(death);
    left_state_ = left == last ? state : "";
    journal_books_.lose_after(left);
    drill_.on_crash(left);
    entry_rules_->on_crash(left);
  }

  /// Who has caught up with all that the one before has written knows what that one knew.
  void compare_state(const kernel::Kernel& kernel) {
    if (left_state_.empty()) return;
    ++figures_.states_compared;
    if (state_hash(kernel, journal_books_) != left_state_)
      blame("STATE_DIFFERS", "a restart knows other things than the process before it knew");
  }

  void start_again() {
    if (trader_ == nullptr && !is_over_) start_trader();
  }

  /// Whoever starts once more stands where the last one stood; the journal sees to it.
  void check_restart() {
    if (is_over_ || trader_ == nullptr) return;
    kill(Death::PowerLoss);
    start_trader();
    trader_.reset();
  }

  void trade_for_somebody(const ForeignTrade& trade) {
    alpaca::NewOrder order;
    order.symbol = symbols_of(schedule_.market)[trade.symbol].str();
    order.quantity = trade.quantity;
    order.side = trade.side;
    order.type = trading::OrderType::Market;
    order.time_in_force = trading::TimeInForce::Day;
    const auto sent = exchange_->account().desk().submit(order);
    say(Actor::Somebody,
        fmt::format("{} {} {}{}", trading::name_of(trade.side), trade.quantity.to_string(),
                    *order.symbol, sent ? "" : ": " + sent.error().message));
  }

  void on_update(const alpaca::TradeUpdate& update) {
    has_changed_ = true;
    if (timeline_ != nullptr) {
      const alpaca::Order& order = update.order;
      std::string line =
          fmt::format("{} {} {} {} {}", order.client_order_id, alpaca::text_of(update.event),
                      trading::name_of(*order.side),
                      order.quantity.value_or(core::Quantity{}).to_string(), order.symbol);
      if (update.price)
        line += fmt::format(" {} at {}, filled {}",
                            update.quantity.value_or(core::Quantity{}).to_string(),
                            update.price->to_string(), order.filled_quantity.to_string());
      say(Actor::Exchange, std::move(line));
    }
    books_->on_update(update);
  }

  void on_record(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
                 std::span<const std::byte> payload) {
    journal_books_.take(kind, sequence, payload);
    entry_rules_->on_record(kind, sequence, payload);
    if (timeline_ != nullptr) tell_record(*timeline_, time - schedule_.clock_ahead, kind, payload);
    if (kind == kernel::RecordKind::Order || kind == kernel::RecordKind::Fill) has_changed_ = true;
  }

  void on_fault(const std::string& line) {
    ++figures_.faults[kind_in(line)];
    if (rules_) rules_->on_fault(now());
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
  std::optional<DayRules> rules_;
  CommandLineDrill drill_;
  std::unique_ptr<Trader> trader_;
  std::string left_state_;  ///< Of the process before; empty where the journal has lost some.
  std::uint64_t starts_ = 0;
  core::Duration looks_at_{};
  bool has_changed_ = false;
  bool is_over_ = false;
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
