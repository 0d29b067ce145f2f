#pragma once

#include "src/app/configuration.hpp"
#include "src/app/promotion/promotion.hpp"
#include "src/app/promotion/record.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace st0ck::app {

/// Why a configuration may not trade real money.
struct PromotionRefusal {
  core::Code code;      ///< `PROMOTION_EXPIRED` and the like; docs/promotion.md has all.
  std::string message;  ///< Begins with the code and the file.

  core::Error error() const { return {core::Errc::Refused, message, core::Retry::No}; }
};

/// What the third key says.
struct Permission {
  std::optional<PromotionRecord> record;  ///< Where it could be read and its seal fits.
  std::optional<PromotionRefusal> refusal;
  std::string broker_account;  ///< That the run was on so far; empty where it has not begun.
};

/// Holds the record in a file against who wants to trade by it, at `now` of this machine's clock.
Permission check_promotion(const std::filesystem::path& file, const PromotionHolder& holder,
                           core::Timestamp now);

/// What a run has to know before it begins or goes on in that state directory: in mode paper only
/// the account it was on so far, if that is a broker's. In mode live without a good record a run
/// that has not begun is refused, and one that has begun is told: it may hold positions, and exits
/// run always. Errc::Refused for the first, Errc::Mismatch for a run that was on another host so
/// far, Errc::Broker where keys are missing.
core::Result<Permission> permission_of(const Configuration& configuration,
                                       const std::filesystem::path& state_dir, core::Timestamp now);

/// What a record stands on, in a line: `12 sessions on paper-api.alpaca.markets from ... to ...`.
std::string grounds_of(const PromotionRecord& record);

/// One line for people: `LIVE: account default at api.alpaca.markets, real money`; in mode paper
/// empty.
std::string mode_banner(std::string_view mode, const core::AccountId& account,
                        std::string_view host);

}  // namespace st0ck::app
