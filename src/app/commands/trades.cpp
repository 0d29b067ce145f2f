#include "src/app/commands/command.hpp"
#include "src/app/commands/missing_rows.hpp"
#include "src/app/commands/row_filter.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "src/app/console/time_columns.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <map>

namespace st0ck::app {

std::unique_ptr<Command> trades_command();

namespace {

using Trades = std::vector<kernel::RoundTripRow>;

struct Totals {
  core::Money realized_pnl;
  core::Money fees;
  core::Money net;
  std::map<core::Code, std::size_t> by_reason;
};

core::Result<Totals> totals_of(const Trades& trades) {
  Totals totals;
  for (const auto& trade : trades) {
    const auto pnl = totals.realized_pnl.checked_add(trade.realized_pnl);
    const auto fees = totals.fees.checked_add(trade.fees);
    const auto net = pnl && fees ? pnl->checked_subtract(*fees) : std::nullopt;
    if (!net)
      return core::fail(core::Errc::OutOfRange,
                        "trade {}: the sum up to here does not fit an amount of money", trade.id);
    totals.realized_pnl = *pnl;
    totals.fees = *fees;
    totals.net = *net;
    ++totals.by_reason[trade.exit_reason];
  }
  return totals;
}

Tone tone_of(core::Money amount) {
  if (amount.is_zero()) return Tone::Plain;
  return amount.is_positive() ? Tone::Good : Tone::Bad;
}

NewYorkTimes times_of(const Trades& trades) {
  std::vector<core::Timestamp> times;
  for (const auto& trade : trades) {
    times.push_back(trade.entry_time);
    times.push_back(trade.exit_time);
  }
  return NewYorkTimes{times};
}

void print_rows(Console& console, const Trades& trades) {
  const NewYorkTimes times = times_of(trades);
  Table table{{{"id", Align::Right},
               {"bot", Align::Left, 1},
               {"trade"},
               {times.title("entry")},
               {"price", Align::Right},
               {"exit"},
               {"price", Align::Right},
               {"P&L", Align::Right},
               {"fees", Align::Right, 2},
               {"reason"}}};
  for (const auto& trade : trades)
    table.add({std::to_string(trade.id),
               trade.bot.str(),
               fmt::format("{} {} {}", trading::name_of(trade.side), trade.quantity.to_string(),
                           trade.symbol),
               times.text(trade.entry_time),
               trade.entry_price.to_string(),
               times.text_beside(trade.entry_time, trade.exit_time),
               trade.exit_price.to_string(),
               {trade.realized_pnl.to_string(), tone_of(trade.realized_pnl)},
               trade.fees.to_string(),
               trade.exit_reason.str()});
  table.print(console);
}

void print_totals(Console& console, std::size_t count, const Totals& totals) {
  console.print("\n{}: realised P&L {}, fees {}, net {}\n",
                count == 1 ? std::string{"1 trade"} : fmt::format("{} trades", count),
                totals.realized_pnl.to_string(), totals.fees.to_string(),
                toned(console, tone_of(totals.net), totals.net.to_string()));
  std::vector<std::string> reasons;
  for (const auto& [reason, times] : totals.by_reason)
    reasons.push_back(fmt::format("{} {}", reason, times));
  console.print("exits: {}\n", fmt::join(reasons, ", "));
}

class TradesCommand final : public Command {
 public:
  std::string_view name() const override { return "trades"; }
  std::string_view summary() const override { return "Round trips with their profit and loss"; }

  void declare(CLI::App& cli) override {
    declare_state_dir(cli, state_dir_);
    filter_.declare(cli);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    auto log = open_trade_log(state_dir_);
    if (!log) return tl::unexpected(log.error());
    auto logged = log->trades();
    if (!logged) return tl::unexpected(logged.error());
    const auto summary = log->summary();
    if (!summary) return tl::unexpected(summary.error());
    note_missing_rows(console, state_dir_, summary->last_sequence);
    Trades trades;
    for (auto& trade : *logged)
      if (filter_.wants(trade.row)) trades.push_back(std::move(trade.row));
    if (is_json_) {
      auto json = nlohmann::ordered_json::array();
      for (const auto& trade : trades) json.push_back(json_of(trade));
      print_json(console, json);
      return kExitFine;
    }
    if (trades.empty()) {
      console.print("{}\n", logged->empty() ? "no trades yet" : "no trade is like that");
      return kExitFine;
    }
    const auto totals = totals_of(trades);
    if (!totals) return tl::unexpected(totals.error());
    print_rows(console, trades);
    print_totals(console, trades.size(), *totals);
    return kExitFine;
  }

 private:
  std::string state_dir_ = "state";
  RowFilter filter_;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> trades_command() { return std::make_unique<TradesCommand>(); }

}  // namespace st0ck::app
