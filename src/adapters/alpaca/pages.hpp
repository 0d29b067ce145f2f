#pragma once

#include "st0ck/adapters/alpaca/endpoint_group.hpp"
#include "st0ck/adapters/alpaca/rest_reader.hpp"
#include "st0ck/core/result.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace st0ck::alpaca {

/// Asks for one page of a list after the other and adds them up. It lives in the requests that it
/// makes, and goes with the reader's.
template <typename Page>
class PageWalk : public std::enable_shared_from_this<PageWalk<Page>> {
 public:
  using Token = std::optional<std::string>;

  struct Plan {
    EndpointGroup group{};
    /// Path and query of the page with that token.
    std::function<std::string(const Token& token)> target;
    std::function<core::Result<Page>(std::string_view body)> read;
    std::function<void(Page& whole, Page page)> merge;
    /// Whether no more is wanted; the token of the whole then tells that there is more.
    std::function<bool(const Page& whole)> is_enough = [](const Page&) { return false; };
    std::size_t pages_max = 100;
  };
  using Done = std::function<void(core::Result<Page>)>;

  static void begin(RestReader& reader, Plan plan, Done done) {
    std::shared_ptr<PageWalk> walk{new PageWalk{reader, std::move(plan), std::move(done)}};
    walk->ask(std::nullopt);
  }

 private:
  PageWalk(RestReader& reader, Plan plan, Done done)
      : reader_{reader}, plan_{std::move(plan)}, done_{std::move(done)} {}

  void ask(const Token& token) {
    reader_.get(plan_.group, plan_.target(token),
                [self = this->shared_from_this()](core::Result<std::string> body) {
                  self->take(std::move(body));
                });
  }

  void take(core::Result<std::string> body) {
    if (!body) return done_(tl::unexpected(std::move(body.error())));
    auto page = plan_.read(*body);
    if (!page) return done_(tl::unexpected(core::Error{core::Errc::Corrupt, page.error().message}));
    Token token = page->next_page_token;
    const bool is_standing_still = token && token == whole_.next_page_token;
    plan_.merge(whole_, std::move(*page));
    whole_.next_page_token = token;
    ++pages_;
    if (!token || plan_.is_enough(whole_)) return done_(std::move(whole_));
    if (is_standing_still)
      return done_(
          core::fail(core::Errc::Corrupt, "page {}: its token is that of the page before", pages_));
    if (pages_ == plan_.pages_max)
      return done_(core::fail(core::Errc::OutOfRange,
                              "found more than {} pages, which is what is allowed: ask for less",
                              plan_.pages_max));
    ask(token);
  }

  RestReader& reader_;
  Plan plan_;
  Done done_;
  Page whole_{};
  std::size_t pages_ = 0;
};

}  // namespace st0ck::alpaca
