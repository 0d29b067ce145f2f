#pragma once

#include "st0ck/core/clock.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/kernel/payload_buffer.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/kernel/records.hpp"

#include <cstdint>
#include <string>

namespace st0ck::kernel {

/// Gives every record its place in the total order and hands it to the sink; counts, and keeps the
/// decisions hash. Without a sink it only counts.
class Recorder {
 public:
  /// `sink` may be null. Both outlive the recorder.
  Recorder(const core::Clock& clock, RecordSink* sink) : clock_{clock}, sink_{sink} {}

  template <typename R>
  void record(RecordKind kind, const R& record) {
    ++sequence_;
    if (is_input(kind)) ++events_;
    if (sink_ == nullptr) return;
    encode(record, buffer_);
    sink_->append(kind, core::Sequence{sequence_}, clock_.now(), buffer_.view());
  }

  /// Records a decision and takes it into the hash.
  void record_decision(const Decision& decision);

  /// Whether anybody keeps the records, so that explanations are worth making.
  bool is_kept() const { return sink_ != nullptr; }

  std::uint64_t sequence() const { return sequence_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t decisions() const { return decisions_; }
  std::string decisions_sha256() const { return hash_.hex(); }

 private:
  const core::Clock& clock_;
  RecordSink* sink_;
  PayloadBuffer buffer_;
  core::Sha256 hash_;
  std::uint64_t sequence_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t decisions_ = 0;
};

}  // namespace st0ck::kernel
