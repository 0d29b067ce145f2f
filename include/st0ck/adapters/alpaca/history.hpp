#pragma once

#include "st0ck/adapters/alpaca/feeds.hpp"
#include "st0ck/adapters/alpaca/rest_reader.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/clock.hpp"
#include "st0ck/market/history_source.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/net/callback_guard.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace st0ck::alpaca {

struct AlpacaHistorySettings {
  Feed feed = Feed::Iex;
  std::size_t rows_per_page = 10'000;  ///< The provider's limit, of all symbols together.
  std::size_t pages_max = 50;          ///< Of one request of ours.
  std::size_t symbols_max = 200;       ///< Of one request, so that its address stays short.
};

/// Bars of the past by the provider's REST interface.
///
/// Of the lengths of a bar it has those that divide half an hour, since the provider counts from
/// the full hour and the session begins at half past, and whole sessions. Of options it has none
/// yet.
class AlpacaHistory final : public market::HistorySource {
 public:
  struct Parts {
    const core::Clock& clock;
    const market::InstrumentTable& instruments;
    RestReader& reader;  ///< Of the data host.
  };

  /// The parts outlive this.
  AlpacaHistory(AlpacaHistorySettings settings, const Parts& parts,
                core::ExchangeCalendar calendar = core::ExchangeCalendar::xnys());

  void bars(const market::BarsRequest& request, BarsDone done) override;

  /// One-minute bars of many instruments that start in [from, until), by start and then by
  /// instrument: what fills a gap. All or nothing; answers and errors as of `bars`.
  using GapDone = std::function<void(core::Result<std::vector<market::Bar>>)>;
  void minutes_of_all(std::vector<core::InstrumentId> instruments, core::Timestamp from,
                      core::Timestamp until, GapDone done);

 private:
  struct Gap;

  core::Status check(const market::BarsRequest& request) const;
  void ask_next(std::shared_ptr<Gap> gap);

  AlpacaHistorySettings settings_;
  Parts parts_;
  core::ExchangeCalendar calendar_;
  net::CallbackGuard guard_;
};

}  // namespace st0ck::alpaca
