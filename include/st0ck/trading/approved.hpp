#pragma once

#include <utility>

namespace st0ck::trading {

class RiskManager;

/// Proof that the risk manager has let `T` pass; nobody else can make one.
template <typename T>
class Approved {
 public:
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }

 private:
  friend class RiskManager;
  explicit Approved(T value) : value_{std::move(value)} {}

  T value_;
};

}  // namespace st0ck::trading
