#include "st0ck/adapters/alpaca/bar_gate.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace st0ck::alpaca {

namespace {

using namespace std::chrono_literals;
using market::Bar;

/// Bars of one minute come in any order, and a late one after those of the next.
constexpr core::Duration kSpread = 2min;

/// What is older than that is history, not a gap.
constexpr core::Duration kGapMax = std::chrono::days{7};

constexpr auto kOrder = [](const Bar& bar) { return std::tuple{bar.start, bar.instrument}; };

}  // namespace

void BarGate::begin(std::span<const core::InstrumentId> instruments, core::Timestamp now) {
  instruments_.assign(instruments.begin(), instruments.end());
  const core::Timestamp minute = std::chrono::floor<std::chrono::minutes>(now);
  not_before_.clear();
  for (const auto id : instruments) {
    if (id.value() >= not_before_.size()) not_before_.resize(id.value() + 1);
    not_before_[id.value()] = minute;
  }
  held_.clear();
  settled_until_ = minute;
  is_open_ = false;
}

auto BarGate::gap_until(core::Timestamp until) const -> std::optional<Gap> {
  if (instruments_.empty()) return std::nullopt;
  const Gap gap{std::max<core::Timestamp>(settled_until_, until - kGapMax),
                std::chrono::floor<std::chrono::minutes>(until)};
  if (gap.until <= gap.from) return std::nullopt;
  const auto date = [](core::Timestamp time) {
    return core::Date{std::chrono::floor<std::chrono::days>(time)};
  };
  // Regular hours are on one and the same date in New York and in UTC.
  const auto sessions = calendar_.sessions_between(date(gap.from), date(gap.until));
  if (!sessions) return gap;
  const auto overlaps = [&](const core::Session& session) {
    return session.open < gap.until && gap.from < session.close;
  };
  if (std::ranges::none_of(*sessions, overlaps)) return std::nullopt;
  return gap;
}

auto BarGate::take(const Bar& bar) -> Verdict {
  if (!is_new(bar)) return Verdict::Drop;
  if (is_open_) {
    note_told(bar);
    return Verdict::Tell;
  }
  if (held_.size() < held_max_) {
    held_.push_back(bar);
    return Verdict::Hold;
  }
  held_.clear();
  return Verdict::Overflow;
}

std::vector<Bar> BarGate::fill(std::vector<Bar> fetched, core::Timestamp until) {
  const std::size_t from_history = fetched.size();
  fetched.insert(fetched.end(), held_.begin(), held_.end());
  held_.clear();
  // Stable: where both have a bar, the fetched one comes first and is told.
  std::vector<std::pair<Bar, bool>> all;
  all.reserve(fetched.size());
  for (std::size_t i = 0; i < fetched.size(); ++i) all.emplace_back(fetched[i], i < from_history);
  std::ranges::stable_sort(all, {}, [](const auto& entry) { return kOrder(entry.first); });

  std::vector<Bar> told;
  for (const auto& [bar, is_fetched] : all) {
    if (!is_new(bar)) continue;
    note_told(bar);
    counters_.filled += is_fetched ? 1U : 0U;
    told.push_back(bar);
  }
  settled_until_ = std::max(settled_until_, until);
  is_open_ = true;
  return told;
}

bool BarGate::is_new(const Bar& bar) {
  const auto id = bar.instrument.value();
  if (id >= not_before_.size() || !not_before_[id]) return false;
  const core::Session* session = sessions_.on_date_of(bar.start);
  if (session == nullptr || !market::is_regular_hours(*session, bar.start)) {
    ++counters_.outside_hours;
    return false;
  }
  if (bar.start >= *not_before_[id]) return true;
  ++counters_.repeated;
  return false;
}

void BarGate::note_told(const Bar& bar) {
  not_before_[bar.instrument.value()] = bar.end;
  settled_until_ = std::max<core::Timestamp>(settled_until_, bar.end - kSpread);
}

}  // namespace st0ck::alpaca
