#pragma once

#include "st0ck/adapters/alpaca/reference_reader.hpp"
#include "st0ck/adapters/alpaca/wire/reference/asset.hpp"
#include "st0ck/trading/trading_terms.hpp"

namespace st0ck::alpaca {

/// What an asset says as terms. Short sales need `shortable` and `easy_to_borrow`: what is hard to
/// borrow has to be located first, which is not done here.
trading::TradingTerms terms_of(const Asset& asset);

/// Assets as the broker's terms, asked for one by one; errors as of ReferenceReader.
class AssetTerms final : public trading::TermsSource {
 public:
  /// `reader` outlives this.
  explicit AssetTerms(ReferenceReader& reader) : reader_{reader} {}

  void read_terms(const core::Symbol& symbol, Read done) override;

 private:
  ReferenceReader& reader_;
};

}  // namespace st0ck::alpaca
