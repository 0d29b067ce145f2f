#include "src/app/commands/command.hpp"
#include "src/app/commands/row_filter.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "src/app/console/time_columns.hpp"
#include "st0ck/core/time_text.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <vector>

namespace st0ck::app {

std::unique_ptr<Command> positions_command();

namespace {

struct Holding {
  kernel::PositionRow row;
  std::optional<core::Price> average_price;  ///< Absent when flat.
};

class PositionsCommand final : public Command {
 public:
  std::string_view name() const override { return "positions"; }
  std::string_view summary() const override { return "What each bot holds, by our fills"; }

  void declare(CLI::App& cli) override {
    declare_state_dir(cli, state_dir_);
    filter_.declare(cli);
    cli.add_flag("--all", is_all_, "Those that are flat by now, too");
    cli.add_flag("--cash", is_cash_, "The account instead: what it was worth at each close");
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    auto log = open_trade_log(state_dir_);
    if (!log) return tl::unexpected(log.error());
    if (is_cash_) return run_cash(*log, console);
    const auto holdings = holdings_in(*log);
    if (!holdings) return tl::unexpected(holdings.error());
    if (is_json_) {
      print_as_json(console, *holdings);
    } else if (holdings->empty()) {
      console.print("no {}positions\n", is_all_ ? "" : "open ");
    } else {
      print_as_table(console, *holdings);
    }
    return kExitFine;
  }

 private:
  using Marks = std::vector<storage::Logged<kernel::EquityMarkRow>>;

  core::Result<ExitCode> run_cash(storage::TradeLogReader& log, Console& console) const {
    const auto marks = log.equity_marks();
    if (!marks) return tl::unexpected(marks.error());
    if (is_json_) {
      print_as_json(console, *marks);
    } else if (marks->empty()) {
      console.print("no session has come to its close\n");
    } else {
      print_as_table(console, *marks);
    }
    return kExitFine;
  }

  static std::string text_of(const std::optional<core::Money>& amount) {
    return amount ? amount->to_string() : "";
  }

  static void print_as_json(Console& console, const Marks& marks) {
    const auto json_of = [](const std::optional<core::Money>& amount) {
      return amount ? nlohmann::ordered_json(amount->to_string()) : nullptr;
    };
    auto json = nlohmann::ordered_json::array();
    for (const auto& [sequence, row] : marks) {
      auto& mark = json.emplace_back();
      mark["time"] = core::format_utc(row.time);
      mark["account"] = row.account.view();
      mark["cash"] = row.cash.to_string();
      mark["settled_cash"] = row.settled_cash.to_string();
      mark["long_value"] = json_of(row.long_value);
      mark["short_value"] = json_of(row.short_value);
      mark["equity"] = json_of(row.equity);
    }
    print_json(console, json);
  }

  static void print_as_table(Console& console, const Marks& marks) {
    std::vector<core::Timestamp> closes;
    for (const auto& mark : marks) closes.push_back(mark.row.time);
    const NewYorkTimes times{closes};
    Table table{{{"account", Align::Left, 1},
                 {times.title("time"), Align::Left},
                 {"cash", Align::Right},
                 {"settled", Align::Right},
                 {"long", Align::Right},
                 {"short", Align::Right},
                 {"equity", Align::Right}}};
    for (const auto& [sequence, row] : marks)
      table.add({row.account.str(), times.text(row.time), row.cash.to_string(),
                 row.settled_cash.to_string(), text_of(row.long_value), text_of(row.short_value),
                 text_of(row.equity)});
    table.print(console);
  }

  core::Result<std::vector<Holding>> holdings_in(storage::TradeLogReader& log) const {
    const auto instruments = log.instruments();
    if (!instruments) return tl::unexpected(instruments.error());
    std::map<core::Symbol, core::Multiplier> multipliers;
    for (const auto& instrument : *instruments)
      multipliers.emplace(instrument.symbol, instrument.multiplier);
    auto positions = log.positions();
    if (!positions) return tl::unexpected(positions.error());
    std::vector<Holding> holdings;
    for (const auto& [sequence, row] : *positions) {
      if (!filter_.wants(row) || (row.quantity.is_zero() && !is_all_)) continue;
      Holding holding{row, std::nullopt};
      const auto multiplier = multipliers.find(row.symbol);
      if (!row.quantity.is_zero() && multiplier != multipliers.end())
        holding.average_price = core::average_price(row.cost, row.quantity, multiplier->second);
      holdings.push_back(holding);
    }
    return holdings;
  }

  static void print_as_json(Console& console, const std::vector<Holding>& holdings) {
    auto json = nlohmann::ordered_json::array();
    for (const auto& [row, average_price] : holdings) {
      auto& position = json.emplace_back();
      position["account"] = row.account.view();
      position["bot"] = row.bot.view();
      position["symbol"] = row.symbol.view();
      position["quantity"] = row.quantity.to_string();
      position["average_price"] =
          average_price ? nlohmann::ordered_json(average_price->to_string()) : nullptr;
      position["cost"] = row.cost.to_string();
      position["realized_pnl"] = row.realized_pnl.to_string();
      position["fees"] = row.fees.to_string();
      position["cash_flow"] = row.cash_flow.to_string();
    }
    print_json(console, json);
  }

  static void print_as_table(Console& console, const std::vector<Holding>& holdings) {
    Table table{{{"account", Align::Left, 1},
                 {"bot"},
                 {"symbol"},
                 {"quantity", Align::Right},
                 {"average price", Align::Right},
                 {"cost", Align::Right},
                 {"realised P&L", Align::Right},
                 {"fees", Align::Right}}};
    for (const auto& [row, average_price] : holdings)
      table.add({row.account.str(), row.bot.str(), row.symbol.str(), row.quantity.to_string(),
                 average_price ? average_price->to_string() : "", row.cost.to_string(),
                 row.realized_pnl.to_string(), row.fees.to_string()});
    table.print(console);
  }

  std::string state_dir_ = "state";
  RowFilter filter_;
  bool is_all_ = false;
  bool is_cash_ = false;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> positions_command() { return std::make_unique<PositionsCommand>(); }

}  // namespace st0ck::app
