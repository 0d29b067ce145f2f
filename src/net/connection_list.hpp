#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace st0ck::net {

/// The connections of a server, by what can be done to them. Whoever has a connection holds its
/// ticket; the last copy that goes strikes it from the list.
class ConnectionList : public std::enable_shared_from_this<ConnectionList> {
 public:
  struct Hooks {
    std::function<void()> stop;  ///< Ends soon, in good order.
    std::function<void()> drop;  ///< Ends at once.
  };

  class Ticket {
   public:
    Ticket(std::weak_ptr<ConnectionList> list, std::uint64_t id)
        : list_{std::move(list)}, id_{id} {}
    ~Ticket() {
      if (const auto list = list_.lock()) list->hooks_.erase(id_);
    }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    /// The connection has become another, such as a WebSocket.
    void set(Hooks hooks) const {
      if (const auto list = list_.lock()) list->hooks_[id_] = std::move(hooks);
    }

   private:
    std::weak_ptr<ConnectionList> list_;
    std::uint64_t id_;
  };

  std::shared_ptr<Ticket> add(Hooks hooks) {
    hooks_.emplace(++last_id_, std::move(hooks));
    return std::make_shared<Ticket>(weak_from_this(), last_id_);
  }

  std::size_t size() const { return hooks_.size(); }

  void stop_all() const { call_all(&Hooks::stop); }
  void drop_all() const { call_all(&Hooks::drop); }

 private:
  // On a copy: a connection that ends strikes itself.
  void call_all(std::function<void()> Hooks::* hook) const {
    const auto hooks = hooks_;
    for (const auto& entry : hooks) (entry.second.*hook)();
  }

  std::map<std::uint64_t, Hooks> hooks_;
  std::uint64_t last_id_ = 0;
};

}  // namespace st0ck::net
