#pragma once

#include "st0ck/core/result.hpp"

#include <filesystem>
#include <utility>

namespace st0ck::app {

/// Keeps a trade log aside while its run is executed again, which makes the log anew, and brings it
/// back when that does not come to where the old one was: a program that decides otherwise than
/// the one before must not cost anybody the rows of a run.
///
/// What was set aside stays through a crash and is found at the next start.
class TradeLogRenewal {
 public:
  explicit TradeLogRenewal(std::filesystem::path trade_log) : trade_log_{std::move(trade_log)} {}

  /// Brings back what an earlier start set aside and neither dropped nor brought back.
  core::Status recover() const;

  /// Nothing has the log open.
  core::Status set_aside();

  bool is_under_way() const { return is_under_way_; }

  /// The new log holds all that the old one did.
  core::Status drop_old();

  /// Puts the old one in the place of the new one, which nothing has open any more.
  core::Status bring_back();

 private:
  std::filesystem::path old() const;

  std::filesystem::path trade_log_;
  bool is_under_way_ = false;
};

}  // namespace st0ck::app
