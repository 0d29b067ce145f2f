#pragma once

#include "support/temporary_folder.hpp"

#include <filesystem>
#include <string>

namespace st0ck::test {

/// Writes `folder`/SPY.csv: two sessions, 2019-02-11 and 12, of one-minute bars that rise a cent a
/// minute for twenty minutes and fall back, so that ST0CKA buys on both days.
void write_rising_and_falling_bars(const std::filesystem::path& folder);

/// A folder with the bars above and, under `state`, what st0ckd made of them with
/// config/recorded.yaml; the journal has several segments.
class RecordedDay {
 public:
  /// Runs st0ckd; throws with its message when it does not end with 0.
  RecordedDay();

  std::filesystem::path state() const { return folder_ / "state"; }
  std::filesystem::path journal() const { return state() / "journal"; }
  std::filesystem::path bars() const { return folder_ / "bars"; }
  std::filesystem::path path() const { return folder_.path(); }

  /// A copy of the state beside it.
  std::filesystem::path copy(const std::string& name) const;

 private:
  TemporaryFolder folder_;
};

/// One that is made once in this process; tests that change something take a copy.
const RecordedDay& recorded_day();

}  // namespace st0ck::test
