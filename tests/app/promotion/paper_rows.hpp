#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "support/kernel_stage.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace st0ck::test {

/// Writes the trade log of a live or paper run row by row.
class PaperRows {
 public:
  PaperRows(const std::filesystem::path& folder, const kernel::RunStart& start) {
    std::filesystem::create_directories(folder);
    storage::TradeLogSettings settings;
    settings.path = folder / "trades.db";
    settings.when_full = storage::WhenFull::Wait;
    log_ = storage::TradeLog::open(settings).value();
    account_ = start.account;
    bot_ = start.bots.front();
    add(kernel::RecordKind::RunStart, start);
    market::Instrument spy;
    spy.symbol = core::Symbol{"SPY"};
    add(kernel::RecordKind::InstrumentDefined, spy);
  }
  ~PaperRows() { finish(); }
  PaperRows(const PaperRows&) = delete;
  PaperRows& operator=(const PaperRows&) = delete;

  /// Until then not all of it can be read.
  void finish() {
    if (log_) (void)log_->finish();
    log_.reset();
  }

  void at(core::Timestamp time) { now_ = time; }
  core::Timestamp now() const { return now_; }

  /// A process that begins at that time.
  void begin(core::Timestamp time) {
    at(time);
    add(kernel::RecordKind::AccountCheck, check());
  }

  void phase(std::string_view date, market::Phase phase) {
    add(kernel::RecordKind::SessionPhase, market::SessionPhase{phase, session_on(date)});
  }

  void open(std::string_view date) {
    at(session_on(date).open);
    phase(date, market::Phase::Open);
  }

  void close(std::string_view date) {
    at(std::max(now_, session_on(date).close));
    phase(date, market::Phase::Close);
    kernel::BotDayRow day;
    day.account = account_;
    day.bot = bot_.bot;
    day.engine = bot_.engine;
    day.session = session_on(date).date;
    add(kernel::RecordKind::BotDay, day);
  }

  void compare(std::string_view date) {
    at(now_ + std::chrono::seconds{1});
    kernel::AccountCheck row = check();
    row.closed = session_on(date).date;
    add(kernel::RecordKind::AccountCheck, row);
  }

  /// All of a session that counts; its process began before.
  void session(std::string_view date) {
    open(date);
    close(date);
    compare(date);
  }

  kernel::DifferenceRow differ(trading::DifferenceKind kind) {
    kernel::DifferenceRow row;
    row.id = ++differences_;
    row.account = account_;
    row.first_seen = now_;
    row.difference.kind = kind;
    row.difference.symbol = core::Symbol{"SPY"};
    row.difference.theirs = core::Quantity::whole(7);
    row.difference.message = "SPY: somebody traded it by hand";
    add(kernel::RecordKind::Difference, row);
    return row;
  }

  void end(kernel::DifferenceRow row) {
    row.ended = now_;
    add(kernel::RecordKind::Difference, row);
  }

  std::string host = "paper-api.alpaca.markets";
  std::string clock = "machine";

 private:
  template <typename Row>
  void add(kernel::RecordKind kind, const Row& row) {
    kernel::PayloadBuffer payload;
    kernel::encode(row, payload);
    log_->append(kind, core::Sequence{++sequence_}, now_, payload.view());
  }

  kernel::AccountCheck check() const {
    return {account_, host, "stream.data.alpaca.markets", "PA1", clock, "0.1.0", std::nullopt};
  }

  std::unique_ptr<storage::TradeLog> log_;
  core::AccountId account_;
  kernel::BotIdentity bot_;
  core::Timestamp now_ = session_on("2025-06-02").open - std::chrono::hours{1};
  std::uint64_t sequence_ = 0;
  std::uint64_t differences_ = 0;
};

/// A run of ST0CKA as `scalper`.
inline kernel::RunStart scalper_run(std::string_view mode, std::string_view configuration) {
  kernel::RunStart start;
  start.account = core::AccountId{"default"};
  start.mode = mode;
  start.configuration = configuration;
  start.bots = {{core::BotId{"scalper"}, core::EngineName{"st0cka"}, 3}};
  return start;
}

}  // namespace st0ck::test
