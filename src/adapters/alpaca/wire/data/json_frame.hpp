#pragma once

#include "dispatch.hpp"

#include <memory>
#include <string_view>

namespace st0ck::alpaca {

/// Reads the messages of one JSON frame straight from simdjson, without a document in between:
/// quotes come this way by the thousand.
class JsonFrameReader {
 public:
  JsonFrameReader();
  ~JsonFrameReader();

  /// False where the frame is no JSON array; what stood before the broken place is dispatched.
  bool read(std::string_view frame, Dispatch& dispatch);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace st0ck::alpaca
