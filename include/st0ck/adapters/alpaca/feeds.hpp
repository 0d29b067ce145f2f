#pragma once

#include "st0ck/adapters/alpaca/wire/data/data_encoder.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/market_data.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace st0ck::alpaca {

/// The provider's feeds: which of them a key may use is a matter of its plan.
enum class Feed : std::uint8_t { Iex, Sip, DelayedSip, Test, Indicative, Opra };

/// What a feed is worth (reference 8 and 9), for deciding and for showing.
struct FeedTraits {
  Feed feed = Feed::Iex;
  std::string_view name;                     ///< As in the path of the stream.
  std::string_view description;              ///< One line for people.
  TapeProduct product = TapeProduct::Stock;  ///< What it is about.
  bool is_consolidated = false;              ///< All venues, not one.
  bool is_real_time = false;
  bool has_off_exchange_trades = false;  ///< Prints of the trade reporting facilities.
  bool has_complete_bars = false;        ///< Volume and extremes of the whole market.
  bool has_true_quotes = false;          ///< Nobody has modified them.
  std::string_view stream_path;          ///< Below the stream's host.
  bool has_json = true;                  ///< Otherwise MessagePack alone.
};

std::span<const FeedTraits> all_feeds();
const FeedTraits& traits_of(Feed feed);
std::optional<Feed> feed_named(std::string_view name);

/// Why a feed cannot give what is needed; nothing when it can. `FEED_OTHER_PRODUCT` for options on
/// a feed of stocks and the reverse, `FEED_DELAYED` for prices that are late, `FEED_MODIFIED` for
/// quotes that are not the market's, `FEED_NO_BARS` for bars of options.
///
/// An option's status is its underlying's: a need of it is met by that, and nothing is unavailable.
std::optional<core::Code> unavailability(const FeedTraits& feed, market::AssetClass asset_class,
                                         market::DataKind kind);

/// For a start-up: refused when there are needs and the feed can give none of them.
core::Status check_needs(const FeedTraits& feed, const market::InstrumentTable& instruments,
                         std::span<const market::DataNeed> needs);

}  // namespace st0ck::alpaca
