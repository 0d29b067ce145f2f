#include "st0ck/net/socket_keys.hpp"

#include <map>
#include <optional>

namespace st0ck::net {

struct SocketKeys::Table {
  Scheduler& scheduler;
  core::Duration linger;
  // Until when a key is taken; nothing while its socket lives.
  std::map<std::string, std::optional<core::Duration>> keys{};

  void forget_the_free() {
    const auto now = scheduler.elapsed();
    std::erase_if(keys, [&](const auto& entry) { return entry.second && *entry.second <= now; });
  }
};

SocketKeys::SocketKeys(Scheduler& scheduler, core::Duration linger)
    : table_{std::make_shared<Table>(Table{scheduler, linger})} {}

core::Result<SocketKeys::Lease> SocketKeys::take(const std::string& key) {
  table_->forget_the_free();
  const auto [entry, is_new] = table_->keys.emplace(key, std::nullopt);
  if (!is_new) {
    return core::fail(core::Errc::Locked, "socket '{}': one {} already, allowed is one at a time",
                      key, entry->second ? "lingers" : "lives");
  }
  return Lease{table_, key};
}

SocketKeys::Lease::~Lease() {
  if (table_) table_->keys[key_] = table_->scheduler.elapsed() + table_->linger;
}

}  // namespace st0ck::net
