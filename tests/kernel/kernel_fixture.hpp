#pragma once

#include "st0ck/core/hash.hpp"
#include "st0ck/kernel/kernel.hpp"
#include "support/kernel_stage.hpp"
#include "support/orders.hpp"
#include "support/probe_engine.hpp"
#include "support/recording_logger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace st0ck::kernel {

using market::DataKind;
using test::KernelStage;
using test::one_share;
using test::price;
using test::ProbeEngine;
using test::RecordingLogger;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using trading::Side;

/// Two bots, `a` and `b`, which hear quotes of SPY.
class KernelTest : public testing::Test {
 protected:
  ProbeEngine& add(std::string_view bot, std::vector<market::DataNeed> needs,
                   const trading::RiskLimits& limits = {}) {
    auto made = std::make_unique<ProbeEngine>(std::string{bot}, std::move(needs), heard);
    ProbeEngine& probe = *made;
    stage.add_bot(bot, "probe", std::move(made), limits);
    return probe;
  }
  ProbeEngine& add(std::string_view bot) { return add(bot, {{stage.spy, DataKind::Quotes}}); }

  /// Begins the run and its session; what was heard and recorded so far is left out.
  void begin() {
    stage.begin();
    stage.prepare();
    stage.open();
    heard.clear();
    first = stage.records.entries().size();
  }

  std::vector<std::string> kinds() const { return stage.records.kinds(first); }

  RecordingLogger log;
  KernelStage stage{log};
  std::vector<std::string> heard;
  std::size_t first = 0;
};

}  // namespace st0ck::kernel
