#pragma once

#include <memory>
#include <utility>

namespace st0ck::net {

/// Keeps callbacks from outliving the object that it is a member of, the last one: what it wraps
/// does nothing once the object has gone.
class CallbackGuard {
 public:
  CallbackGuard() = default;
  CallbackGuard(const CallbackGuard&) = delete;
  CallbackGuard& operator=(const CallbackGuard&) = delete;

  template <typename Callback>
  auto wrap(Callback callback) const {
    return [token = watch(), callback = std::move(callback)](auto&&... args) {
      if (!token.expired()) callback(std::forward<decltype(args)>(args)...);
    };
  }

  /// Expires with the object: for what calls a callback and goes on afterwards.
  std::weak_ptr<const char> watch() const { return alive_; }

 private:
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace st0ck::net
