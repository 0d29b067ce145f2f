#pragma once

#include "st0ck/adapters/alpaca/rest_reader.hpp"
#include "st0ck/adapters/alpaca/wire/query.hpp"
#include "st0ck/adapters/alpaca/wire/reference/asset.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/loading_cache.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace st0ck::alpaca {

struct ReferenceReaderSettings {
  /// Assets change overnight: they are dropped at midnight UTC, before the pre-market.
  market::CacheLimits assets{
      .ttl = std::chrono::hours{24}, .entries_max = 1000, .drop_every = std::chrono::hours{24}};
  std::uint32_t contract_rows_max = 10'000;  ///< Of one page, the provider's limit.
  std::size_t contract_pages_max = 10;
};

/// What the broker trades, and on which terms: assets, kept for a day, and option contracts with
/// their open interest.
///
/// Assets are asked for one by one: the whole list is megabytes, and parsing it would hold up
/// everything else. Answers come once, and end with this; an asset that is kept is told within the
/// call. Errors as of MarketReader.
class ReferenceReader {
 public:
  using AssetDone = std::function<void(const core::Result<Asset>&)>;
  using ContractsDone = std::function<void(core::Result<std::vector<OptionContract>>)>;

  /// `reader` is the trading host's; both outlive this.
  ReferenceReader(ReferenceReaderSettings settings, RestReader& reader, const core::Clock& clock);

  void asset(const std::string& symbol, AssetDone done);

  /// All pages; limit and page of the query are set here. Without dates the provider tells those
  /// that expire by the next weekend.
  void option_contracts(ContractsQuery query, ContractsDone done);

  using AssetCache = market::LoadingCache<std::string, std::shared_ptr<const Asset>>;

  /// For its figures.
  const AssetCache& assets() const { return assets_; }

 private:
  ReferenceReaderSettings settings_;
  RestReader& reader_;
  const core::Clock& clock_;
  AssetCache assets_;
};

}  // namespace st0ck::alpaca
