#include "st0ck/adapters/alpaca/order_pages.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace st0ck::alpaca {

namespace {

struct Listing : std::enable_shared_from_this<Listing> {
  using Done = std::function<void(core::Result<std::vector<Order>>)>;

  Listing(TradingApi& its_api, OrdersQuery its_query, const OrderPagesSettings& its_settings,
          Done its_done)
      : api{its_api},
        query{std::move(its_query)},
        settings{its_settings},
        done{std::move(its_done)} {
    query.limit = settings.page_size;
    query.direction = Direction::Ascending;
    if (!query.nested) query.nested = true;
  }

  void ask() {
    if (++pages > settings.pages_max)
      return done(core::fail(core::Errc::OutOfRange,
                             "the list of orders has more than {} pages of {}", settings.pages_max,
                             settings.page_size));
    api.orders(query, [self = shared_from_this()](const ApiAnswer& answer) { self->on(answer); });
  }

  void on(const ApiAnswer& answer) {
    if (!answer.is_done()) return done(tl::unexpected(answer.to_error()));
    auto page = read_orders(answer.body);
    // A broker that answers something else than it should may do better the next time.
    if (!page)
      return done(tl::unexpected(core::Error{
          core::Errc::Broker, "list of orders: " + page.error().message, core::Retry::Yes}));
    const std::size_t count = page->size();
    bool is_anything_new = false;
    for (Order& order : *page) {
      last = std::max(last, order.submitted_at);
      if (!ids.insert(order.id).second) continue;
      is_anything_new = true;
      orders.push_back(std::move(order));
    }
    if (count < settings.page_size) return done(std::move(orders));
    // Orders of one moment may stand on both sides of the edge: that moment is asked for again,
    // unless it fills a page alone.
    query.after = is_anything_new ? last - std::chrono::nanoseconds{1} : last;
    ask();
  }

  TradingApi& api;
  OrdersQuery query;
  OrderPagesSettings settings;
  Done done;
  std::vector<Order> orders;
  std::set<std::string> ids;
  core::Timestamp last{};
  int pages = 0;
};

}  // namespace

void list_orders(TradingApi& api, OrdersQuery query, const OrderPagesSettings& settings,
                 std::function<void(core::Result<std::vector<Order>>)> done) {
  std::make_shared<Listing>(api, std::move(query), settings, std::move(done))->ask();
}

}  // namespace st0ck::alpaca
