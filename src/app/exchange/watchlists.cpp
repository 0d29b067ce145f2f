#include "src/app/exchange/watchlists.hpp"

#include <algorithm>
#include <utility>

namespace st0ck::app::exchange {

Watchlist* Watchlists::find(std::string_view id) {
  const auto found = std::ranges::find(lists_, id, &Watchlist::id);
  return found == lists_.end() ? nullptr : &*found;
}

Watchlist* Watchlists::find_by_name(std::string_view name) {
  const auto found = std::ranges::find(lists_, name, &Watchlist::name);
  return found == lists_.end() ? nullptr : &*found;
}

Watchlist& Watchlists::add(Watchlist list) { return lists_.emplace_back(std::move(list)); }

void Watchlists::remove(std::string_view id) {
  std::erase_if(lists_, [&](const Watchlist& list) { return list.id == id; });
}

}  // namespace st0ck::app::exchange
