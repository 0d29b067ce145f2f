#pragma once

#include "st0ck/adapters/alpaca/rest_reader.hpp"
#include "st0ck/adapters/alpaca/wire/reference/corporate_action.hpp"
#include "st0ck/market/corporate_action_source.hpp"
#include "st0ck/market/instrument.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace st0ck::alpaca {

/// What notices say of the instruments of a table, ex or effective from `first` to `last`.
///
/// Forward and reverse splits are told as splits where their ratio is exact, stock dividends as the
/// split that they are, cash dividends as the sum of those with one ex-date; what has the id of
/// one before is the same. All else is unhandled. `Corrupt` for a notice of ours without any date.
core::Result<market::AnnouncedActions> announced_actions(
    const std::vector<CorporateActionNotice>& notices, const market::InstrumentTable& instruments,
    core::Date first, core::Date last);

struct CorporateActionsReaderSettings {
  std::size_t symbols_max = 200;  ///< Of one request, so that its address stays short.
  std::uint32_t rows_max = 1000;  ///< Of one page, the provider's limit.
  std::size_t pages_max = 20;     ///< Of one request.
  /// The provider picks by the day on which it books, which for a dividend is when it is paid:
  /// weeks after the ex-date. So far ahead of the last ex-date is asked.
  std::chrono::days booking_delay_max{120};
};

/// The provider's announcements of corporate actions (GET /v1/corporate-actions of the data host),
/// of the stocks of a table. Errors: those of `error_of_read`; `Corrupt` for what cannot be read,
/// `OutOfRange` for too many pages.
class CorporateActionsReader final : public market::CorporateActionSource {
 public:
  /// Both outlive this.
  CorporateActionsReader(CorporateActionsReaderSettings settings, RestReader& reader,
                         const market::InstrumentTable& instruments)
      : settings_{settings}, reader_{reader}, instruments_{instruments} {}

  void read(core::Date first, core::Date last, Read done) override;

 private:
  struct Walk;

  void ask_next(std::shared_ptr<Walk> walk);

  CorporateActionsReaderSettings settings_;
  RestReader& reader_;
  const market::InstrumentTable& instruments_;
  net::CallbackGuard guard_;
};

}  // namespace st0ck::alpaca
