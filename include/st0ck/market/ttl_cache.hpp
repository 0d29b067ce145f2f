#pragma once

#include "st0ck/core/assert.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/cache_settings.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace st0ck::market {

/// What a cache has seen since it was made.
struct CacheCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;       ///< Look-ups without a valid entry, expired ones included.
  std::uint64_t evictions = 0;    ///< Entries that gave way to newer ones.
  std::uint64_t expirations = 0;  ///< Entries found too old.

  friend bool operator==(const CacheCounters&, const CacheCounters&) = default;
};

/// Keeps values for a limited time, and of too many the recently used ones.
///
/// An entry is valid while its age is below the limit. A hit moves it to the young end; an update
/// resets its age but leaves its place; the entry at the old end gives way to a new one. Every
/// operation but `clear` takes constant time. All memory for entries and index is taken at the
/// start, so that nothing is allocated later, but by the values themselves. `Key` and `Value`
/// are default-constructible and assignable. Time is passed in; core thread only.
///
/// The index is a table of our own, probed linearly and repaired on erasure: Boost's flat map
/// loses capacity by erasures and now and then allocates for it, and its keys would be second
/// copies, as entries are evicted by place.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class TtlCache {
 public:
  explicit TtlCache(const CacheLimits& limits)
      : limits_{limits},
        slots_(std::bit_ceil(2 * std::max<std::size_t>(limits.entries_max, 1))),
        slot_shift_{32 - static_cast<unsigned>(std::countr_zero(slots_.size()))},
        links_(limits.entries_max + 1),
        entries_(limits.entries_max) {
    ST0CK_ASSERT(limits.entries_max > 0, "a cache holds at least one entry");
    ST0CK_ASSERT(limits.entries_max <= kEntriesMax, "a cache holds at most 2^30 entries");
    ST0CK_ASSERT(limits.ttl > core::Duration::zero(), "an entry is valid for some time");
    clear_links();
  }

  /// The valid entry's value, or null. It stays until the next call that is not const.
  const Value* find(const Key& key, core::Timestamp now) {
    const std::size_t slot = slot_of(key, tag_of(key));
    if (slot == kNoSlot) return miss();
    const Place place = slots_[slot].place - 1;
    if (now >= links_[place].expires) {
      ++counters_.expirations;
      remove(slot, place);
      return miss();
    }
    ++counters_.hits;
    if (links_[head()].older != place) {
      unlink(place);
      link_young(place);
    }
    return &entries_[place].value;
  }

  /// Adds the value, or replaces the one that is there.
  template <typename V>
  void put(const Key& key, V&& value, core::Timestamp now) {
    const std::uint32_t tag = tag_of(key);
    const std::size_t slot = slot_of(key, tag);
    if (slot != kNoSlot) {
      const Place place = slots_[slot].place - 1;
      entries_[place].value = std::forward<V>(value);
      links_[place].expires = expiry(now);
      return;
    }
    if (size_ == limits_.entries_max) evict();
    const Place place = take_free();
    entries_[place].key = key;
    entries_[place].value = std::forward<V>(value);
    links_[place].expires = expiry(now);
    insert_slot(tag, place);
    link_young(place);
    ++size_;
  }

  /// Drops an entry; does nothing when there is none.
  void erase(const Key& key) {
    const std::size_t slot = slot_of(key, tag_of(key));
    if (slot != kNoSlot) remove(slot, slots_[slot].place - 1);
  }

  /// Drops all entries; counters stay.
  void clear() {
    while (size_ > 0) remove_oldest();
  }

  /// Entries held, expired ones that nobody has asked for included.
  std::size_t size() const { return size_; }

  const CacheLimits& limits() const { return limits_; }
  const CacheCounters& counters() const { return counters_; }

  /// When everything made at `now` is dropped by `CacheLimits::drop_every`; the end of time where
  /// that is not set.
  core::Timestamp dropped_at(core::Timestamp now) const {
    if (limits_.drop_every <= core::Duration::zero()) return core::Timestamp::max();
    const core::Duration since_1970 = now.time_since_epoch();
    const core::Duration rest = since_1970 % limits_.drop_every;
    return now - (rest < core::Duration::zero() ? rest + limits_.drop_every : rest) +
           limits_.drop_every;
  }

 private:
  using Place = std::uint32_t;  ///< Of an entry; one past the last is the list's head.

  static constexpr std::size_t kNoSlot = static_cast<std::size_t>(-1);
  static constexpr std::size_t kEntriesMax = std::size_t{1} << 30;

  /// A slot of the index. The tag's highest bits are the slot where its key belongs.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = 0;  ///< Place of the entry plus one; 0 is an empty slot.
  };

  /// Apart from the entries, because a hit touches the links of four of them.
  struct Link {
    Place younger = 0;  ///< Of the head, which closes the ring: the oldest entry.
    Place older = 0;    ///< Of the head: the youngest entry.
    core::Timestamp expires{};
  };

  struct Entry {
    Key key{};
    Value value{};
  };

  Place head() const { return static_cast<Place>(entries_.size()); }

  const Value* miss() {
    ++counters_.misses;
    return nullptr;
  }

  core::Timestamp expiry(core::Timestamp now) const {
    const bool is_far = core::Timestamp::max() - limits_.ttl <= now;
    return std::min(is_far ? core::Timestamp::max() : now + limits_.ttl, dropped_at(now));
  }

  static std::uint32_t tag_of(const Key& key) {
    // The standard hash of an integer is the integer: its bits are spread by the golden ratio.
    const std::uint64_t spread = static_cast<std::uint64_t>(Hash{}(key)) * 0x9e3779b97f4a7c15U;
    return static_cast<std::uint32_t>(spread >> 32);
  }

  std::size_t home_of(std::uint32_t tag) const { return std::size_t{tag} >> slot_shift_; }
  std::size_t mask() const { return slots_.size() - 1; }

  std::size_t slot_of(const Key& key, std::uint32_t tag) const {
    for (std::size_t i = home_of(tag);; i = (i + 1) & mask()) {
      const Slot slot = slots_[i];
      if (slot.place == 0) return kNoSlot;
      if (slot.tag == tag && entries_[slot.place - 1].key == key) return i;
    }
  }

  void insert_slot(std::uint32_t tag, Place place) {
    std::size_t i = home_of(tag);
    while (slots_[i].place != 0) i = (i + 1) & mask();
    slots_[i] = {tag, place + 1};
  }

  /// Moves later slots of the same run into the gap, so that each stays reachable from its home.
  void erase_slot(std::size_t gap) {
    for (std::size_t i = (gap + 1) & mask(); slots_[i].place != 0; i = (i + 1) & mask()) {
      const std::size_t from_home = (i - home_of(slots_[i].tag)) & mask();
      const std::size_t from_gap = (i - gap) & mask();
      if (from_home < from_gap) continue;
      slots_[gap] = slots_[i];
      gap = i;
    }
    slots_[gap] = {};
  }

  void clear_links() {
    links_[head()].younger = head();
    links_[head()].older = head();
    // Free places are a list of their own, by the links to the older one.
    for (Place place = 0; place < head(); ++place) links_[place].older = place + 1;
    free_ = 0;
  }

  Place take_free() {
    const Place place = free_;
    free_ = links_[place].older;
    return place;
  }

  void link_young(Place place) {
    const Place second = links_[head()].older;
    links_[place].younger = head();
    links_[place].older = second;
    links_[second].younger = place;
    links_[head()].older = place;
  }

  void unlink(Place place) {
    const Place younger = links_[place].younger;
    const Place older = links_[place].older;
    links_[younger].older = older;
    links_[older].younger = younger;
  }

  void remove(std::size_t slot, Place place) {
    erase_slot(slot);
    unlink(place);
    // What the value holds is given back now, not when the place is used again.
    entries_[place].value = Value{};
    links_[place].older = free_;
    free_ = place;
    --size_;
  }

  void remove_oldest() {
    const Place oldest = links_[head()].younger;
    const Key& key = entries_[oldest].key;
    remove(slot_of(key, tag_of(key)), oldest);
  }

  void evict() {
    ++counters_.evictions;
    remove_oldest();
  }

  CacheLimits limits_;
  std::vector<Slot> slots_;
  unsigned slot_shift_;
  std::vector<Link> links_;
  std::vector<Entry> entries_;
  Place free_ = 0;
  std::size_t size_ = 0;
  CacheCounters counters_;
};

}  // namespace st0ck::market
