#include "src/app/faults/shrink.hpp"

#include "src/app/faults/pieces.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace st0ck::app::faults {

namespace {

using namespace std::chrono_literals;

class Shrinking {
 public:
  Shrinking(const Schedule& schedule, const Violation& violation, const PlayDay& play,
            std::uint64_t tries_max)
      : whole_{schedule}, play_{play}, tries_max_{tries_max} {
    for (const std::string& piece : pieces_of(schedule)) found_.kept.insert(piece);
    found_.schedule = schedule;
    found_.violation = violation;
  }

  Shrunk run() {
    while (take_pieces_out()) {
    }
    bring_end_forward();
    return found_;
  }

 private:
  /// Whether any could go.
  bool take_pieces_out() {
    bool is_less = false;
    const std::vector<std::string> pieces{found_.kept.begin(), found_.kept.end()};
    for (const std::string& piece : pieces) {
      std::set<std::string> fewer = found_.kept;
      fewer.erase(piece);
      Schedule less = with_only(whole_, fewer);
      if (!still_breaks(less)) continue;
      found_.kept = std::move(fewer);
      is_less = true;
    }
    return is_less;
  }

  /// By halves, to whole seconds.
  void bring_end_forward() {
    core::Duration works = found_.schedule.entries_for;
    core::Duration fails = 0s;
    while (works - fails > 2s && tries_left()) {
      const core::Duration middle =
          std::chrono::floor<std::chrono::seconds>(fails + (works - fails) / 2);
      Schedule shorter = found_.schedule;
      shorter.entries_for = middle;
      (still_breaks(shorter) ? works : fails) = middle;
    }
  }

  bool tries_left() const { return found_.tries < tries_max_; }

  bool still_breaks(const Schedule& schedule) {
    if (!tries_left()) return false;
    ++found_.tries;
    const DayFigures figures = play_(schedule);
    const auto same =
        std::ranges::find(figures.violations, found_.violation.rule, &Violation::rule);
    if (same == figures.violations.end()) return false;
    found_.violation = *same;
    found_.schedule = schedule;
    return true;
  }

  const Schedule& whole_;
  const PlayDay& play_;
  std::uint64_t tries_max_;
  Shrunk found_;
};

}  // namespace

Shrunk shrink(const Schedule& schedule, const Violation& violation, const PlayDay& play,
              std::uint64_t tries_max) {
  return Shrinking{schedule, violation, play, tries_max}.run();
}

}  // namespace st0ck::app::faults
