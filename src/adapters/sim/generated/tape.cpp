#include "st0ck/adapters/sim/generated/tape.hpp"

#include "src/adapters/sim/generated/symbol_tape.hpp"
#include "src/adapters/sim/generated/time_order.hpp"
#include "st0ck/adapters/sim/simulated_sessions.hpp"
#include "st0ck/core/assert.hpp"
#include "st0ck/market/session_schedule.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace st0ck::adapters::sim::generated {

namespace {

/// Merges the symbols' tapes: each plays a slice of time, and the slice is brought in order.
class Tape final : public SessionTape {
 public:
  Tape(TapeSettings settings, std::vector<core::Session> sessions, std::vector<SymbolTape> symbols)
      : settings_{std::move(settings)},
        sessions_{std::move(sessions)},
        symbols_{std::move(symbols)},
        next_us_(symbols_.size()),
        slice_us_{kMinuteUs / static_cast<std::int64_t>(1 + symbols_.size() / 64)} {
    slice_us_ = std::max<std::int64_t>(slice_us_, kSliceUsMin);
  }

  core::Result<std::span<const market::TapeEvent>> next_several() override {
    buffer_.clear();
    while (buffer_.events().empty()) {
      if (!day_ && !begin_day()) return std::span<const market::TapeEvent>{};
      play_slice();
    }
    return order_.of(buffer_.events(), buffer_.at(slice_begin_));
  }

  bool is_between_sessions() const override { return !day_; }

  std::unique_ptr<SessionTape> copy() const override {
    ST0CK_ASSERT(is_between_sessions(), "a tape is copied between two sessions");
    // What the symbols know of their day is over, and set anew when the next one begins.
    auto twin = std::make_unique<Tape>(settings_, sessions_, symbols_);
    twin->session_ = session_;
    return twin;
  }

 private:
  static constexpr std::int64_t kSliceUsMin = 250'000;

  bool begin_day();
  void play_slice();
  void play_phases(std::int64_t end);

  TapeSettings settings_;
  std::vector<core::Session> sessions_;
  std::vector<SymbolTape> symbols_;
  std::vector<std::int64_t> next_us_;  ///< Of each symbol; in one place, as every slice asks all.
  std::int64_t slice_us_;
  std::size_t session_ = 0;
  std::optional<DayFactors> day_;
  std::int64_t slice_begin_ = 0;
  std::int64_t slice_end_ = 0;
  EventBuffer buffer_;
  TimeOrder order_;
};

bool Tape::begin_day() {
  if (session_ == sessions_.size()) return false;
  const core::Session& session = sessions_[session_++];
  day_.emplace(settings_, session, static_cast<std::uint32_t>(session_));
  buffer_.begin_day(day_->begin());
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    symbols_[i].begin_day(*day_);
    next_us_[i] = symbols_[i].next_us();
  }
  slice_end_ = 0;
  return true;
}

/// Plays the time [slice_begin_, slice_end_) of every symbol; the last slice has the close too.
void Tape::play_slice() {
  const std::int64_t close = (day_->early_minutes() + day_->regular_minutes()) * kMinuteUs;
  slice_begin_ = slice_end_;
  slice_end_ = std::min(slice_begin_ + slice_us_, close);
  const bool is_last = slice_end_ == close;
  const std::int64_t end = slice_end_ + (is_last ? 1 : 0);
  play_phases(end);
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    if (next_us_[i] >= end) continue;
    SymbolTape& symbol = symbols_[i];
    while (symbol.next_us() < end) symbol.play(buffer_);
    next_us_[i] = symbol.next_us();
  }
  if (is_last) day_.reset();
}

void Tape::play_phases(std::int64_t end) {
  const core::Session& session = day_->session();
  const auto add = [&](core::Timestamp time, market::Phase phase) {
    if (time >= buffer_.at(slice_begin_) && time < buffer_.at(end))
      buffer_.add(time, market::SessionPhase{phase, session});
  };
  add(session.open - market::kPrepareAhead, market::Phase::Prepare);
  add(session.open, market::Phase::Open);
  add(session.close, market::Phase::Close);
}

}  // namespace

core::Result<std::unique_ptr<market::TickSource>> make_tape(
    const TapeSettings& settings, const core::ExchangeCalendar& calendar,
    const market::InstrumentTable& instruments) {
  auto tape = make_session_tape(settings, calendar, instruments);
  if (!tape) return tl::unexpected(std::move(tape.error()));
  return std::unique_ptr<market::TickSource>{std::move(*tape)};
}

core::Result<std::unique_ptr<SessionTape>> make_session_tape(
    const TapeSettings& settings, const core::ExchangeCalendar& calendar,
    const market::InstrumentTable& instruments) {
  if (auto status = settings.validate(); !status) return tl::unexpected(status.error());
  auto sessions = first_sessions(settings.from, settings.sessions, calendar);
  if (!sessions) return tl::unexpected(sessions.error());
  std::vector<SymbolTape> symbols;
  std::vector<std::pair<core::InstrumentId, SymbolTraits>> listed;
  for (const SymbolTraits& traits : all_symbols(settings)) {
    const market::Instrument* const instrument = instruments.find(traits.symbol);
    if (instrument == nullptr)
      return core::fail(core::Errc::NotFound,
                        "symbols: found {}, which is not in the instrument table", traits.symbol);
    listed.emplace_back(instrument->id, traits);
  }
  std::sort(listed.begin(), listed.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  symbols.reserve(listed.size());
  for (const auto& [id, traits] : listed) symbols.emplace_back(settings, traits, id);
  return std::unique_ptr<SessionTape>{
      std::make_unique<Tape>(settings, std::move(*sessions), std::move(symbols))};
}

}  // namespace st0ck::adapters::sim::generated
