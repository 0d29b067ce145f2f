#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::exchange {

/// A named list of symbols; means nothing to the exchange.
struct Watchlist {
  std::string id;
  std::string name;
  core::Timestamp created;
  core::Timestamp updated;
  std::vector<std::string> symbols;
};

/// The lists of an account, in the order of their making.
class Watchlists {
 public:
  static constexpr std::size_t kListsMax = 200;
  static constexpr std::size_t kSymbolsMax = 1000;

  const std::vector<Watchlist>& all() const { return lists_; }
  Watchlist* find(std::string_view id);
  Watchlist* find_by_name(std::string_view name);
  bool is_full() const { return lists_.size() == kListsMax; }
  Watchlist& add(Watchlist list);
  void remove(std::string_view id);

 private:
  std::vector<Watchlist> lists_;
};

}  // namespace st0ck::app::exchange
