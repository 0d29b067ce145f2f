#pragma once

#include "adapters/alpaca/golden.hpp"
#include "adapters/alpaca/recording_listener.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace st0ck::alpaca::test {

/// A decoder with its symbols and what it said.
struct Bench {
  SymbolMap symbols = some_symbols();
  RecordingListener heard;
  DataDecoder decoder{symbols, heard};

  FrameResult decode(Codec codec, std::string_view frame) {
    return codec == Codec::Json ? decoder.decode_json(frame) : decoder.decode_msgpack(frame);
  }

  void hear(Codec codec, const std::string& name) {
    const auto frame = codec == Codec::Json ? golden(name) : golden_msgpack(name);
    ASSERT_EQ(decode(codec, frame), FrameResult::Ok) << name;
    ASSERT_TRUE(heard.refused.empty()) << name << ": " << heard.refused.front().field;
  }
};

}  // namespace st0ck::alpaca::test
