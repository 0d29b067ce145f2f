#include "st0ck/adapters/alpaca/feeds.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>
#include <array>

namespace st0ck::alpaca {

namespace {

constexpr std::array kFeeds{
    FeedTraits{.feed = Feed::Iex,
               .name = "iex",
               .description = "one venue, 2 to 3 % of the volume; wider spreads",
               .is_real_time = true,
               .has_true_quotes = true,
               .stream_path = "/v2/iex"},
    FeedTraits{.feed = Feed::Sip,
               .name = "sip",
               .description = "the consolidated tape",
               .is_consolidated = true,
               .is_real_time = true,
               .has_off_exchange_trades = true,
               .has_complete_bars = true,
               .has_true_quotes = true,
               .stream_path = "/v2/sip"},
    FeedTraits{.feed = Feed::DelayedSip,
               .name = "delayed_sip",
               .description = "the consolidated tape, 15 minutes late",
               .is_consolidated = true,
               .has_off_exchange_trades = true,
               .has_complete_bars = true,
               .has_true_quotes = true,
               .stream_path = "/v2/delayed_sip"},
    FeedTraits{.feed = Feed::Test,
               .name = "test",
               .description = "the made-up symbol FAKEPACA, day and night",
               .is_real_time = true,
               .has_complete_bars = true,
               .has_true_quotes = true,
               .stream_path = "/v2/test"},
    FeedTraits{.feed = Feed::Indicative,
               .name = "indicative",
               .description = "options: modified quotes, trades 15 minutes late",
               .product = TapeProduct::Option,
               .stream_path = "/v1beta1/indicative",
               .has_json = false},
    FeedTraits{.feed = Feed::Opra,
               .name = "opra",
               .description = "options: the consolidated tape",
               .product = TapeProduct::Option,
               .is_consolidated = true,
               .is_real_time = true,
               .has_true_quotes = true,
               .stream_path = "/v1beta1/opra",
               .has_json = false},
};

}  // namespace

std::span<const FeedTraits> all_feeds() { return kFeeds; }

const FeedTraits& traits_of(Feed feed) {
  const auto* found = std::ranges::find(kFeeds, feed, &FeedTraits::feed);
  ST0CK_ASSERT(found != kFeeds.end(), "every feed has its traits");
  return *found;
}

std::optional<Feed> feed_named(std::string_view name) {
  const auto* found = std::ranges::find(kFeeds, name, &FeedTraits::name);
  if (found == kFeeds.end()) return std::nullopt;
  return found->feed;
}

std::optional<core::Code> unavailability(const FeedTraits& feed, market::AssetClass asset_class,
                                         market::DataKind kind) {
  using market::DataKind;
  const bool is_option = asset_class == market::AssetClass::Option;
  if (is_option && kind == DataKind::Statuses) return std::nullopt;
  if (is_option != (feed.product == TapeProduct::Option)) return core::Code{"FEED_OTHER_PRODUCT"};
  if (is_option && kind == DataKind::Bars) return core::Code{"FEED_NO_BARS"};
  if (kind == DataKind::Quotes && !feed.has_true_quotes) return core::Code{"FEED_MODIFIED"};
  if (!feed.is_real_time) return core::Code{"FEED_DELAYED"};
  return std::nullopt;
}

core::Status check_needs(const FeedTraits& feed, const market::InstrumentTable& instruments,
                         std::span<const market::DataNeed> needs) {
  std::optional<core::Code> reason;
  for (const market::DataNeed& need : needs) {
    const auto unavailable =
        unavailability(feed, instruments[need.instrument].asset_class, need.kind);
    if (!unavailable) return {};
    reason = unavailable;
  }
  if (!reason) return {};
  return core::fail(core::Errc::Refused,
                    "feed {} ({}): it gives nothing of what the bots need ({}); choose a real-time "
                    "feed of these instruments",
                    feed.name, feed.description, *reason);
}

}  // namespace st0ck::alpaca
