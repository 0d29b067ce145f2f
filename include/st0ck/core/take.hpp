#pragma once

#include "st0ck/core/result.hpp"

#include <utility>

namespace st0ck::core {

/// Puts the value into `into`, or passes the error on and leaves `into` alone.
template <typename T>
Status take(Result<T> result, T& into) {
  if (!result) return tl::unexpected<Error>(result.error());
  into = std::move(*result);
  return {};
}

}  // namespace st0ck::core
