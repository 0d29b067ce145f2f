#include "src/app/commands/command.hpp"
#include "src/app/commands/foreign_orders.hpp"
#include "src/app/commands/row_filter.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "src/app/console/time_columns.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace st0ck::app {

std::unique_ptr<Command> orders_command();

namespace {

using Orders = std::vector<kernel::OrderRow>;

std::string price_of(const kernel::OrderRow& order) {
  if (order.stop && order.limit)
    return fmt::format("{}/{}", order.stop->to_string(), order.limit->to_string());
  if (order.limit) return order.limit->to_string();
  return order.stop ? order.stop->to_string() : "";
}

std::string reason_of(const kernel::OrderRow& order) {
  if (order.state_reason.empty()) return order.reason.str();
  return fmt::format("{}, {}", order.reason, order.state_reason);
}

void print_rows(Console& console, const Orders& orders) {
  std::vector<core::Timestamp> submitted;
  for (const auto& order : orders) submitted.push_back(order.submitted);
  const NewYorkTimes times{submitted};
  Table table{{{"order"},
               {times.title("sent"), Align::Left, 2},
               {"symbol"},
               {"side"},
               {"qty", Align::Right},
               {"type"},
               {"price", Align::Right},
               {"state"},
               {"filled", Align::Right, 1},
               {"fees", Align::Right, 4},
               {"reason", Align::Left, 3}}};
  for (const auto& order : orders)
    table.add({order.client_order_id.str(), times.text(order.submitted), order.symbol.str(),
               std::string{trading::name_of(order.side)}, order.quantity.to_string(),
               std::string{trading::name_of(order.type)}, price_of(order),
               std::string{trading::name_of(order.state)}, order.filled.to_string(),
               order.fees.to_string(), reason_of(order)});
  table.print(console);
}

class OrdersCommand final : public Command {
 public:
  std::string_view name() const override { return "orders"; }
  std::string_view summary() const override { return "Orders as they stand"; }

  void declare(CLI::App& cli) override {
    declare_state_dir(cli, state_dir_);
    cli.add_flag("--open", is_open_, "Only those that can still fill");
    cli.add_flag("--foreign", is_foreign_,
                 "Instead those in the broker's account that are not in our books, as they were "
                 "last seen; with --open only those that are still there");
    filter_.declare(cli);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    auto log = open_trade_log(state_dir_);
    if (!log) return tl::unexpected(log.error());
    if (is_foreign_) return print_foreign_orders(*log, console, filter_, {is_open_, is_json_});
    const auto logged = log->orders();
    if (!logged) return tl::unexpected(logged.error());
    Orders orders;
    for (const auto& order : *logged)
      if (filter_.wants(order.row) && (!is_open_ || trading::is_open(order.row.state)))
        orders.push_back(order.row);
    if (is_json_) {
      auto json = nlohmann::ordered_json::array();
      for (const auto& order : orders) json.push_back(json_of(order));
      print_json(console, json);
    } else if (orders.empty()) {
      console.print("{}\n", logged->empty() ? "no orders yet"
                            : is_open_      ? "no open orders"
                                            : "no order is like that");
    } else {
      print_rows(console, orders);
    }
    return kExitFine;
  }

 private:
  std::string state_dir_ = "state";
  RowFilter filter_;
  bool is_open_ = false;
  bool is_foreign_ = false;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> orders_command() { return std::make_unique<OrdersCommand>(); }

}  // namespace st0ck::app
