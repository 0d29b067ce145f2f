#include "src/app/asset_watch.hpp"

#include "src/app/session_times.hpp"
#include "st0ck/market/session_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::app {

namespace {

using namespace std::chrono_literals;

const core::Code kAssetUnknown{"ASSET_UNKNOWN"};

/// 03:45 in New York, before the pre-market, and the Prepare phase.
constexpr core::Duration kTimesAhead[] = {5h + 45min, market::kPrepareAhead};

std::string text_of(const trading::TradingTerms& terms) {
  return fmt::format(
      "{}, {}, {}",
      terms.blocked.empty() ? std::string_view{"traded"} : std::string_view{terms.blocked},
      terms.is_shortable ? "shortable" : "not shortable",
      terms.is_fractionable ? "in fractions" : "in whole shares");
}

}  // namespace

AssetWatch::~AssetWatch() {
  parts_.scheduler.cancel(next_);
  parts_.scheduler.cancel(start_deadline_);
}

void AssetWatch::begin(bool is_new_run, Begun begun) {
  is_new_run_ = is_new_run;
  begun_ = std::move(begun);
  next_time_ = next_before_open(parts_.clock.now(), kTimesAhead);
  for (const market::Instrument& instrument : parts_.instruments)
    if (instrument.asset_class == market::AssetClass::Equity)
      parts_.gate.set_stopped(instrument.id, kAssetUnknown, true);
  start_deadline_ = parts_.scheduler.call_after(settings_.start_wait, [this] {
    parts_.log.error("ASSETS_NOT_READ", "no answer in time; entries wait for it");
    end_start();
  });
  // Never inside the call of whoever waits for it.
  next_ = parts_.scheduler.call_after({}, [this] { read(); });
}

core::Status AssetWatch::step(market::EventSink&) {
  next_time_ = next_before_open(parts_.clock.now(), kTimesAhead);
  pause_ = {};
  read();
  return {};
}

void AssetWatch::read() {
  if (under_way_ > 0) return;
  parts_.scheduler.cancel(std::exchange(next_, net::TaskId{}));
  failure_.reset();
  wanted_.clear();
  for (const market::Instrument& instrument : parts_.instruments)
    if (instrument.asset_class == market::AssetClass::Equity) wanted_.push_back(instrument.id);
  std::ranges::reverse(wanted_);
  // Counts as a request, so that answers inside the calls do not end the reading.
  ++under_way_;
  for (int i = 0; i < settings_.requests_at_a_time; ++i) ask_next();
  if (--under_way_ == 0) end_reading();
}

void AssetWatch::ask_next() {
  if (wanted_.empty()) return;
  const core::InstrumentId instrument = wanted_.back();
  wanted_.pop_back();
  ++under_way_;
  parts_.source.read_terms(
      parts_.instruments[instrument].symbol,
      guard_.wrap([this, instrument](const core::Result<trading::TradingTerms>& terms) {
        on_terms(instrument, terms);
      }));
}

void AssetWatch::on_terms(core::InstrumentId instrument,
                          const core::Result<trading::TradingTerms>& terms) {
  if (terms) {
    learn(instrument, *terms);
  } else if (terms.error().code == core::Errc::NotFound) {
    learn(instrument, {.blocked = "the broker does not know it"});
  } else {
    // The others would most likely fail as well, each after its time.
    failure_ = terms.error();
    wanted_.clear();
  }
  ask_next();
  if (--under_way_ == 0) end_reading();
}

void AssetWatch::learn(core::InstrumentId instrument, const trading::TradingTerms& terms) {
  const auto before = terms_.find(instrument);
  tell_change(instrument, before == terms_.end() ? nullptr : &before->second, terms);
  terms_.insert_or_assign(instrument, terms);
  parts_.gate.set_terms(instrument, terms);
  parts_.gate.set_stopped(instrument, kAssetUnknown, false);
}

void AssetWatch::tell_change(core::InstrumentId instrument, const trading::TradingTerms* before,
                             const trading::TradingTerms& now) {
  const core::Symbol& symbol = parts_.instruments[instrument].symbol;
  if (is_new_run_ && begun_) return;  // The start ends with it, in one message.
  if (!now.blocked.empty() && (before == nullptr || before->blocked != now.blocked))
    parts_.log.error("ASSET_NOT_TRADABLE",
                     fmt::format("{}: {}: entries are refused, exits go on", symbol, now.blocked));
  if (before != nullptr && *before != now)
    parts_.log.warn("ASSET_CHANGED",
                    fmt::format("{}: {} became {}", symbol, text_of(*before), text_of(now)));
}

void AssetWatch::end_reading() {
  if (failure_) {
    parts_.log.warn("ASSETS_NOT_READ", failure_->message);
    pause_ = std::clamp(2 * pause_, settings_.retry_pause_first, settings_.retry_pause_max);
    next_ = parts_.scheduler.call_after(pause_, [this] { read(); });
  } else {
    parts_.log.info("ASSETS_READ", "the broker has told its terms", {{"stocks", terms_.size()}});
    pause_ = {};
  }
  end_start();
}

/// Last of a call: what it tells may destroy this.
void AssetWatch::end_start() {
  if (!begun_) return;
  parts_.scheduler.cancel(start_deadline_);
  const Begun begun = std::exchange(begun_, nullptr);
  begun(is_new_run_ ? verdict() : core::Status{});
}

core::Status AssetWatch::verdict() const {
  std::string list;
  for (const auto& [instrument, terms] : terms_)
    if (!terms.blocked.empty())
      list += fmt::format("{}{} ({})", list.empty() ? "" : ", ",
                          parts_.instruments[instrument].symbol, terms.blocked);
  if (list.empty()) return {};
  return core::fail(core::Errc::Broker,
                    "the broker does not trade {}: take it out of the configuration, allowed is "
                    "what is active and tradable",
                    list);
}

}  // namespace st0ck::app
