#include "allocation_counter.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ST0CK_COUNT_BY_HOOK
#include <sanitizer/allocator_interface.h>
#endif
#endif

namespace {

thread_local std::uint64_t allocations = 0;

}  // namespace

#if defined(ST0CK_COUNT_BY_HOOK)

// Clang's thread sanitizer brings an operator new that cannot be replaced, and a hook instead.
std::uint64_t st0ck::test::allocations_of_this_thread() {
  static const int installed = __sanitizer_install_malloc_and_free_hooks(
      [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});
  return installed > 0 ? allocations : 0;
}

#else

namespace {

void* counted(void* memory) {
  ++allocations;
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

void* allocate(std::size_t size) { return counted(std::malloc(size == 0 ? 1 : size)); }

void* allocate_aligned(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  // aligned_alloc takes multiples of the alignment only.
  return counted(std::aligned_alloc(step, (size + step - 1) / step * step));
}

}  // namespace

// The array forms call these. The nothrow form must be ours too, as whoever frees does not know it.
void* operator new(std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_aligned(size, alignment);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

std::uint64_t st0ck::test::allocations_of_this_thread() { return allocations; }

#endif
