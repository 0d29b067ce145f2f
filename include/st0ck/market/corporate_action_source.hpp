#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"

#include <functional>
#include <string>
#include <vector>

namespace st0ck::market {

/// An announced action that CorporateAction cannot tell: a merger, a spin-off, another name.
struct UnhandledAction {
  core::InstrumentId instrument;
  std::string type;        ///< The provider's word.
  core::Date effective{};  ///< The ex-date, where it has one, else the day when it is carried out.
  std::string reason;      ///< Why it cannot be told.

  friend bool operator==(const UnhandledAction&, const UnhandledAction&) = default;
};

/// What a provider has announced: of an instrument at most one split and one dividend with an
/// ex-date, the dividend being the sum of all that are.
struct AnnouncedActions {
  std::vector<CorporateAction> actions{};
  std::vector<UnhandledAction> unhandled{};
};

/// Who is asked for announcements of corporate actions. Core thread only.
class CorporateActionSource {
 public:
  using Read = std::function<void(core::Result<AnnouncedActions>)>;

  virtual ~CorporateActionSource() = default;

  /// Those of all instruments with ex-dates from `first` to `last`, New York's, both included, by
  /// their ex-dates. All or nothing; `done` is called once, never inside this call, and never after
  /// the source has gone.
  virtual void read(core::Date first, core::Date last, Read done) = 0;
};

}  // namespace st0ck::market
