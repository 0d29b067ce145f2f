#include "src/app/promotion/permission.hpp"

#include "src/app/run_files.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/kernel/journal/reader.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/storage/trade_log_reader.hpp"

#include <utility>
#include <variant>

namespace st0ck::app {

namespace {

/// Builds the refusals of one file.
class Judge {
 public:
  Judge(const std::filesystem::path& file, const PromotionHolder& holder)
      : file_{file.string()}, holder_{holder} {}

  template <typename... Args>
  PromotionRefusal refuse(std::string_view code, fmt::format_string<Args...> why,
                          Args&&... args) const {
    return {core::Code{code},
            fmt::format("{}: {}: {}", code, file_, fmt::format(why, std::forward<Args>(args)...))};
  }

  PromotionRefusal unreadable(const core::Error& error) const {
    const bool is_missing = error.code == core::Errc::NotFound;
    return {core::Code{is_missing ? "PROMOTION_MISSING" : "PROMOTION_EDITED"},
            is_missing ? fmt::format("PROMOTION_MISSING: {}, which live trading needs: `st0ck "
                                     "promote --help` tells how to make one",
                                     error.message)
                       : fmt::format("PROMOTION_EDITED: {}", error.message)};
  }

  /// Whose and for what it is; nothing where all fits.
  std::optional<PromotionRefusal> compare(const PromotionRecord& record,
                                          core::Timestamp now) const {
    const std::string host = promotion_host(holder_.target.host);
    if (record.host != host)
      return refuse("PROMOTION_OTHER_HOST", "it is for {}, orders would go to {}", record.host,
                    host);
    if (auto refused = compare_bots(record)) return refused;
    if (record.configuration != holder_.target.configuration)
      return refuse("PROMOTION_OTHER_CONFIGURATION",
                    "it is for a configuration with other settings: {} there, {} here",
                    record.configuration.substr(0, 12), holder_.target.configuration.substr(0, 12));
    if (now >= record.valid_until)
      return refuse("PROMOTION_EXPIRED", "it held until {}",
                    core::format_new_york(record.valid_until));
    return std::nullopt;
  }

  /// Whether it is what this account's keys have sealed.
  std::optional<PromotionRefusal> check_seal(const SealedPromotion& sealed) const {
    const PromotionRecord& record = sealed.record;
    if (record.account != holder_.account || record.key != key_mark(holder_.keys.key_id))
      return refuse("PROMOTION_OTHER_ACCOUNT",
                    "it was sealed with other keys, of the account {}; here are those of {}",
                    record.account, holder_.account);
    if (seal_of(record, holder_.keys.secret) != sealed.seal)
      return refuse("PROMOTION_EDITED",
                    "its seal does not fit: it was changed after it was made, or the account's "
                    "secret was");
    return std::nullopt;
  }

 private:
  std::optional<PromotionRefusal> compare_bots(const PromotionRecord& record) const {
    const auto& bots = holder_.target.bots;
    const auto engines_of = [](const std::vector<kernel::BotIdentity>& all) {
      std::vector<std::pair<core::BotId, core::EngineName>> engines;
      engines.reserve(all.size());
      for (const auto& bot : all) engines.emplace_back(bot.bot, bot.engine);
      return engines;
    };
    if (engines_of(record.bots) != engines_of(bots))
      return refuse("PROMOTION_OTHER_ENGINE", "it is for {}; here is {}", text_of(record.bots),
                    text_of(bots));
    if (record.bots != bots)
      return refuse("PROMOTION_OTHER_VERSION",
                    "it is for {}; here is {}: an engine that decides otherwise has to prove "
                    "itself on paper again",
                    text_of(record.bots), text_of(bots));
    return std::nullopt;
  }

