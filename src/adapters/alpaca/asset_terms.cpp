#include "st0ck/adapters/alpaca/asset_terms.hpp"

#include <utility>

namespace st0ck::alpaca {

trading::TradingTerms terms_of(const Asset& asset) {
  trading::TradingTerms terms;
  if (asset.status != ListingStatus::Active)
    terms.blocked = "its status is not active";
  else if (!asset.tradable)
    terms.blocked = "it is not tradable";
  terms.is_shortable = asset.shortable && asset.easy_to_borrow;
  terms.is_fractionable = asset.fractionable;
  return terms;
}

void AssetTerms::read_terms(const core::Symbol& symbol, Read done) {
  reader_.asset(symbol.str(), [done = std::move(done)](const core::Result<Asset>& asset) {
    if (!asset) return done(tl::unexpected<core::Error>(asset.error()));
    done(terms_of(*asset));
  });
}

}  // namespace st0ck::alpaca
