#pragma once

#include "st0ck/core/calendar.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/units.hpp"
#include "st0ck/market/data_source.hpp"
#include "st0ck/market/tick_source.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace st0ck::app::exchange {

struct BarTicksSettings {
  core::Date from{};  ///< First session that is played.
  core::Price half_spread = core::Price::from_raw(5'000'000);
  core::Volume quote_size = core::Volume::whole(1000);
};

/// A tape made of recorded one-minute bars: within its minute each bar becomes four prints (open,
/// the nearer extreme, the other one, close), each after a quote around it, so that bars made of
/// the prints are the recorded ones. Which extreme came first nobody knows; the one nearer to the
/// open is taken. A session's first and last prints are its auctions.
class BarTicks final : public market::TickSource {
 public:
  /// One source per instrument, in the instruments' order. Fails when no session has a bar.
  static core::Result<std::unique_ptr<BarTicks>> open(
      std::vector<std::unique_ptr<market::BarSource>> sources,
      const core::ExchangeCalendar& calendar, const BarTicksSettings& settings);

  core::Result<std::span<const market::TapeEvent>> next_several() override;

 private:
  struct Feed {
    std::unique_ptr<market::BarSource> source;
    std::optional<market::Bar> next{};
    std::optional<core::Date> last_session{};
  };

  BarTicks(const core::ExchangeCalendar& calendar, const BarTicksSettings& settings)
      : calendar_{calendar}, settings_{settings} {}

  core::Status read(Feed& feed);
  std::optional<core::Timestamp> next_start() const;
  void begin_session(const core::Session& session);
  void end_session();
  void add_bar(Feed& feed, const market::Bar& bar, bool is_last);

  core::ExchangeCalendar calendar_;
  BarTicksSettings settings_;
  std::vector<Feed> feeds_;
  std::optional<core::Session> session_;
  std::vector<market::TapeEvent> events_;
};

}  // namespace st0ck::app::exchange
