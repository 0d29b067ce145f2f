#include "st0ck/core/ids.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>

namespace st0ck::core {
namespace {

static_assert(!std::is_constructible_v<OrderId, Sequence>);
static_assert(!std::is_convertible_v<std::uint64_t, OrderId>);
static_assert(!std::is_constructible_v<BotId, AccountId>);

TEST(Ids, TakeNamesThatLeaveTheClientOrderIdReadable) {
  for (const std::string_view name : {"a", "spy_scalper", "st0cka", "z9_", "abcdefghijklmnop"})
    EXPECT_TRUE(check_name("bot", name, BotId::kCapacity).has_value()) << name;
  for (const std::string_view name :
       {"", "9a", "_a", "A", "aB", "a-b", "a b", "a.b", "abcdefghijklmnopq", "\xC3\xA9"})
    EXPECT_FALSE(check_name("bot", name, BotId::kCapacity).has_value()) << name;
}

TEST(Ids, SayWhatANameMayBe) {
  const auto checked = check_name("bot", "My-Bot", BotId::kCapacity);

  EXPECT_EQ(checked.error().message,
            "bot 'My-Bot' is not allowed: 1 to 16 of a-z, 0-9 and _, starting with a letter");
}

TEST(Ids, TakeTickersAndOccSymbols) {
  for (const std::string_view text :
       {"SPY", "BRK.B", "BF-B", "BTC/USD", "SPY250630C00615000", "A", "ABCDEFGHIJKLMNOPQRSTUVWX"})
    EXPECT_EQ(parse_symbol(text).value().view(), text);
  for (const std::string_view text :
       {"", "spy", "SPY ", "SPY|X", "S\nY", "ABCDEFGHIJKLMNOPQRSTUVWXY"})
    EXPECT_FALSE(parse_symbol(text).has_value()) << text;
}

TEST(Ids, LeaveRoomForTheLongestClientOrderId) {
  const std::string longest = std::string(BotId::kCapacity, 'b') + "-" +
                              std::string(EngineName::kCapacity, 'e') + "-20991231-99999-99";

  EXPECT_TRUE(ClientOrderId::fits(longest));
}

}  // namespace
}  // namespace st0ck::core