  std::string file_;
  const PromotionHolder& holder_;
};

/// What the run of that mode in a state directory has told last of its broker, by its trade log;
/// nothing where that does not say.
std::optional<kernel::AccountCheck> last_check_in_trade_log(const std::filesystem::path& state_dir,
                                                            std::string_view mode) {
  auto log = storage::TradeLogReader::open(trade_log_of(state_dir));
  if (!log) return std::nullopt;
  const auto summary = log->summary();
  if (!summary || summary->mode != mode) return std::nullopt;
  const auto checks = log->account_checks();
  if (!checks || checks->empty()) return std::nullopt;
  return checks->back().row;
}

/// The same by its journal, all of which is read. What is damaged in it its opening tells.
std::optional<kernel::AccountCheck> last_check_in_journal(const std::filesystem::path& state_dir,
                                                          std::string_view mode) {
  auto journal = kernel::JournalReader::open(state_dir / "journal");
  if (!journal) return std::nullopt;
  bool is_of_mode = false;
  std::optional<kernel::AccountCheck> last;
  while (const auto record = journal->next()) {
    if (*record == nullptr) break;
    const auto kind = static_cast<kernel::RecordKind>((*record)->kind);
    if (kind != kernel::RecordKind::RunStart && kind != kernel::RecordKind::AccountCheck) continue;
    const auto decoded = kernel::decode(kind, (*record)->payload);
    if (!decoded) break;
    if (const auto* start = std::get_if<kernel::RunStart>(&*decoded))
      is_of_mode = start->mode == mode;
    if (const auto* check = std::get_if<kernel::AccountCheck>(&*decoded)) last = *check;
  }
  return is_of_mode ? last : std::nullopt;
}

std::optional<kernel::AccountCheck> last_check_of(const std::filesystem::path& state_dir,
                                                  std::string_view mode) {
  const auto check = last_check_in_trade_log(state_dir, mode);
  return check ? check : last_check_in_journal(state_dir, mode);
}

/// A paper run goes on in the account that it began in, if that is a broker's.
Permission paper_permission(const Configuration& configuration,
                            const std::filesystem::path& state_dir) {
  if (configuration.broker.kind == BrokerKind::Sim) return {};
  Permission permission;
  if (const auto last = last_check_of(state_dir, configuration.mode))
    permission.broker_account = last->broker_account;
  return permission;
}

}  // namespace

Permission check_promotion(const std::filesystem::path& file, const PromotionHolder& holder,
                           core::Timestamp now) {
  const Judge judge{file, holder};
  Permission permission;
  const auto sealed = read_promotion(file);
  if (!sealed) {
    permission.refusal = judge.unreadable(sealed.error());
    return permission;
  }
  permission.refusal = judge.check_seal(*sealed);
  if (permission.refusal) return permission;
  permission.record = sealed->record;
  permission.refusal = judge.compare(sealed->record, now);
  return permission;
}

core::Result<Permission> permission_of(const Configuration& configuration,
                                       const std::filesystem::path& state_dir,
                                       core::Timestamp now) {
  if (configuration.mode != "live") return paper_permission(configuration, state_dir);
  auto keys = alpaca::read_credentials(configuration.account.name, alpaca::process_environment());
  if (!keys) return tl::unexpected(keys.error());
  const PromotionHolder holder{target_of(configuration), configuration.account.name,
                               std::move(*keys)};
  auto permission = check_promotion(promotion_file_of(state_dir), holder, now);
  const auto last = last_check_of(state_dir, configuration.mode);
  if (permission.refusal && !last) return tl::unexpected(permission.refusal->error());
  if (!last) return permission;
  // Whoever leads out of positions elsewhere would open them there.
  const std::string begun_at = promotion_host(broker_host_at(fmt::format("http://{}", last->host)));
  if (begun_at != promotion_host(holder.target.host))
    return core::fail(core::Errc::Mismatch,
                      "{}: the live run in it is on {}, orders would go to {}: each has a state "
                      "directory of its own",
                      state_dir.string(), begun_at, promotion_host(holder.target.host));
  permission.broker_account = last->broker_account;
  return permission;
}

std::string grounds_of(const PromotionRecord& record) {
  std::string text = "no sessions";
  if (!record.sessions.empty())
    text = fmt::format("{} sessions on {} from {} to {}", record.sessions.size(),
                       record.evidence_host, core::format_date(record.sessions.front()),
                       core::format_date(record.sessions.back()));
  if (!record.override_reason.empty())
    text += fmt::format("; OVERRIDE: {}", record.override_reason);
  return fmt::format("{}; it holds until {}", text, core::format_new_york(record.valid_until));
}

std::string mode_banner(std::string_view mode, const core::AccountId& account,
                        std::string_view host) {
  if (mode != "live") return {};
  const bool is_drill = broker_host_at(fmt::format("http://{}", host)).kind == HostKind::Loopback;
  return fmt::format("LIVE: account {} at {}, {}", account, host.empty() ? "its broker" : host,
                     is_drill ? "a drill on this machine" : "real money");
}

}  // namespace st0ck::app
