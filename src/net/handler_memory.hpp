#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace st0ck::net {

/// Room for the operation of a chain that asks for the next one when it ends: Asio then takes no
/// memory from the heap per message. What does not fit, or comes while it is taken, does.
class HandlerMemory {
 public:
  HandlerMemory() = default;
  HandlerMemory(const HandlerMemory&) = delete;
  HandlerMemory& operator=(const HandlerMemory&) = delete;

  void* take(std::size_t size) {
    for (Slot& slot : slots_) {
      if (slot.is_taken || size > kSlotBytes) continue;
      slot.is_taken = true;
      return slot.bytes.data();
    }
    return ::operator new(size);
  }

  void give_back(void* memory) {
    for (Slot& slot : slots_) {
      if (slot.bytes.data() != memory) continue;
      slot.is_taken = false;
      return;
    }
    ::operator delete(memory);
  }

 private:
  static constexpr std::size_t kSlotBytes = 1024;

  struct Slot {
    alignas(std::max_align_t) std::array<std::byte, kSlotBytes> bytes;
    bool is_taken = false;
  };

  // An operation and the one that it waits for.
  std::array<Slot, 2> slots_;
};

/// Hands that room to Asio; the memory outlives every handler that was given it.
template <typename T>
class HandlerAllocator {
 public:
  using value_type = T;

  explicit HandlerAllocator(HandlerMemory& memory) : memory_{&memory} {}
  template <typename Other>
  HandlerAllocator(const HandlerAllocator<Other>& other) : memory_{other.memory()} {}

  T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t /*count*/) { memory_->give_back(memory); }

  HandlerMemory* memory() const { return memory_; }
  friend bool operator==(const HandlerAllocator& left, const HandlerAllocator& right) {
    return left.memory_ == right.memory_;
  }

 private:
  HandlerMemory* memory_;
};

}  // namespace st0ck::net
