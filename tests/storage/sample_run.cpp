#include "storage/sample_run.hpp"

#include "src/storage/sqlite.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/trading/ledger.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace st0ck::storage {

namespace {

using kernel::RecordKind;

const core::AccountId kAccount{"default"};

/// Makes up a run, record by record.
class RunMaker {
 public:
  explicit RunMaker(const SampleSize& size) : size_{size}, random_{size.seed} {}

  StoredRecords make() {
    start();
    for (int session = 0; session < size_.sessions; ++session) play_session(session);
    if (size_.has_end) end();
    return std::move(script_.records);
  }

 private:
  struct Bot {
    core::BotId id;
    core::EngineName engine;
    std::uint32_t orders = 0;
    std::uint32_t fills = 0;
    std::uint32_t trades = 0;
    core::Money realized;
    core::Money fees;
    core::Money realized_before;
    core::Money fees_before;
  };

  static Bot new_bot(std::string_view id, std::string_view engine) {
    Bot bot;
    bot.id = core::BotId{id};
    bot.engine = core::EngineName{engine};
    return bot;
  }

  int number(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  void start() {
    kernel::RunStart run;
    run.account = kAccount;
    run.mode = "paper";
    run.configuration = "mode: paper\nbots:\n  a: {engine: st0cka}\n";
    run.configuration_hash = "0123abcd";
    run.cash = core::Money::whole(100'000);
    for (const Bot& bot : bots_) run.bots.push_back({bot.id, bot.engine, 1});
    script_.add(RecordKind::RunStart, run);
    for (const auto& [symbol, multiplier] :
         {std::pair{"SPY", 1u}, std::pair{"QQQ", 1u}, std::pair{"SPY190215C00275000", 100u}}) {
      market::Instrument instrument;
      instrument.symbol = core::Symbol{symbol};
      instrument.multiplier = core::Multiplier{multiplier};
      if (multiplier > 1) instrument.asset_class = market::AssetClass::Option;
      script_.add(RecordKind::InstrumentDefined, instruments_.define(instrument));
    }
  }

  void phase(const core::Session& session, market::Phase phase) {
    script_.add(RecordKind::SessionPhase, market::SessionPhase{phase, session});
  }

  void play_session(int day) {
    const auto open = script_.now;
    const core::Session session{core::Date{std::chrono::floor<std::chrono::days>(open)}, open,
                                open + std::chrono::hours{6}};
    phase(session, market::Phase::Prepare);
    phase(session, market::Phase::Open);
    for (int i = 0; i < size_.orders_per_session; ++i) {
      play_order(bots_[static_cast<std::size_t>(number(2))], day);
      tick();
    }
    phase(session, market::Phase::Close);
    for (Bot& bot : bots_) act(bot, session);
    for (Bot& bot : bots_) close_day(bot, session);
    mark_equity();
    compare_accounts();
    check_account(session.date);
    script_.now = open + std::chrono::hours{24};
  }

  /// An input that is no row, so that rows' numbers have gaps.
  void tick() {
    script_.now += std::chrono::seconds{1};
    market::Quote quote;
    quote.time = script_.now;
    quote.bid = core::Price::whole(270);
    quote.ask = core::Price::whole(271);
    script_.add(RecordKind::Quote, quote);
  }

  void play_order(Bot& bot, int day) {
    const market::Instrument& instrument =
        instruments_[core::InstrumentId{static_cast<std::uint32_t>(number(3))}];
    kernel::OrderRow order;
    order.id = core::OrderId{++orders_};
    order.client_order_id = core::ClientOrderId{
        fmt::format("{}-{}-201902{:02}-{}", bot.id, bot.engine, 11 + day, orders_)};
    order.account = kAccount;
    order.bot = bot.id;
    order.engine = bot.engine;
    order.symbol = instrument.symbol;
    order.side = number(2) == 0 ? trading::Side::Buy : trading::Side::Sell;
    order.type = number(2) == 0 ? trading::OrderType::Limit : trading::OrderType::Market;
    if (order.type == trading::OrderType::Limit) order.limit = core::Price::whole(270);
    order.quantity = core::Quantity::from_raw(core::Quantity::kOne * (1 + number(5)));
    if (number(4) == 0) order.quantity = core::Quantity::from_raw(1'234'567'891);
    order.submitted = script_.now;
    order.updated = script_.now;
    order.reason = core::Code{number(2) == 0 ? "ENTRY" : "STOP_LOSS"};
    decide(order);
    ++bot.orders;
    script_.add(RecordKind::Order, order);
    if (number(8) == 0) {
      order.state = trading::OrderState::Rejected;
      order.state_reason = core::Code{"NO_MONEY"};
      script_.add(RecordKind::Order, order);
      return;
    }
    const int parts = 1 + number(3);
    for (int part = 0; part < parts; ++part) fill(bot, order, instrument, part + 1 == parts);
  }

  void decide(const kernel::OrderRow& order) {
    kernel::Decision decision;
    decision.account = order.account;
    decision.bot = order.bot;
    decision.engine = order.engine;
    decision.event_time = script_.now;
    decision.code = core::Code{"OPENED"};
    decision.kind = kernel::DecisionKind::Transition;
    add(decision);
    decision.symbol = order.symbol;
    decision.kind = kernel::DecisionKind::Intent;
    decision.side = order.side;
    decision.quantity = order.quantity;
    decision.price = order.limit;
    decision.code = order.reason;
    decision.client_order_id = order.client_order_id;
    decision.explanation = R"({"bid":"270.00","verdict":"approved"})";
    add(decision);
  }

  void add(const kernel::Decision& decision) {
    ++decisions_;
    hash_.update(kernel::canonical_text(decision));
    script_.add(RecordKind::Decision, decision);
  }

  void fill(Bot& bot, kernel::OrderRow& order, const market::Instrument& instrument, bool is_last) {
    const core::Quantity left = order.quantity - order.filled;
    trading::Fill fill;
    fill.account = kAccount;
    fill.bot = bot.id;
    fill.engine = bot.engine;
    fill.instrument = instrument.id;
    fill.client_order_id = order.client_order_id;
    fill.execution = core::ExecutionId{fmt::format("x{}", ++fills_)};
    fill.time = script_.now;
    fill.side = order.side;
    fill.quantity = is_last ? left : core::Quantity::from_raw(left.raw() / 3 + 1);
    fill.price = core::Price::from_raw(270'000'000'000 + number(2'000) * 1'234'567LL);
    fill.notional = core::notional(fill.price, fill.quantity, instrument.multiplier);
    fill.fee = core::Money::from_raw(number(3) * 333'333'333LL);
    fill.reason = order.reason;

    const trading::TradeRecord* trade = ledger_.apply(fill);
    add_fill_row(fill, instrument);
    order.filled += fill.quantity;
    order.filled_notional += fill.notional;
    order.fees += fill.fee;
    order.updated = fill.time;
    order.state =
        order.filled == order.quantity ? trading::OrderState::Filled : trading::OrderState::Working;
    script_.add(RecordKind::Order, order);
    add_position_row(bot, instrument);
    if (trade != nullptr) add_trade_row(*trade, instrument);
    ++bot.fills;
    if (trade != nullptr) ++bot.trades;
  }

  void add_fill_row(const trading::Fill& fill, const market::Instrument& instrument) {
    kernel::FillRow row;
    row.account = fill.account;
    row.bot = fill.bot;
    row.engine = fill.engine;
    row.symbol = instrument.symbol;
    row.client_order_id = fill.client_order_id;
    row.execution = fill.execution;
    row.time = fill.time;
    row.side = fill.side;
    row.quantity = fill.quantity;
    row.price = fill.price;
    row.notional = fill.notional;
    row.fee = fill.fee;
    script_.add(RecordKind::Fill, row);
  }

  void add_position_row(Bot& bot, const market::Instrument& instrument) {
    const trading::Position& position = *ledger_.find({kAccount, bot.id, instrument.id});
    kernel::PositionRow row;
    row.account = kAccount;
    row.bot = bot.id;
    row.symbol = instrument.symbol;
    row.quantity = position.quantity;
    row.cost = position.cost;
    row.realized_pnl = position.realized_pnl;
    row.fees = position.fees;
    row.cash_flow = position.cash_flow;
    script_.add(RecordKind::Position, row);
  }

  void add_trade_row(const trading::TradeRecord& trade, const market::Instrument& instrument) {
    kernel::RoundTripRow row;
    row.id = trade.id;
    row.account = trade.account;
    row.bot = trade.bot;
    row.engine = trade.engine;
    row.symbol = instrument.symbol;
    row.side = trade.side;
    row.quantity = trade.quantity;
    row.entry_time = trade.entry_time;
    row.entry_price = trade.entry_price;
    row.exit_time = trade.exit_time;
    row.exit_price = trade.exit_price;
    row.realized_pnl = trade.realized_pnl;
    row.fees = trade.fees;
    row.exit_reason = trade.exit_reason;
    row.client_order_ids.assign(trade.client_order_ids.begin(), trade.client_order_ids.end());
    script_.add(RecordKind::RoundTrip, row);
  }

  void close_day(Bot& bot, const core::Session& session) {
    bot.realized = {};
    bot.fees = {};
    for (const trading::Position& position : ledger_.positions()) {
      if (position.key.bot != bot.id) continue;
      bot.realized += position.realized_pnl;
      bot.fees += position.fees;
    }
    kernel::BotDayRow row;
    row.account = kAccount;
    row.bot = bot.id;
    row.engine = bot.engine;
    row.session = session.date;
    row.realized_pnl = bot.realized - bot.realized_before;
    row.fees = bot.fees - bot.fees_before;
    row.orders = std::exchange(bot.orders, 0);
    row.fills = std::exchange(bot.fills, 0);
    row.trades = std::exchange(bot.trades, 0);
    if (number(4) != 0) row.unrealized_pnl = core::Money::from_raw(1'230'000'000);
    row.cash = core::Money::whole(100'000) + ledger_.cash_flow();
    bot.realized_before = bot.realized;
    bot.fees_before = bot.fees;
    script_.add(RecordKind::BotDay, row);
    kernel::RiskEventRow event;
    event.account = kAccount;
    event.code = core::Code{"DAILY_LOSS"};
    event.message = "the day's loss of 12.00 is above the limit of 10.00";
    if (number(2) == 0) event.bot = bot.id;
    script_.add(RecordKind::RiskEvent, event);
    script_.add(RecordKind::Halt, kernel::HaltRow{kAccount, event.bot, true, event.code, "sample"});
  }

  /// Something for every open position that no fill makes.
  void act(Bot& bot, const core::Session& session) {
    for (std::size_t i = 0; i < ledger_.positions().size(); ++i) {
      const trading::Position& position = ledger_.positions()[i];
      if (position.key.bot != bot.id || position.is_flat()) continue;
      kernel::LedgerEntryRow entry;
      entry.account = kAccount;
      entry.bot = bot.id;
      entry.symbol = instruments_[position.key.instrument].symbol;
      entry.date = session.date;
      entry.quantity = position.quantity;
      const trading::TradeRecord* trade = book(position, entry);
      script_.add(RecordKind::LedgerEntry, entry);
      add_position_row(bot, instruments_[position.key.instrument]);
      if (trade == nullptr) continue;
      add_trade_row(*trade, instruments_[position.key.instrument]);
      ++bot.trades;
    }
  }

  const trading::TradeRecord* book(const trading::Position& position,
                                   kernel::LedgerEntryRow& entry) {
    using Kind = trading::LedgerEntryKind;
    const trading::LedgerKey key = position.key;
    const core::Money amount = core::Money::from_raw(1 + number(2'000) * 1'234'567LL);
    entry.kind = static_cast<Kind>(number(6));
    switch (entry.kind) {
      case Kind::Dividend:
      case Kind::BorrowFee:
        entry.amount =
            entry.kind == Kind::Dividend && entry.quantity.is_positive() ? amount : -amount;
        ledger_.carry(key, entry.amount);
        return nullptr;
      case Kind::Fee:
        entry.amount = -amount;
        ledger_.charge(key, amount);
        return nullptr;
      case Kind::Split: {
        market::CorporateAction split;
        split.kind = market::CorporateActionKind::Split;
        split.numerator = static_cast<std::uint32_t>(1 + number(7));
        split.denominator = static_cast<std::uint32_t>(1 + number(7));
        ledger_.split(key, split);
        entry.quantity = ledger_.quantity(key);
        return nullptr;
      }
      case Kind::CashInLieu:
      case Kind::Expiry: break;
    }
    core::Quantity part = position.quantity.abs();
    if (entry.kind == Kind::CashInLieu) part = core::Quantity::from_raw(part.raw() / 3 + 1);
    entry.quantity = position.quantity.is_positive() ? part : -part;
    entry.amount = position.quantity.is_positive() ? amount : -amount;
    return ledger_.close_out(key, part, entry.amount, script_.now, core::Code{"EXPIRY"});
  }

  void mark_equity() {
    kernel::EquityMarkRow mark;
    mark.account = kAccount;
    mark.time = script_.now;
    mark.cash = core::Money::whole(100'000) + ledger_.cash_flow();
    mark.settled_cash = mark.cash - core::Money::whole(7);
    mark.short_value = core::Money::whole(-3);
    if (number(3) != 0) mark.long_value = core::Money::whole(11);
    if (mark.long_value) mark.equity = mark.cash + *mark.long_value + *mark.short_value;
    script_.add(RecordKind::EquityMark, mark);
  }

  /// The one before is over, and another kind of difference comes up.
  void compare_accounts() {
    if (!differences_.empty()) {
      differences_.back().ended = script_.now;
      script_.add(RecordKind::Difference, differences_.back());
    }
    kernel::DifferenceRow row;
    row.id = differences_.size() + 1;
    row.account = kAccount;
    row.first_seen = script_.now;
    row.difference.kind = static_cast<trading::DifferenceKind>(differences_.size() % 6);
    row.difference.symbol = core::Symbol{"TSLA"};
    row.difference.client_order_id = core::ClientOrderId{"hand-1"};
    row.difference.theirs = core::Quantity::whole(7);
    row.difference.cash_theirs = core::Money::whole(7);
    row.difference.message = "sample";
    if (number(2) == 0) {
      row.difference.side = trading::Side::Sell;
      row.difference.ours = core::Quantity::whole(2);
      row.difference.filled = core::Quantity::whole(1);
      row.difference.venue_order_id = core::VenueOrderId{"v-1"};
    }
    script_.add(RecordKind::Difference, row);
    differences_.push_back(row);
  }

  void check_account(std::optional<core::Date> closed) {
    script_.add(RecordKind::AccountCheck, kernel::AccountCheck{kAccount, "paper-api.alpaca.markets",
                                                               "stream.data.alpaca.markets", "PA1",
                                                               "machine", "1.0", closed});
  }

  void end() {
    kernel::RunEnd run;
    run.sessions = static_cast<std::uint64_t>(size_.sessions);
    run.events = script_.records.size();
    run.decisions = decisions_;
    run.orders = orders_;
    run.fills = fills_;
    run.trades = ledger_.trade_count();
    run.realized_pnl = ledger_.realized_pnl();
    run.fees = ledger_.fees();
    run.decisions_sha256 = hash_.hex();
    script_.add(RecordKind::RunEnd, run);
  }

  SampleSize size_;
  std::mt19937 random_;
  RecordScript script_;
  market::InstrumentTable instruments_;
  trading::Ledger ledger_{instruments_};
  core::Sha256 hash_;
  std::array<Bot, 2> bots_{new_bot("a", "st0cka"), new_bot("b", "st0ckg")};
  std::uint64_t orders_ = 0;
  std::uint64_t fills_ = 0;
  std::uint64_t decisions_ = 0;
  std::vector<kernel::DifferenceRow> differences_;
};

Database open_or_throw(const std::filesystem::path& path) {
  auto database = Database::open(path, Database::Access::ReadWrite, std::chrono::seconds{5});
  if (!database) throw std::runtime_error(database.error().message);
  return std::move(*database);
}

}  // namespace

StoredRecords sample_run(const SampleSize& size) { return RunMaker{size}.make(); }

void append_all(kernel::RecordSink& sink, const StoredRecords& records, std::size_t from) {
  for (std::size_t i = from; i < records.size(); ++i)
    sink.append(records[i].kind, records[i].sequence, records[i].time, records[i].payload.view());
}

CatchUp catch_up_from(const StoredRecords& records) {
  return [&records](core::Sequence after, core::Sequence last, kernel::RecordSink& rows) {
    for (auto i = after.value(); i < last.value() && i < records.size(); ++i)
      rows.append(records[i].kind, records[i].sequence, records[i].time, records[i].payload.view());
    return core::Status{};
  };
}

std::string content_of(const std::filesystem::path& path) {
  Database database = open_or_throw(path);
  std::string content;
  auto tables = database.prepare(
      "SELECT name, (SELECT group_concat('quote(' || name || ')', '||''|''||') FROM "
      "pragma_table_info(t.name)) FROM sqlite_schema AS t WHERE type = 'table' ORDER BY name");
  if (!tables) throw std::runtime_error(tables.error().message);
  while (tables->next().value()) {
    const std::string name{tables->text(0)};
    auto rows = database.prepare(
        fmt::format("SELECT {} AS line FROM {} ORDER BY line", tables->text(1), name));
    if (!rows) throw std::runtime_error(rows.error().message);
    content += "-- " + name + "\n";
    while (rows->next().value()) content += std::string{rows->text(0)} + "\n";
  }
  return content;
}

void run_sql(const std::filesystem::path& path, const std::string& sql) {
  Database database = open_or_throw(path);
  const auto status = database.execute(sql);
  if (!status) throw std::runtime_error(status.error().message);
}

std::string query_text(const std::filesystem::path& path, const std::string& sql) {
  Database database = open_or_throw(path);
  auto statement = database.prepare(sql);
  if (!statement) throw std::runtime_error(statement.error().message);
  if (!statement->next().value()) return "no row";
  return std::string{statement->text(0)};
}

void write_trade_log(const std::filesystem::path& database, const StoredRecords& records) {
  TradeLogSettings settings;
  settings.path = database;
  settings.when_full = WhenFull::Wait;
  auto log = TradeLog::open(settings);
  ASSERT_TRUE(log) << log.error().message;
  append_all(**log, records);
  const auto status = (*log)->finish();
  ASSERT_TRUE(status) << status.error().message;
}

}  // namespace st0ck::storage
