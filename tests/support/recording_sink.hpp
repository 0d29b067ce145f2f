#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/kernel/records.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace st0ck::test {

/// Keeps what a kernel records, decoded, in its order, and passes it on to `next` if there is one.
class RecordingSink final : public kernel::RecordSink {
 public:
  kernel::RecordSink* next = nullptr;

  struct Entry {
    kernel::RecordKind kind;
    core::Sequence sequence;
    core::Timestamp time;
    kernel::Record record;
  };

  void append(kernel::RecordKind kind, core::Sequence sequence, core::Timestamp time,
              std::span<const std::byte> payload) override {
    entries_.push_back({kind, sequence, time, kernel::decode(kind, payload).value()});
    if (next != nullptr) next->append(kind, sequence, time, payload);
  }

  const std::vector<Entry>& entries() const { return entries_; }

  /// All records of one type.
  template <typename R>
  std::vector<R> all() const {
    std::vector<R> found;
    for (const Entry& entry : entries_)
      if (const R* record = std::get_if<R>(&entry.record)) found.push_back(*record);
    return found;
  }

  /// The names of the kinds from the record `from` on (counted from 0).
  std::vector<std::string> kinds(std::size_t from = 0) const {
    std::vector<std::string> names;
    for (std::size_t i = from; i < entries_.size(); ++i)
      names.emplace_back(kernel::name_of(entries_[i].kind));
    return names;
  }

  /// The decisions as short text: `intent sell 1 271.36 LIMIT_FILL`, `transition DONE`.
  std::vector<std::string> decisions() const {
    std::vector<std::string> texts;
    for (const auto& decision : all<kernel::Decision>()) {
      std::string text{kernel::name_of(decision.kind)};
      if (decision.side) text += fmt::format(" {}", trading::name_of(*decision.side));
      if (decision.quantity) text += fmt::format(" {}", decision.quantity->to_string());
      if (decision.price) text += fmt::format(" {}", decision.price->to_string());
      texts.push_back(fmt::format("{} {}", text, decision.code));
    }
    return texts;
  }

 private:
  std::vector<Entry> entries_;
};

}  // namespace st0ck::test
