#include "cmake/registered_engines.hpp"
#include "src/app/commands/command.hpp"
#include "src/app/commands/promotion_view.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/promotion/permission.hpp"
#include "src/app/promotion/promotion.hpp"
#include "src/app/run_files.hpp"
#include "src/app/run_summary.hpp"
#include "st0ck/kernel/live_clock.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace st0ck::app {

std::unique_ptr<Command> promote_command();

namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

/// A file, or the record in a folder.
fs::path record_file(const std::string& path) {
  std::error_code ignored;
  const bool is_file = fs::path{path}.extension() == ".json" && !fs::is_directory(path, ignored);
  return is_file ? fs::path{path} : promotion_file_of(path);
}

core::Timestamp now() { return kernel::LiveClock{}.now(); }

class PromoteCommand final : public Command {
 public:
  std::string_view name() const override { return "promote"; }
  std::string_view summary() const override {
    return "What live trading still asks of paper trading, and the record that permits it";
  }

  void declare(CLI::App& cli) override {
    cli.add_option("--state-dir", state_dir_,
                   "State directory of the paper run; with --show, of the live run")
        ->type_name("DIR")
        ->capture_default_str();
    cli.add_option("--config", config_, "The configuration that would trade live, a YAML file")
        ->type_name("FILE");
    cli.add_option("--set", overrides_, "Override a setting; may be given many times")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    auto* out = cli.add_option(
        "--out", out_, "Write the record: a file .json, or the state directory of the live run");
    out->type_name("PATH");
    override_ = cli.add_option("--override", reason_,
                               "Why it is made though something is missing; stored and shown");
    override_->type_name("REASON")->needs(out);
    cli.add_flag("--show", is_show_, "Show a record instead")->excludes(out)->excludes(override_);
    cli.add_option("PATH", shown_, "With --show: the record's file or its state directory");
    declare_json(cli, is_json_);
    cli.footer(
        "Example: st0ck promote --state-dir state/alpaca-paper --config config/alpaca-live.yaml\n"
        "Without --out nothing is written. A record is sealed with the account's keys, which are\n"
        "read as st0ckd reads them. Exit code 6 where something is missing or a record does not\n"
        "hold; docs/promotion.md tells more.");
  }

  core::Result<ExitCode> run(Console& console) override {
    if (is_show_) return show(console);
    if (!shown_.empty())
      return core::fail(core::Errc::BadInput, "PATH: found '{}', allowed only with --show", shown_);
    if (config_.empty()) return core::fail(core::Errc::BadInput, "--config or --show is required");
    if (has_override())
      if (const auto checked = check_reason(reason_); !checked)
        return core::at("--override", checked.error());
    const auto configuration = read_configuration();
    if (!configuration) return tl::unexpected(configuration.error());
    return promote(console, *configuration);
  }

 private:
  bool has_override() const { return override_->count() > 0; }

  core::Result<Configuration> read_configuration() const {
    kernel::EngineRegistry registry;
    register_engines(registry);
    auto loaded = load_configuration(config_, overrides_, registry);
    if (!loaded.problems.empty())
      return core::fail(core::Errc::BadInput, "{}", loaded.problems.front().to_string());
    if (loaded.configuration.mode != "live")
      return core::fail(core::Errc::BadInput, "{}: mode: found '{}', allowed is live", config_,
                        loaded.configuration.mode);
    return std::move(loaded.configuration);
  }

  /// An override may stand on no run at all.
  core::Result<RunEvidence> evidence() const {
    std::error_code ignored;
    if (has_override() && !fs::exists(trade_log_of(state_dir_), ignored)) return RunEvidence{};
    return read_evidence(state_dir_);
  }

  core::Result<ExitCode> promote(Console& console, const Configuration& configuration) const {
    const auto found = evidence();
    if (!found) return tl::unexpected(found.error());
    const PromotionTarget target = target_of(configuration);
    const Judgement judgement = judge(*found, target, now());
    const bool may_write = judgement.is_met() || has_override();
    std::optional<PromotionRecord> record;
    if (may_write && !out_.empty()) {
      auto written = write(configuration, target, *found, judgement);
      if (!written) return tl::unexpected(written.error());
      record = std::move(*written);
    }
    tell(console, target, judgement, record);
    return may_write ? kExitFine : kExitFound;
  }

