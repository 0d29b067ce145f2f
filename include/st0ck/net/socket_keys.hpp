#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/net/scheduler.hpp"

#include <memory>
#include <string>
#include <utility>

namespace st0ck::net {

/// Sees to it that there is one socket per key, such as one stream per account and host: vendors
/// refuse or cut off the second one. A key stays taken for a while after its socket is gone,
/// because the other side may not have noticed yet.
class SocketKeys {
 public:
  class Lease;

  /// `linger`: how long a key stays taken after its lease. `scheduler` outlives this and all
  /// leases.
  SocketKeys(Scheduler& scheduler, core::Duration linger);

  /// Takes the key, or says that a socket lives or lingers under it (Locked).
  core::Result<Lease> take(const std::string& key);

 private:
  struct Table;
  std::shared_ptr<Table> table_;
};

/// Holds a key until it is destroyed; may outlive the keys.
class SocketKeys::Lease {
 public:
  Lease(Lease&& other) noexcept = default;
  Lease& operator=(Lease&& other) noexcept {
    std::swap(table_, other.table_);
    std::swap(key_, other.key_);
    return *this;
  }
  ~Lease();

 private:
  friend class SocketKeys;
  Lease(std::shared_ptr<Table> table, std::string key)
      : table_{std::move(table)}, key_{std::move(key)} {}

  std::shared_ptr<Table> table_;
  std::string key_;
};

}  // namespace st0ck::net
