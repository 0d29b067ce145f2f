#pragma once

#include "adapters/alpaca/broker_stage.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca::test {

using Fault = net::HttpFault;
using Kind = net::HttpFault::Kind;
using Lines = std::vector<std::string>;
using trading::Side;

class AlpacaBrokerTest : public ::testing::Test {
 protected:
  static core::Price at(std::string_view text) { return st0ck::test::price(text); }

  void connect() {
    stage.connect();
    ASSERT_TRUE(stage.report.has_value());
    ASSERT_TRUE(stage.report->has_value()) << stage.report->error().message;
  }

  st0ck::test::RecordingLogger log;
  BrokerStage stage{log.get()};
};

}  // namespace st0ck::alpaca::test
