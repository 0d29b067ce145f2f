#include "st0ck/adapters/alpaca/wire/trading/account.hpp"

#include "adapters/alpaca/amounts.hpp"
#include "adapters/alpaca/golden.hpp"
#include "st0ck/adapters/alpaca/wire/trading/api_error.hpp"
#include "st0ck/adapters/alpaca/wire/trading/position.hpp"

#include <gtest/gtest.h>

#include <string>

namespace st0ck::alpaca::test {
namespace {

TEST(WireAccount, ReadsWritesAndDoesWithoutTheOldFields) {
  const auto account = read_account(golden("account"));

  ASSERT_TRUE(account) << account.error().message;
  EXPECT_EQ(account->status, AccountStatus::Active);
  EXPECT_EQ(account->cash, money("-23140.2"));
  EXPECT_EQ(account->equity, money("103820.56"));
  EXPECT_EQ(account->buying_power, money("262113.632"));
  EXPECT_EQ(account->multiplier, quantity("4"));
  EXPECT_EQ(account->daytrade_count, 2U);
  EXPECT_EQ(account->options_trading_level, 2U);
  EXPECT_TRUE(account->shorting_enabled);
  EXPECT_EQ(read_account(to_json(*account)).value(), *account);

  const auto newest =
      read_account(R"({"id":"i","account_number":"n","status":"MARTIAN","cash":"1","equity":1,)"
                   R"("buying_power":"2"})");
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_EQ(newest->status, AccountStatus::Unknown);
  EXPECT_FALSE(newest->pattern_day_trader);

  for (const auto* key : {"id", "account_number", "status", "cash", "equity", "buying_power"})
    EXPECT_FALSE(read_account(with(golden("account"), key, ""))) << key;
}

TEST(WireAccount, ReadsWhatItWritesOfTheConfiguration) {
  AccountConfiguration configuration;
  configuration.no_shorting = true;
  configuration.max_options_trading_level = 2;
  configuration.pdt_check = "entry";

  EXPECT_EQ(read_account_configuration(to_json(configuration)).value(), configuration);
}

TEST(WirePosition, ReadsAndWritesAShortPosition) {
  const auto position = read_position(golden("position"));

  ASSERT_TRUE(position) << position.error().message;
  EXPECT_EQ(position->side, PositionSide::Short);
  EXPECT_EQ(position->quantity, quantity("-5.5"));
  EXPECT_EQ(position->average_entry_price, price("100.166666667"));
  EXPECT_EQ(position->market_value, money("-600.123456789"));
  EXPECT_DOUBLE_EQ(position->change_today.value(), 0.0084033613445378);
  EXPECT_EQ(read_positions(to_json(std::vector{*position})).value(), std::vector{*position});
  for (const auto* key :
       {"asset_id", "symbol", "asset_class", "avg_entry_price", "qty", "side", "cost_basis"})
    EXPECT_FALSE(read_position(with(golden("position"), key, ""))) << key;
}

TEST(WireApiError, ReadsCodesMessagesAndExtras) {
  const auto funds = read_api_error(403, golden("error_funds"));
  EXPECT_EQ(funds.http_status, 403U);
  EXPECT_EQ(funds.code, api_code::kForbidden);
  EXPECT_EQ(funds.buying_power, money("1000.5"));

  const auto shares = read_api_error(403, golden("error_shares"));
  EXPECT_EQ(shares.symbol, "AAPL");
  EXPECT_EQ(shares.held_for_orders, quantity("10"));
  EXPECT_EQ(shares.related_orders.size(), 1U);
  EXPECT_EQ(read_api_error(403, to_json(shares)), shares);

  EXPECT_EQ(read_api_error(401, R"({"message":"unauthorized."})").message, "unauthorized.");
  EXPECT_FALSE(read_api_error(401, R"({"message":"unauthorized."})").code);
  EXPECT_EQ(read_api_error(502, "<html>Bad Gateway</html>").message, "<html>Bad Gateway</html>");
  EXPECT_EQ(read_api_error(500, "").message, "");
  EXPECT_EQ(read_api_error(403, R"({"code":40310000,"message":"m","available":"x"})").code,
            api_code::kForbidden);
}

}  // namespace
}  // namespace st0ck::alpaca::test
