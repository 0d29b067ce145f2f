#include "src/app/commands/command.hpp"
#include "src/app/commands/order_story.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "st0ck/core/time_text.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <optional>

namespace st0ck::app {

std::unique_ptr<Command> explain_command();

namespace {

using Json = nlohmann::ordered_json;

struct Check {
  std::string code;
  std::string value;
  std::string limit;
  std::string setting;
  bool has_passed = false;

  std::string_view verdict() const { return has_passed ? "passed" : "failed"; }
};

struct Explanation {
  std::vector<std::pair<std::string, std::string>> inputs;
  std::vector<Check> checks;
};

/// An input's text, whatever a database that was tampered with has in its place.
std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/// Nothing when the text is not what the kernel writes.
std::optional<Explanation> explanation_of(const kernel::Decision& decision) {
  const Json json = Json::parse(decision.explanation, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Explanation explanation;
  if (const auto inputs = json.find("inputs"); inputs != json.end() && inputs->is_object())
    for (const auto& [name, value] : inputs->items())
      explanation.inputs.emplace_back(name, text_at(*inputs, name.c_str()));
  if (const auto checks = json.find("checks"); checks != json.end() && checks->is_array())
    for (const Json& check : *checks)
      if (check.is_object())
        explanation.checks.push_back({text_at(check, "code"), text_at(check, "value"),
                                      text_at(check, "limit"), text_at(check, "setting"),
                                      text_at(check, "passed") == "true"});
  return explanation;
}

Json decision_json(const kernel::Decision& decision) {
  Json json;
  json["time"] = core::format_utc(decision.event_time);
  json["kind"] = kernel::name_of(decision.kind);
  json["code"] = decision.code.view();
  json["side"] = decision.side ? Json(trading::name_of(*decision.side)) : nullptr;
  json["quantity"] = decision.quantity ? Json(decision.quantity->to_string()) : nullptr;
  json["price"] = decision.price ? Json(decision.price->to_string()) : nullptr;
  json["inputs"] = Json::object();
  json["checks"] = Json::array();
  const auto explanation = explanation_of(decision);
  if (!explanation) return json;
  for (const auto& [name, value] : explanation->inputs) json["inputs"][name] = value;
  for (const Check& check : explanation->checks) {
    Json& row = json["checks"].emplace_back();
    row["code"] = check.code;
    row["value"] = check.value;
    row["limit"] = check.limit;
    row["setting"] = check.setting;
    row["verdict"] = check.verdict();
  }
  return json;
}

Json step_json(const OrderStep& step) {
  Json json;
  json["time"] = core::format_utc(step.row.updated);
  json["state"] = trading::name_of(step.row.state);
  json["filled"] = step.row.filled.to_string();
  json["state_reason"] = step.row.state_reason.view();
  json["record"] = step.sequence.value();
  return json;
}

Json story_json(const OrderStory& story) {
  Json json;
  json["order"] = json_of(story.order.row);
  json["decisions"] = Json::array();
  for (const auto& decision : story.decisions)
    json["decisions"].push_back(decision_json(decision.row));
  json["life"] = Json::array();
  for (const auto& step : story.steps) json["life"].push_back(step_json(step));
  json["fills"] = Json::array();
  for (const auto& fill : story.fills) json["fills"].push_back(json_of(fill));
  json["trades"] = Json::array();
  for (const auto& trade : story.trades) json["trades"].push_back(json_of(trade));
  return json;
}

std::string terms_of(const kernel::OrderRow& order) {
  std::string text =
      fmt::format("{} {} {} {}", trading::name_of(order.side), order.quantity.to_string(),
                  order.symbol, trading::name_of(order.type));
  if (order.stop) text += " stop " + order.stop->to_string();
  if (order.limit) text += " at " + order.limit->to_string();
  return text + fmt::format(" {}", trading::name_of(order.time_in_force));
}

void print_order(Console& console, const kernel::OrderRow& order) {
  console.print("{}: {}, {}\n", toned(console, Tone::Heading, order.client_order_id.view()),
                terms_of(order), trading::name_of(order.state));
  console.print("{} of bot {} (engine {}), account {}, because of {}\n",
                trading::name_of(order.purpose), order.bot, order.engine, order.account,
                order.reason);
}

void print_explanation(Console& console, const Explanation& explanation) {
  if (!explanation.inputs.empty()) {
    Table inputs{{{"input"}, {"value"}}};
    for (const auto& [name, value] : explanation.inputs) inputs.add({name, value});
    inputs.print(console, 2);
  }
  if (explanation.checks.empty()) return;
  console.print("\n");
  Table checks{{{"check"},
                {"value", Align::Right},
                {"limit", Align::Right},
                {"verdict"},
                {"setting", Align::Left, 1}}};
  for (const Check& check : explanation.checks)
    checks.add({check.code,
                check.value,
                check.limit,
                {std::string{check.verdict()}, check.has_passed ? Tone::Good : Tone::Bad},
                check.setting});
  checks.print(console, 2);
}

void print_decision(Console& console, const kernel::Decision& decision) {
  console.print("\n{}  {} {}", toned(console, Tone::Heading, "decision"),
                kernel::name_of(decision.kind), decision.code);
  if (decision.side && decision.quantity)
    console.print(", {} {}", trading::name_of(*decision.side), decision.quantity->to_string());
  if (decision.price) console.print(" at {}", decision.price->to_string());
  console.print("  {}\n", core::format_new_york(decision.event_time));
  if (const auto explanation = explanation_of(decision)) print_explanation(console, *explanation);
}

void print_life(Console& console, const OrderStory& story) {
  console.print("\n{}\n", toned(console, Tone::Heading, "life of the order"));
  Table table{{{"record", Align::Right},
               {"time (New York)"},
               {"state"},
               {"filled", Align::Right},
               {"reason"}}};
  for (const OrderStep& step : story.steps)
    table.add({std::to_string(step.sequence.value()), core::format_new_york(step.row.updated),
               std::string{trading::name_of(step.row.state)}, step.row.filled.to_string(),
               step.row.state_reason.str()});
  table.print(console, 2);
  if (!story.steps_missing.empty())
    console.print("  (only the last state is known: {})\n", story.steps_missing);
}

void print_fills(Console& console, const OrderStory& story) {
  if (story.fills.empty()) {
    console.print("\nnothing filled\n");
    return;
  }
  console.print("\n{}\n", toned(console, Tone::Heading, "fills"));
  Table table{{{"time (New York)"},
               {"quantity", Align::Right},
               {"price", Align::Right},
               {"notional", Align::Right},
               {"fee", Align::Right},
               {"execution", Align::Left, 1}}};
  for (const auto& fill : story.fills)
    table.add({core::format_new_york(fill.time), fill.quantity.to_string(), fill.price.to_string(),
               fill.notional.to_string(), fill.fee.to_string(), fill.execution.str()});
  table.print(console, 2);
}

void print_trades(Console& console, const OrderStory& story) {
  for (const auto& trade : story.trades) {
    console.print("\n{} {}\n", toned(console, Tone::Heading, "trade"), trade.id);
    console.print("  {} {} {}, P&L {}, fees {}, exit by {}\n", trading::name_of(trade.side),
                  trade.quantity.to_string(), trade.symbol, trade.realized_pnl.to_string(),
                  trade.fees.to_string(), trade.exit_reason);
    console.print("  in   {} at {}\n", core::format_new_york(trade.entry_time),
                  trade.entry_price.to_string());
    console.print("  out  {} at {}\n", core::format_new_york(trade.exit_time),
                  trade.exit_price.to_string());
  }
}

class ExplainCommand final : public Command {
 public:
  std::string_view name() const override { return "explain"; }
  std::string_view summary() const override {
    return "Why an order was sent and what became of it";
  }

  void declare(CLI::App& cli) override {
    cli.add_option("ORDER", client_order_id_, "Client order id, as `st0ck orders` shows it")
        ->required();
    declare_state_dir(cli, state_dir_);
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto story = order_story(state_dir_, client_order_id_);
    if (!story) return tl::unexpected(story.error());
    if (is_json_) {
      print_json(console, story_json(*story));
      return kExitFine;
    }
    print_order(console, story->order.row);
    for (const auto& decision : story->decisions) print_decision(console, decision.row);
    print_life(console, *story);
    print_fills(console, *story);
    print_trades(console, *story);
    return kExitFine;
  }

 private:
  std::string client_order_id_;
  std::string state_dir_ = "state";
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> explain_command() { return std::make_unique<ExplainCommand>(); }

}  // namespace st0ck::app
