#include "st0ck/adapters/alpaca/corporate_actions_reader.hpp"

#include "pages.hpp"
#include "st0ck/adapters/alpaca/wire/query.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace st0ck::alpaca {

struct CorporateActionsReader::Walk {
  core::Date first{};
  core::Date last{};
  std::vector<std::string> symbols{};  ///< Those that were not asked for yet, from the back.
  std::vector<CorporateActionNotice> notices{};
  Read done{};
};

void CorporateActionsReader::read(core::Date first, core::Date last, Read done) {
  auto walk = std::make_shared<Walk>(Walk{.first = first, .last = last, .done = std::move(done)});
  for (const market::Instrument& instrument : instruments_)
    if (instrument.asset_class == market::AssetClass::Equity)
      walk->symbols.push_back(instrument.symbol.str());
  if (walk->symbols.empty()) return reader_.answer_soon([walk] { walk->done({}); });
  std::ranges::reverse(walk->symbols);
  ask_next(std::move(walk));
}

void CorporateActionsReader::ask_next(std::shared_ptr<Walk> walk) {
  if (walk->symbols.empty())
    return walk->done(announced_actions(walk->notices, instruments_, walk->first, walk->last));
  CorporateActionsQuery query;
  const std::size_t count = std::min(walk->symbols.size(), settings_.symbols_max);
  const auto from = walk->symbols.end() - static_cast<std::ptrdiff_t>(count);
  query.symbols.assign(std::make_reverse_iterator(walk->symbols.end()),
                       std::make_reverse_iterator(from));
  walk->symbols.erase(from, walk->symbols.end());
  query.start = walk->first;
  query.end = core::Date{std::chrono::sys_days{walk->last} + settings_.booking_delay_max};
  query.limit = settings_.rows_max;
  PageWalk<CorporateActionPage>::begin(
      reader_,
      {.group = EndpointGroup::CorporateActions,
       .target =
           [query = std::move(query)](const std::optional<std::string>& token) mutable {
             query.page_token = token;
             return "/v1/corporate-actions?" + to_query(query);
           },
       .read = read_corporate_actions,
       .merge =
           [](CorporateActionPage& whole, CorporateActionPage page) {
             whole.actions.insert(whole.actions.end(),
                                  std::make_move_iterator(page.actions.begin()),
                                  std::make_move_iterator(page.actions.end()));
           },
       .pages_max = settings_.pages_max},
      guard_.wrap([this, walk = std::move(walk)](core::Result<CorporateActionPage> page) {
        if (!page) return walk->done(tl::unexpected(std::move(page.error())));
        walk->notices.insert(walk->notices.end(), std::make_move_iterator(page->actions.begin()),
                             std::make_move_iterator(page->actions.end()));
        ask_next(walk);
      }));
}

}  // namespace st0ck::alpaca