  void tell(Console& console, const PromotionTarget& target, const Judgement& judgement,
            const std::optional<PromotionRecord>& record) const {
    if (is_json_) {
      Json json = json_of(judgement);
      json["host"] = promotion_host(target.host);
      json["written"] = record ? Json(record_file(out_).string()) : Json(nullptr);
      return print_json(console, json);
    }
    print(console, judgement);
    if (!record) return;
    console.print("\nwritten: {}\n", record_file(out_).string());
    print(console, *record);
  }

  /// Nobody looks for a record where another run lives.
  static core::Status check_place(const fs::path& folder) {
    auto log = storage::TradeLogReader::open(trade_log_of(folder));
    const auto run = log ? log->summary() : tl::unexpected(log.error());
    if (!run || run->mode.empty() || run->mode == "live") return {};
    return core::fail(core::Errc::BadInput,
                      "--out: found {}, which is the state directory of a run in mode {}; allowed "
                      "is that of the live run, which has one of its own, or a file elsewhere",
                      folder.string(), run->mode);
  }

  core::Result<PromotionRecord> write(const Configuration& configuration,
                                      const PromotionTarget& target, const RunEvidence& found,
                                      const Judgement& judgement) const {
    auto keys = alpaca::read_credentials(configuration.account.name, alpaca::process_environment());
    if (!keys) return tl::unexpected(keys.error());
    const PromotionHolder holder{target, configuration.account.name, std::move(*keys)};
    PromotionRecord record = make_promotion(holder, found, judgement, reason_, now());
    const fs::path file = record_file(out_);
    if (const auto checked = check_place(file.parent_path()); !checked)
      return tl::unexpected(checked.error());
    std::error_code ignored;
    if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
    const auto written =
        write_file(file, promotion_text({record, seal_of(record, holder.keys.secret)}));
    if (!written) return tl::unexpected(written.error());
    return record;
  }

  core::Result<ExitCode> show(Console& console) const {
    const fs::path file = record_file(shown_.empty() ? state_dir_ : shown_);
    const auto sealed = read_promotion(file);
    if (!sealed) return tl::unexpected(sealed.error());
    const auto verdict = verdict_on(file, sealed->record);
    if (!verdict) return tl::unexpected(verdict.error());
    if (is_json_) {
      Json json = Json::parse(promotion_text(*sealed));
      json["holds"] = verdict->is_good;
      json["verdict"] = verdict->text;
      print_json(console, json);
    } else {
      print(console, sealed->record);
      console.print("verdict        {}\n",
                    toned(console, verdict->is_good ? Tone::Good : Tone::Bad, verdict->text));
    }
    return verdict->is_good ? kExitFine : kExitFound;
  }

  struct Verdict {
    bool is_good = false;
    std::string text;
  };

  /// Whether the seal fits can be told only where the keys are, and whether it is for the right
  /// configuration only where that is given.
  core::Result<Verdict> verdict_on(const fs::path& file, const PromotionRecord& record) const {
    PromotionHolder holder;
    holder.account = record.account;
    holder.target.host = {HostKind::Other, record.host};
    holder.target.configuration = record.configuration;
    holder.target.bots = record.bots;
    if (!config_.empty()) {
      const auto configuration = read_configuration();
      if (!configuration) return tl::unexpected(configuration.error());
      holder.account = configuration->account.name;
      holder.target = target_of(*configuration);
    }
    auto keys = alpaca::read_credentials(holder.account, alpaca::process_environment());
    if (!keys && now() >= record.valid_until) return Verdict{false, "PROMOTION_EXPIRED"};
    if (!keys)
      return Verdict{true, "not expired; only with the account's keys its seal is checked"};
    holder.keys = std::move(*keys);
    const Permission permission = check_promotion(file, holder, now());
    if (permission.refusal) return Verdict{false, permission.refusal->message};
    return Verdict{true, config_.empty() ? "it holds; its seal fits"
                                         : "it holds for this configuration; its seal fits"};
  }

  std::string state_dir_ = "state";
  std::string config_;
  std::vector<std::string> overrides_;
  std::string out_;
  std::string reason_;
  CLI::Option* override_ = nullptr;
  std::string shown_;
  bool is_show_ = false;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> promote_command() { return std::make_unique<PromoteCommand>(); }

}  // namespace st0ck::app
