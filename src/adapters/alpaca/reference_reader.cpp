#include "st0ck/adapters/alpaca/reference_reader.hpp"

#include "pages.hpp"

#include <utility>

namespace st0ck::alpaca {

using core::Errc;

ReferenceReader::ReferenceReader(ReferenceReaderSettings settings, RestReader& reader,
                                 const core::Clock& clock)
    : settings_{settings}, reader_{reader}, clock_{clock}, assets_{"assets", settings.assets} {}

void ReferenceReader::asset(const std::string& symbol, AssetDone done) {
  using Cache = decltype(assets_);
  const auto load = [this](const std::string& key, Cache::Completion complete) {
    reader_.get(EndpointGroup::Assets, "/v2/assets/" + percent_encoded(key),
                [complete, clock = &clock_](core::Result<std::string> body) {
                  if (!body) return complete(tl::unexpected(std::move(body.error())), clock->now());
                  auto asset = read_asset(*body);
                  if (!asset)
                    return complete(
                        tl::unexpected(core::Error{Errc::Corrupt, asset.error().message}),
                        clock->now());
                  complete(std::make_shared<const Asset>(std::move(*asset)), clock->now());
                });
  };
  assets_.get_or_load(symbol, clock_.now(), load,
                      [done = std::move(done)](const Cache::Outcome& outcome) {
                        if (!outcome) return done(tl::unexpected<core::Error>(outcome.error()));
                        done(core::Result<Asset>{***outcome});
                      });
}

void ReferenceReader::option_contracts(ContractsQuery query, ContractsDone done) {
  query.limit = settings_.contract_rows_max;
  PageWalk<OptionContractPage>::begin(
      reader_,
      {.group = EndpointGroup::Contracts,
       .target =
           [query = std::move(query)](const std::optional<std::string>& token) mutable {
             query.page_token = token;
             return "/v2/options/contracts?" + to_query(query);
           },
       .read = read_option_contracts,
       .merge =
           [](OptionContractPage& whole, OptionContractPage page) {
             whole.contracts.insert(whole.contracts.end(),
                                    std::make_move_iterator(page.contracts.begin()),
                                    std::make_move_iterator(page.contracts.end()));
           },
       .pages_max = settings_.contract_pages_max},
      [done = std::move(done)](core::Result<OptionContractPage> whole) {
        if (!whole) return done(tl::unexpected(std::move(whole.error())));
        done(std::move(whole->contracts));
      });
}

}  // namespace st0ck::alpaca
