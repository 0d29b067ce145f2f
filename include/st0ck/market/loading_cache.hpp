#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/cache_settings.hpp"
#include "st0ck/market/ttl_cache.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace st0ck::market {

/// What a cache has had loaded since it was made.
struct LoadCounters {
  std::uint64_t started = 0;
  std::uint64_t joined = 0;   ///< Callers that waited for a load that was under way.
  std::uint64_t failed = 0;   ///< Loads, abandoned ones included.
  std::uint64_t refused = 0;  ///< Callers that would have been one too many.

  friend bool operator==(const LoadCounters&, const LoadCounters&) = default;
};

/// A TtlCache that gets what it lacks, with one load in flight per key.
///
/// Who asks for a key while it is being loaded waits for that load. Its outcome is delivered to
/// all of them in the order of their asking; a failure is not kept. What is dropped while it is
/// being loaded (`erase`, `clear`, a boundary of `CacheLimits::drop_every`) is delivered to those
/// who wait, but not kept, and who asks after that starts a load of its own. `Value` is copyable;
/// what is large is best a shared pointer. The cache goes before those who wait for it, unless its
/// loads have ended. Core thread only.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class LoadingCache {
 public:
  /// The value, which stays for the time of the call, or why there is none.
  using Outcome = core::Result<const Value*>;
  using Delivery = std::function<void(const Outcome&)>;

 private:
  /// What a load owes to its waiters. It reports a failure when nobody can complete it any more.
  struct Debt {
    std::weak_ptr<LoadingCache*> cache;
    std::uint64_t load = 0;

    Debt(std::weak_ptr<LoadingCache*> owner, std::uint64_t id)
        : cache{std::move(owner)}, load{id} {}
    Debt(const Debt&) = delete;
    Debt& operator=(const Debt&) = delete;
    ~Debt() {
      if (const auto alive = cache.lock()) (*alive)->abandon(load);
    }
  };

 public:
  /// Ends a load: called once with its outcome and the time, now or later. Further calls do
  /// nothing, nor does a call after the cache is gone. A load whose last copy of this goes
  /// without a call has failed. A loader has a deadline: this one waits forever.
  class Completion {
   public:
    void operator()(core::Result<Value> outcome, core::Timestamp now) const {
      if (const auto alive = debt_->cache.lock())
        (*alive)->finish(debt_->load, std::move(outcome), now);
    }

   private:
    friend class LoadingCache;
    explicit Completion(std::shared_ptr<Debt> debt) : debt_{std::move(debt)} {}

    std::shared_ptr<Debt> debt_;
  };

  /// `name` is the cache's in messages and metrics.
  LoadingCache(std::string name, const CacheLimits& limits)
      : name_{std::move(name)}, values_{limits} {}
  LoadingCache(const LoadingCache&) = delete;
  LoadingCache& operator=(const LoadingCache&) = delete;

  /// Delivers the value of `key`: at once where a valid one is there, else when it is loaded.
  /// `loader(const Key&, Completion)` is called unless a load of the key is under way.
  template <typename Loader>
  void get_or_load(const Key& key, core::Timestamp now, Loader&& loader, Delivery delivery) {
    if (const Value* value = values_.find(key, now)) {
      delivery(Outcome{value});
      return;
    }
    if (waiters_ >= values_.limits().waiters_max) {
      ++load_counters_.refused;
      delivery(core::fail(core::Errc::Refused, "cache {}: found {} callers waiting, allowed are {}",
                          name_, waiters_ + 1, values_.limits().waiters_max));
      return;
    }
    ++waiters_;
    if (Load* load = joinable(key, now)) {
      ++load_counters_.joined;
      load->waiters.push_back(std::move(delivery));
      return;
    }
    ++load_counters_.started;
    const std::uint64_t id = ++last_load_;
    Load& load = loads_.emplace_back(Load{id, key, values_.dropped_at(now), true, {}});
    load.waiters.push_back(std::move(delivery));
    std::forward<Loader>(loader)(key, Completion{std::make_shared<Debt>(self_, id)});
  }

  /// The valid entry's value, or null; loads nothing.
  const Value* find(const Key& key, core::Timestamp now) { return values_.find(key, now); }

  /// Adds or replaces a value that came by another way.
  template <typename V>
  void put(const Key& key, V&& value, core::Timestamp now) {
    values_.put(key, std::forward<V>(value), now);
  }

  void erase(const Key& key) {
    values_.erase(key);
    for (Load& load : loads_)
      if (load.key == key) load.is_current = false;
  }

  void clear() {
    values_.clear();
    for (Load& load : loads_) load.is_current = false;
  }

  const std::string& name() const { return name_; }
  std::size_t size() const { return values_.size(); }
  std::size_t loads_in_flight() const { return loads_.size(); }
  const CacheCounters& counters() const { return values_.counters(); }
  const LoadCounters& load_counters() const { return load_counters_; }

 private:
  struct Load {
    std::uint64_t id = 0;
    Key key;
    core::Timestamp dropped_at;  ///< What is loaded belongs to the time before.
    bool is_current = true;      ///< False once the key was dropped.
    std::vector<Delivery> waiters;
  };

  // Loads are few: at most `waiters_max`, and as many as there are requests on the wire.
  Load* joinable(const Key& key, core::Timestamp now) {
    const auto found = std::ranges::find_if(loads_, [&](const Load& load) {
      return load.is_current && now < load.dropped_at && load.key == key;
    });
    return found == loads_.end() ? nullptr : &*found;
  }

  void finish(std::uint64_t id, core::Result<Value> outcome, core::Timestamp now) {
    const auto found = std::ranges::find(loads_, id, &Load::id);
    if (found == loads_.end()) return;
    // A waiter may ask for more: it must find the load gone and the value there.
    const Load load = std::move(*found);
    loads_.erase(found);
    waiters_ -= load.waiters.size();
    if (!outcome)
      ++load_counters_.failed;
    else if (load.is_current && now < load.dropped_at)
      values_.put(load.key, *outcome, now);
    const Outcome delivered =
        outcome ? Outcome{&*outcome} : Outcome{tl::unexpected<core::Error>(outcome.error())};
    for (const Delivery& waiter : load.waiters) waiter(delivered);
  }

  void abandon(std::uint64_t id) {
    finish(id, core::fail(core::Errc::Unavailable, "cache {}: a load was given up", name_), {});
  }

  std::string name_;
  TtlCache<Key, Value, Hash> values_;
  std::vector<Load> loads_;
  std::size_t waiters_ = 0;
  std::uint64_t last_load_ = 0;
  LoadCounters load_counters_;
  /// Completions may come after the cache is gone; they hold it weakly.
  std::shared_ptr<LoadingCache*> self_ = std::make_shared<LoadingCache*>(this);
};

}  // namespace st0ck::market
