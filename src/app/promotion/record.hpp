#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/records.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app {

/// How long a record holds: from the last session that it stands on, for the broker's live host;
/// from its making, where that is an override or a drill, whose sessions have a time of their own.
inline constexpr std::chrono::days kPromotionValid{90};

inline constexpr std::size_t kPromotionFileMax = 64 * 1024;
inline constexpr std::size_t kPromotionReasonMax = 500;

/// The host that records of drills name: they hold at any exchange of this machine.
inline constexpr std::string_view kLoopbackHost = "loopback";

/// The third key of live trading: what may trade where, until when, and on what grounds.
struct PromotionRecord {
  core::Timestamp made;         ///< In whole seconds.
  core::Timestamp valid_until;  ///< The first moment at which it holds no more.
  core::AccountId account;
  std::string key;            ///< `key_mark` of the key id that it was sealed with.
  std::string host;           ///< Where it lets trade.
  std::string configuration;  ///< As `promotion_hash` makes it.
  std::vector<kernel::BotIdentity> bots;
  std::string program;                 ///< The version of st0ck that made it.
  std::string evidence_host;           ///< Where the sessions were; empty without any.
  std::string evidence_account;        ///< The broker's name of the account there.
  std::vector<core::Date> sessions;    ///< Those that speak for it.
  std::string override_reason;         ///< Why it was made though something is missing; or empty.
  std::vector<std::string> missing{};  ///< What, then.

  friend bool operator==(const PromotionRecord&, const PromotionRecord&) = default;
};

/// A record as it lies in a file.
struct SealedPromotion {
  PromotionRecord record;
  std::string seal;
};

/// What tells one pair of keys from another and gives away neither.
std::string key_mark(std::string_view key_id);

/// HMAC-SHA-256 of the record's text under the account's secret (ADR 29).
std::string seal_of(const PromotionRecord& record, std::string_view secret);

/// The file: JSON with the seal as its last member.
std::string promotion_text(const SealedPromotion& sealed);

/// Reads a file's text, which must be what `promotion_text` writes, byte for byte; whether the seal
/// fits is another question. Errc::BadInput with what is wrong.
core::Result<SealedPromotion> parse_promotion(std::string_view text);

/// Whether a reason can be stored: some printable text in UTF-8, not too long.
core::Status check_reason(std::string_view reason);

}  // namespace st0ck::app
