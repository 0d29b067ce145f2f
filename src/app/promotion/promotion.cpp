#include "src/app/promotion/promotion.hpp"

#include "src/app/broker_host.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/core/plain_file.hpp"
#include "st0ck/core/version.hpp"

#include <chrono>
#include <fstream>

namespace st0ck::app {

namespace {

/// Sessions of a drill have a time of their own, and an override stands on none.
core::Timestamp end_of_validity(const PromotionRecord& record, const PromotionTarget& target) {
  if (record.override_reason.empty() && target.host.kind == HostKind::Live)
    return std::chrono::sys_days{record.sessions.back()} + kPromotionValid;
  return record.made + kPromotionValid;
}

}  // namespace

std::filesystem::path promotion_file_of(const std::filesystem::path& state_dir) {
  return state_dir / "promotion.json";
}

std::string promotion_host(const BrokerHost& host) {
  return host.kind == HostKind::Loopback ? std::string{kLoopbackHost} : host.name;
}

PromotionRecord make_promotion(const PromotionHolder& holder, const RunEvidence& evidence,
                               const Judgement& judgement, std::string_view override_reason,
                               core::Timestamp now) {
  ST0CK_ASSERT(judgement.is_met() || !override_reason.empty(),
               "a promotion stands on sessions or on a reason");
  PromotionRecord record;
  record.made = std::chrono::floor<std::chrono::seconds>(now);
  record.account = holder.account;
  record.key = key_mark(holder.keys.key_id);
  record.host = promotion_host(holder.target.host);
  record.configuration = holder.target.configuration;
  record.bots = holder.target.bots;
  record.program = core::kVersion;
  record.sessions = judgement.counted;
  if (!record.sessions.empty()) {
    record.evidence_host = evidence.sessions.back().host;
    record.evidence_account = evidence.broker_account;
  }
  // A reason is needed for what is missing alone.
  if (!judgement.is_met()) record.override_reason = override_reason;
  for (const Requirement& requirement : judgement.requirements)
    if (!requirement.is_met)
      record.missing.push_back(fmt::format("{}: needed {}, found {}", requirement.what,
                                           requirement.needed, requirement.found));
  record.valid_until = end_of_validity(record, holder.target);
  return record;
}

core::Result<SealedPromotion> read_promotion(const std::filesystem::path& file) {
  if (const auto checked = core::check_plain_file(file); !checked) {
    if (checked.error().code != core::Errc::NotFound) return tl::unexpected(checked.error());
    return core::fail(core::Errc::NotFound, "{}: no such promotion record", file.string());
  }
  std::ifstream in{file, std::ios::binary};
  if (!in) return core::fail(core::Errc::Io, "{}: cannot be read", file.string());
  std::string text(kPromotionFileMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto sealed = parse_promotion(text);
  if (!sealed) return core::at(file.string(), sealed.error());
  return sealed;
}

}  // namespace st0ck::app
