#pragma once

#include <string>

namespace st0ck::core {

/// One thing that is wrong with the settings.
struct SettingProblem {
  std::string place;    ///< `file:line`, the file, or `--set key`.
  std::string key;      ///< Dotted path such as `bots.a.engine`; empty where no key is to blame.
  std::string found;    ///< What was written, shortened.
  std::string allowed;  ///< What could stand there instead.

  /// One sentence: `paper.yaml:7: market.speed: found '-1'; allowed: a number of at least 0`.
  std::string to_string() const;
};

}  // namespace st0ck::core
