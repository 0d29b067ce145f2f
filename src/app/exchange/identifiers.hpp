#pragma once

#include "st0ck/adapters/sim/random.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace st0ck::app::exchange {

/// Makes UUIDs (version 4 by their form) that are the same in every run with the same seed.
class Identifiers {
 public:
  explicit Identifiers(std::uint64_t seed) : random_{seed} {}

  std::string next();

  /// Always the same for a name, such as the asset id of a symbol.
  static std::string of_name(std::string_view name);

 private:
  adapters::sim::Random random_;
};

/// Whether the text has the form of a UUID, in lower or upper case.
bool is_uuid(std::string_view text);

}  // namespace st0ck::app::exchange
