#pragma once

#include "src/app/promotion/record.hpp"
#include "src/app/promotion/requirements.hpp"
#include "st0ck/adapters/alpaca/credentials.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace st0ck::app {

/// Whose promotion it is.
struct PromotionHolder {
  PromotionTarget target;
  core::AccountId account;
  alpaca::Credentials keys;
};

/// Where the record of a live run lies.
std::filesystem::path promotion_file_of(const std::filesystem::path& state_dir);

/// The host that a record for this one names.
std::string promotion_host(const BrokerHost& host);

/// The record of what was judged at `now`, by the machine's clock; a judgement that misses
/// something needs `override_reason`, which is empty otherwise.
PromotionRecord make_promotion(const PromotionHolder& holder, const RunEvidence& evidence,
                               const Judgement& judgement, std::string_view override_reason,
                               core::Timestamp now);

/// Errc::NotFound where there is no such file, Errc::BadInput for one that is no record.
core::Result<SealedPromotion> read_promotion(const std::filesystem::path& file);

}  // namespace st0ck::app
