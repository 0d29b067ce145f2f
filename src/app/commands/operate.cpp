#include "src/app/command_inbox.hpp"
#include "src/app/commands/command.hpp"
#include "src/app/commands/live_notice.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/operator_command_file.hpp"
#include "src/app/option_checks.hpp"
#include "src/app/state_directory.hpp"
#include "st0ck/kernel/live_clock.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>
#include <unistd.h>

namespace st0ck::app {

namespace {

using trading::OperatorCommand;
using trading::OperatorCommandKind;

constexpr auto kLookPause = std::chrono::milliseconds{20};

/// What the commands differ in.
struct Shape {
  OperatorCommandKind kind;
  std::string_view summary;
  std::string_view example;
};

/// Tells a daemon something through its state directory.
class OperateCommand final : public Command {
 public:
  explicit OperateCommand(const Shape& shape) : shape_{shape} {}

  std::string_view name() const override { return name_of(shape_.kind); }
  std::string_view summary() const override { return shape_.summary; }

  void declare(CLI::App& cli) override {
    if (shape_.kind == OperatorCommandKind::Close)
      cli.add_option("SYMBOL", symbol_, "The instrument whose position is closed")->required();
    if (shape_.kind == OperatorCommandKind::Cancel) {
      cli.add_option("ORDER", order_, "The client order id, as `st0ck orders` shows it")
          ->required();
    } else {
      cli.add_option("--bot", bot_, "Only this bot; otherwise all of the account");
    }
    auto* reason = cli.add_option("--reason", reason_, "Why; it is stored and shown");
    if (needs_reason()) reason->required();
    declare_state_dir(cli, state_dir_);
    cli.add_option("--wait", wait_, "Seconds to wait for a running daemon's answer")
        ->capture_default_str()
        ->check(number_from(0, 3600));
    if (is_asked_about())
      cli.add_flag("--yes", is_confirmed_, "In a live run: do it without asking on the terminal");
    declare_json(cli, is_json_);
    cli.footer(
        fmt::format("Example: {}\nA daemon that is not running gets the command when it "
                    "starts.",
                    shape_.example));
  }

  core::Result<ExitCode> run(Console& console) override {
    if (const auto checked = check_state_dir(state_dir_); !checked)
      return tl::unexpected(checked.error());
    const auto command = command_of();
    if (!command) return tl::unexpected(command.error());
    CommandInbox inbox{std::filesystem::path{state_dir_} / "commands"};
    const bool is_running = StateDirectory::is_in_use(state_dir_);
    if (!is_running && is_over())
      return core::fail(core::Errc::Refused, "{}: {}: the run is over", name(), state_dir_);
    if (!is_agreed(console))
      return core::fail(core::Errc::Refused, "{}: not done: the answer was not yes", name());
    const auto file = inbox.post(*command);
    if (!file) return tl::unexpected(file.error());
    if (!is_running)
      return tell_waiting(console, *command,
                          "st0ckd is not running on it: it gets "
                          "the command when it starts");
    const auto answer = wait_for_answer(inbox, *file);
    if (!answer) return tell_waiting(console, *command, "posted; there is no answer yet");
    return tell_answer(console, *answer);
  }

 private:
  bool needs_reason() const {
    return shape_.kind != OperatorCommandKind::Close && shape_.kind != OperatorCommandKind::Cancel;
  }

  /// What trades, or lets trade. A halt is never held up.
  bool is_asked_about() const {
    return shape_.kind == OperatorCommandKind::Flatten ||
           shape_.kind == OperatorCommandKind::Close || shape_.kind == OperatorCommandKind::Resume;
  }

  bool is_agreed(Console& console) const {
    if (!is_asked_about() || is_confirmed_ || live_notice(state_dir_).empty()) return true;
    return confirm(console, fmt::format("{} in a live run: type yes to go on:", name()), "yes");
  }

  /// Whether the run has come to its end, so that nothing is left to stop or to close. One whose
  /// trade log cannot be read may go on.
  bool is_over() const {
    auto trade_log = storage::TradeLogReader::open(trade_log_of(state_dir_));
    if (!trade_log) return false;
    const auto summary = trade_log->summary();
    return summary && summary->end.has_value();
  }

