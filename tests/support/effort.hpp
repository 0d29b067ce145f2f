#pragma once

namespace st0ck::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif
#else
inline constexpr bool kIsSanitized = false;
#endif

/// How often a test repeats what it does. The optimised build proves the promise in full; under a
/// sanitiser, ten times slower, a part shows what that looks for: each path, not each number.
constexpr int effort(int full, int sanitized) { return kIsSanitized ? sanitized : full; }

}  // namespace st0ck::test
