#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"

#include <functional>
#include <string>

namespace st0ck::trading {

/// On which terms a broker trades an instrument today.
struct TradingTerms {
  std::string blocked{};        ///< Why no orders are taken; empty where they are.
  bool is_shortable = true;     ///< May be sold short without asking for shares first.
  bool is_fractionable = true;  ///< Takes quantities that are not whole.

  friend bool operator==(const TradingTerms&, const TradingTerms&) = default;
};

/// A broker that can be asked for its terms. Core thread only.
class TermsSource {
 public:
  using Read = std::function<void(core::Result<TradingTerms>)>;

  virtual ~TermsSource() = default;

  /// `NotFound` for what the broker does not know. `done` is called once, possibly inside this
  /// call, and never after the source has gone.
  virtual void read_terms(const core::Symbol& symbol, Read done) = 0;
};

}  // namespace st0ck::trading