  core::Result<OperatorCommand> command_of() const {
    OperatorCommand command;
    // Names sort by the time of posting, so that commands are taken in their order.
    command.id = fmt::format("{:020}-{}", core::to_ns(kernel::LiveClock{}.now()), ::getpid());
    command.kind = shape_.kind;
    command.reason = reason_;
    if (!bot_.empty())
      if (const auto checked = core::check_name("--bot", bot_, core::BotId::kCapacity); !checked)
        return tl::unexpected(checked.error());
    if (!core::ClientOrderId::fits(order_))
      return core::fail(core::Errc::BadInput, "ORDER: '{}' cannot be a client order id", order_);
    if (needs_reason() && reason_.empty())
      return core::fail(core::Errc::BadInput, "--reason: found nothing, allowed is why");
    if (!symbol_.empty()) {
      const auto symbol = core::parse_symbol(symbol_);
      if (!symbol) return core::at("SYMBOL", symbol.error());
      command.symbol = *symbol;
    }
    command.bot = core::BotId{bot_};
    command.order = core::ClientOrderId{order_};
    // What the daemon would refuse is refused here, where somebody reads it.
    if (auto taken = parse_command(command_text(command)); !taken)
      return tl::unexpected(taken.error());
    return command;
  }

  std::optional<std::string> wait_for_answer(const CommandInbox& inbox,
                                             const std::string& file) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>{wait_};
    for (;;) {
      if (auto answer = inbox.find_answer(file)) return answer;
      if (std::chrono::steady_clock::now() >= until) return std::nullopt;
      std::this_thread::sleep_for(kLookPause);
    }
  }

  core::Result<ExitCode> tell_waiting(Console& console, const OperatorCommand& command,
                                      std::string_view text) const {
    if (is_json_) {
      nlohmann::ordered_json json;
      json["id"] = command.id;
      json["command"] = std::string{name()};
      json["accepted"] = nullptr;
      json["text"] = std::string{text};
      print_json(console, json);
    } else {
      console.print("{}: {}\n", name(), text);
    }
    return kExitFine;
  }

  core::Result<ExitCode> tell_answer(Console& console, const std::string& answer) const {
    const auto json = nlohmann::ordered_json::parse(answer, nullptr, false);
    if (!json.is_object()) return core::fail(core::Errc::BadInput, "{}: {}", name(), answer);
    const bool is_accepted = json.value("accepted", false);
    if (is_json_)
      print_json(console, json);
    else if (is_accepted)
      console.print("{}: {}\n", name(), json.value("text", std::string{}));
    else
      return core::fail(core::Errc::BadInput, "{}: {}", name(), json.value("text", std::string{}));
    return is_accepted ? kExitFine : kExitInput;
  }

  Shape shape_;
  std::string state_dir_ = "state";
  std::string bot_;
  std::string symbol_;
  std::string order_;
  std::string reason_;
  double wait_ = 5;
  bool is_confirmed_ = false;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> halt_command() {
  return std::make_unique<OperateCommand>(
      Shape{OperatorCommandKind::Halt, "Stop all entries until a resume; exits go on",
            "st0ck halt --reason 'news at ten' --state-dir state"});
}
std::unique_ptr<Command> resume_command() {
  return std::make_unique<OperateCommand>(Shape{OperatorCommandKind::Resume, "Take a halt back",
                                                "st0ck resume --reason 'news is out'"});
}
std::unique_ptr<Command> flatten_command() {
  return std::make_unique<OperateCommand>(
      Shape{OperatorCommandKind::Flatten, "Halt, cancel all our orders, close all our positions",
            "st0ck flatten --reason 'enough for today'"});
}
std::unique_ptr<Command> close_command() {
  return std::make_unique<OperateCommand>(
      Shape{OperatorCommandKind::Close, "Cancel our orders in an instrument and close the position",
            "st0ck close SPY"});
}
std::unique_ptr<Command> cancel_command() {
  return std::make_unique<OperateCommand>(Shape{OperatorCommandKind::Cancel, "Cancel one order",
                                                "st0ck cancel scalper-st0cka-20250102-2"});
}

}  // namespace st0ck::app
