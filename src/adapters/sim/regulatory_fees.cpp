#include "st0ck/adapters/sim/regulatory_fees.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <span>

namespace st0ck::adapters::sim {

namespace {

constexpr core::Money kCent = core::Money::from_raw(10'000'000);

constexpr core::Date date(int year, unsigned month, unsigned day) {
  return core::Date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
}

struct Section31Rate {
  core::Date from{};
  core::Rate rate;
};

/// Dollars and cents per million dollars.
constexpr core::Rate per_million(std::int64_t cents) { return core::Rate::from_raw(cents * 10); }

// From the SEC's fee rate advisories, as FINRA's information notices repeat them. First days marked
// (*) were found in no source; the rows of 2023 and 2024 name an order that was not read itself.
// Whoever needs one of these to the cent looks it up and sets the rate.
constexpr std::array kSection31{
    Section31Rate{date(1990, 1, 1), per_million(1740)},   // Until then, FINRA 3/3/14.
    Section31Rate{date(2014, 3, 18), per_million(2210)},  // FINRA information notice 3/3/14.
    Section31Rate{date(2015, 2, 14), per_million(1840)},  // (*)
    Section31Rate{date(2016, 2, 16), per_million(2180)},  // (*) Rate: FINRA 3/15/16.
    Section31Rate{date(2017, 7, 4), per_million(2310)},   // SEC advisory #3 for 2017.
    Section31Rate{date(2018, 5, 22), per_million(1300)},  // FINRA 5/7/18.
    Section31Rate{date(2019, 4, 16), per_million(2070)},  // SEC advisory #2 for 2019.
    Section31Rate{date(2020, 2, 18), per_million(2210)},  // SEC advisory #2 for 2020.
    Section31Rate{date(2021, 2, 25), per_million(510)},   // SEC advisory #2 for 2021.
    Section31Rate{date(2022, 5, 14), per_million(2290)},  // (*)
    Section31Rate{date(2023, 2, 27), per_million(800)},   // 88 FR 5051.
    Section31Rate{date(2024, 5, 22), per_million(2780)},  // 89 FR 29402.
    Section31Rate{date(2025, 5, 14), per_million(0)},     // FINRA 4/24/25; later: by setting.
};

// FINRA Regulatory Notice 12-06; from 2022 on 85 FR 66592 (SR-FINRA-2020-032), whose last step is
// 2024; later ones: by setting. The rates per share were found there; the days of the steps and the
// rate per contract until 2021 were not read in the notices themselves.
constexpr std::array kTradingActivity{
    TradingActivityFee{date(1990, 1, 1), core::Price::from_raw(90'000),
                       core::Money::from_raw(4'500'000'000), core::Price::from_raw(2'000'000)},
    TradingActivityFee{date(2012, 3, 1), core::Price::from_raw(95'000),
                       core::Money::from_raw(4'750'000'000), core::Price::from_raw(2'000'000)},
    TradingActivityFee{date(2012, 7, 1), core::Price::from_raw(119'000),
                       core::Money::from_raw(5'950'000'000), core::Price::from_raw(2'000'000)},
    TradingActivityFee{date(2022, 1, 1), core::Price::from_raw(130'000),
                       core::Money::from_raw(6'490'000'000), core::Price::from_raw(2'180'000)},
    TradingActivityFee{date(2023, 1, 1), core::Price::from_raw(145'000),
                       core::Money::from_raw(7'270'000'000), core::Price::from_raw(2'440'000)},
    TradingActivityFee{date(2024, 1, 1), core::Price::from_raw(166'000),
                       core::Money::from_raw(8'300'000'000), core::Price::from_raw(2'790'000)},
};

template <typename Row>
const Row& row_of(std::span<const Row> rows, core::Date date) {
  const auto after = std::upper_bound(rows.begin(), rows.end(), date,
                                      [](core::Date d, const Row& row) { return d < row.from; });
  return after == rows.begin() ? rows.front() : *std::prev(after);
}

core::Money per_unit(core::Price fee, core::Quantity quantity) {
  return core::notional(fee, quantity, core::kUnitMultiplier, core::Rounding::Up);
}

template <typename Amount>
core::Status check(const char* key, const std::optional<Amount>& found, Amount allowed_max) {
  if (!found || (!found->is_negative() && *found <= allowed_max)) return {};
  return core::fail(core::Errc::OutOfRange, "fees.regulatory.{}: found {}, allowed 0 to {}", key,
                    found->to_string(), allowed_max.to_string());
}

}  // namespace

core::Rate section_31_rate_on(core::Date date) {
  return row_of(std::span<const Section31Rate>{kSection31}, date).rate;
}

const TradingActivityFee& trading_activity_fee_on(core::Date date) {
  return row_of(std::span<const TradingActivityFee>{kTradingActivity}, date);
}

core::Money RegulatoryTotal::charged() const {
  core::Money sum;
  for (const core::Money part : {section_31, trading_activity, options_regulatory, clearing})
    sum += part.rounded_to(kCent, core::Rounding::Up);
  return sum;
}

void RegulatoryFees::add(RegulatoryTotal& total, core::Date date, trading::Side side,
                         market::AssetClass asset_class, core::Quantity quantity,
                         core::Money notional) const {
  const bool is_option = asset_class == market::AssetClass::Option;
  if (is_option) {
    total.options_regulatory += per_unit(options_regulatory, quantity);
    total.clearing += per_unit(options_clearing, quantity);
  }
  if (side == trading::Side::Buy) return;
  total.section_31 += core::scaled(notional, section_31_rate.value_or(section_31_rate_on(date)),
                                   core::Rounding::Up);
  const TradingActivityFee& activity = trading_activity_fee_on(date);
  if (is_option) {
    total.trading_activity +=
        per_unit(activity_per_contract.value_or(activity.per_contract), quantity);
    return;
  }
  total.trading_activity +=
      std::min(per_unit(activity_per_share.value_or(activity.per_share), quantity),
               activity_maximum.value_or(activity.maximum));
}

core::Status RegulatoryFees::validate() const {
  constexpr core::Price kDollar = core::Price::whole(1);
  using Price = std::optional<core::Price>;
  if (auto status = check("section_31_rate", section_31_rate, core::Rate::whole(1)); !status)
    return status;
  if (auto status = check("activity_per_share", activity_per_share, kDollar); !status)
    return status;
  if (auto status = check("activity_per_contract", activity_per_contract, kDollar); !status)
    return status;
  if (auto status = check("activity_maximum", activity_maximum, core::Money::whole(1'000'000));
      !status)
    return status;
  if (auto status = check("options_regulatory", Price{options_regulatory}, kDollar); !status)
    return status;
  return check("options_clearing", Price{options_clearing}, kDollar);
}

}  // namespace st0ck::adapters::sim
