#pragma once

#include "st0ck/net/http_priority.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace st0ck::net {

/// What waits for its turn, by priority, then by number; bounded. Where it is full, the last one of
/// the least importance gives way to one of more.
template <typename Item>
class WaitingLine {
 public:
  using Number = std::uint64_t;  ///< Counts up: who came first goes first.

  explicit WaitingLine(std::size_t size_max) : size_max_{size_max} {}

  /// Adds an item; returns what had no place then: nothing, another item, or the item itself.
  std::optional<Item> add(HttpPriority priority, Number number, Item item) {
    std::optional<Item> out;
    if (items_.size() >= size_max_) {
      if (items_.empty() || items_.rbegin()->first.first <= priority) return item;
      out = std::move(items_.rbegin()->second);
      items_.erase(std::prev(items_.end()));
    }
    items_.emplace(Key{priority, number}, std::move(item));
    return out;
  }

  /// Takes an item out, wherever it stands.
  std::optional<Item> take(Number number) {
    for (const HttpPriority priority : kHttpPriorities) {
      auto node = items_.extract(Key{priority, number});
      if (!node.empty()) return std::move(node.mapped());
    }
    return std::nullopt;
  }

  /// Takes the first item out for which the predicate, asked in order, is true.
  template <typename Predicate>
  std::optional<Item> take_first(Predicate predicate) {
    for (auto it = items_.begin(); it != items_.end(); ++it) {
      if (!predicate(it->first.first, it->second)) continue;
      std::optional<Item> item{std::move(it->second)};
      items_.erase(it);
      return item;
    }
    return std::nullopt;
  }

  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  std::size_t size() const { return items_.size(); }

 private:
  using Key = std::pair<HttpPriority, Number>;

  std::size_t size_max_;
  std::map<Key, Item> items_;
};

}  // namespace st0ck::net
