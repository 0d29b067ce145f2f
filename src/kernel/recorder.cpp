#include "st0ck/kernel/recorder.hpp"

namespace st0ck::kernel {

void Recorder::record_decision(const Decision& decision) {
  ++decisions_;
  hash_.update(canonical_text(decision));
  record(RecordKind::Decision, decision);
}

}  // namespace st0ck::kernel
