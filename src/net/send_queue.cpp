#include "st0ck/net/send_queue.hpp"

#include <algorithm>

namespace st0ck::net {
namespace {

// What a slot may keep for the next message; a rare long one must not stay for ever.
constexpr std::size_t kKeptBytesMax = 4096;

}  // namespace

core::Status SendQueue::push(MessageKind kind, std::string_view bytes) {
  if (count_ == messages_max_ || bytes.size() > bytes_max_ - bytes_) {
    return core::fail(core::Errc::Refused,
                      "send queue: {} bytes more do not fit, {} messages with {} bytes wait; "
                      "allowed are {} and {}",
                      bytes.size(), count_, bytes_, messages_max_, bytes_max_);
  }
  if (count_ == slots_.size()) grow();
  Message& message = *slots_[(first_ + count_) % slots_.size()];
  message.kind = kind;
  message.bytes.assign(bytes);
  ++count_;
  bytes_ += bytes.size();
  return {};
}

void SendQueue::pop() {
  std::string& bytes = slots_[first_]->bytes;
  bytes_ -= bytes.size();
  if (bytes.capacity() > kKeptBytesMax) bytes = std::string{};
  first_ = (first_ + 1) % slots_.size();
  --count_;
}

void SendQueue::grow() {
  std::ranges::rotate(slots_, slots_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
  const std::size_t size = std::min(messages_max_, std::max<std::size_t>(8, 2 * slots_.size()));
  while (slots_.size() < size) slots_.push_back(std::make_unique<Message>());
}

}  // namespace st0ck::net
