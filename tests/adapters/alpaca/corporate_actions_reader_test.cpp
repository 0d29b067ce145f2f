#include "st0ck/adapters/alpaca/corporate_actions_reader.hpp"

#include "adapters/alpaca/amounts.hpp"
#include "adapters/alpaca/golden.hpp"
#include "adapters/alpaca/stream_stage.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/net/http_client.hpp"
#include "st0ck/net/memory_http_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::alpaca::test {
namespace {

using core::Errc;
using market::AnnouncedActions;
using market::CorporateAction;
using market::CorporateActionKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

core::Date day(std::string_view text) { return core::parse_date(text).value(); }

market::InstrumentTable stocks(std::initializer_list<std::string_view> symbols) {
  market::InstrumentTable table;
  for (const std::string_view symbol : symbols)
    table.define({.id = {}, .symbol = core::Symbol{symbol}});
  return table;
}

std::vector<std::string> lines(const market::InstrumentTable& table,
                               const AnnouncedActions& announced) {
  std::vector<std::string> out;
  for (const CorporateAction& action : announced.actions)
    out.push_back(fmt::format("{} {} {} {}:{} {}", core::format_date(action.ex_date),
                              table[action.instrument].symbol, name_of(action.kind),
                              action.numerator, action.denominator, action.amount.to_string()));
  for (const market::UnhandledAction& action : announced.unhandled)
    out.push_back(fmt::format("{} {} unhandled {}", core::format_date(action.effective),
                              table[action.instrument].symbol, action.type));
  return out;
}

std::vector<CorporateActionNotice> notices_of(std::string_view body) {
  return read_corporate_actions(body).value().actions;
}

TEST(AnnouncedActions, TellSplitsDividendsAndStockDividendsOfOurInstruments) {
  const auto table = stocks({"SPY", "QQQ", "IWM", "DIA"});

  const auto announced = announced_actions(notices_of(golden("corporate_actions")), table,
                                           day("2026-03-10"), day("2026-03-27"));

  ASSERT_TRUE(announced) << announced.error().message;
  EXPECT_THAT(
      lines(table, *announced),
      ElementsAre("2026-03-17 DIA split 21:20 0.00",  //
                  "2026-03-18 QQQ split 3:2 0.00",    //
                  "2026-03-19 IWM split 1:10 0.00",   //
                  "2026-03-20 SPY cash_dividend 1:1 2.00", "2026-03-16 IWM unhandled spin_offs",
                  "2026-03-23 DIA unhandled cash_mergers"))
      << "two dividends of a day are one; an acquirer and a new name are not concerned";
}

TEST(AnnouncedActions, LeaveOutOtherSymbolsAndOtherDays) {
  const auto table = stocks({"QQQ"});

  const auto announced = announced_actions(notices_of(golden("corporate_actions")), table,
                                           day("2026-03-19"), day("2026-06-21"));

  ASSERT_TRUE(announced);
  EXPECT_THAT(lines(table, *announced), IsEmpty());
}

TEST(AnnouncedActions, CountANoticeOnceByItsId) {
  const auto table = stocks({"SPY"});
  auto notices = notices_of(golden("corporate_actions"));
  notices.push_back(notices.front());

  const auto announced = announced_actions(notices, table, day("2026-03-10"), day("2026-03-27"));

  ASSERT_TRUE(announced);
  EXPECT_THAT(lines(table, *announced), ElementsAre("2026-03-20 SPY cash_dividend 1:1 2.00"));
}

TEST(AnnouncedActions, LeaveUnhandledWhatCannotBeToldExactly) {
  const auto table = stocks({"SPY"});
  const auto reason = [&](const CorporateActionNotice& notice) {
    const auto announced = announced_actions({notice}, table, day("2026-01-01"), day("2026-12-31"));
    if (!announced || announced->unhandled.size() != 1 || !announced->actions.empty())
      return std::string{"told"};
    return announced->unhandled.front().reason;
  };
  CorporateActionNotice split{.type = CorporateActionType::ForwardSplit,
                              .symbol = "SPY",
                              .old_rate = quantity("1"),
                              .new_rate = quantity("2"),
                              .ex_date = day("2026-03-18")};
  EXPECT_EQ(reason(split), "told");
  auto bad = split;
  bad.old_rate.reset();
  EXPECT_THAT(reason(bad), HasSubstr("ratio"));
  bad.old_rate = quantity("0");
  EXPECT_THAT(reason(bad), HasSubstr("ratio"));
  bad.old_rate = bad.new_rate;
  EXPECT_THAT(reason(bad), HasSubstr("ratio")) << "two for two is none";
  bad.old_rate = quantity("1.000000001");
  EXPECT_THAT(reason(bad), HasSubstr("exactly"));
  bad = split;
  bad.process_date = bad.ex_date;
  bad.ex_date.reset();
  EXPECT_EQ(reason(bad), "it has no ex-date");

  CorporateActionNotice dividend{
      .type = CorporateActionType::CashDividend, .symbol = "SPY", .ex_date = day("2026-03-18")};
  EXPECT_THAT(reason(dividend), HasSubstr("rate"));
  dividend.rate = price("-1");
  EXPECT_THAT(reason(dividend), HasSubstr("rate"));
  dividend.type = CorporateActionType::StockDividend;
  EXPECT_THAT(reason(dividend), HasSubstr("ratio"));
}

TEST(AnnouncedActions, LeaveASecondSplitOfADayUnhandled) {
  const auto table = stocks({"QQQ"});
  auto notices = notices_of(golden("corporate_actions"));
  const auto split =
      std::ranges::find(notices, CorporateActionType::ForwardSplit, &CorporateActionNotice::type);
  auto second = *split;
  second.id = "f2";
  notices.push_back(second);

  const auto announced = announced_actions(notices, table, day("2026-03-10"), day("2026-03-27"));

  ASSERT_TRUE(announced);
  EXPECT_THAT(lines(table, *announced), ElementsAre("2026-03-18 QQQ split 3:2 0.00",
                                                    "2026-03-18 QQQ unhandled forward_splits"));
}

TEST(AnnouncedActions, RefuseANoticeOfOursWithoutAnyDate) {
  const auto table = stocks({"SPY"});
  const CorporateActionNotice notice{.type = CorporateActionType::NameChange, .old_symbol = "SPY"};

  const auto announced = announced_actions({notice}, table, day("2026-01-01"), day("2026-12-31"));

  ASSERT_FALSE(announced);
  EXPECT_EQ(announced.error().code, Errc::Corrupt);
  EXPECT_THAT(announced.error().message, HasSubstr("name_changes of SPY"));
}

class CorporateActionsReaderTest : public testing::Test {
 protected:
  core::Result<AnnouncedActions> read(const market::InstrumentTable& table,
                                      CorporateActionsReaderSettings settings = {}) {
    CorporateActionsReader reader{settings, rest_, table};
    std::optional<core::Result<AnnouncedActions>> answer;
    reader.read(day("2026-03-10"), day("2026-03-27"),
                [&](core::Result<AnnouncedActions> announced) { answer = std::move(announced); });
    EXPECT_FALSE(answer) << "it answered inside the call";
    scheduler_.run_for(std::chrono::minutes{5});
    return std::move(answer).value();
  }

  net::SimulatedScheduler scheduler_;
  StageClock clock_{scheduler_, at("15:00:00")};
  std::vector<std::string> targets_;
  std::function<net::HttpResponse(std::string_view url)> server_ = [](std::string_view) {
    return net::HttpResponse{.status = 200, .body = golden("corporate_actions")};
  };
  net::MemoryHttpTransport http_{scheduler_, [this](const net::HttpRequest& request) {
                                   targets_.push_back(request.url);
                                   return server_(request.url);
                                 }};
  net::RateLimiter limiter_{scheduler_, clock_, {}};
  net::HttpPool pool_{scheduler_, http_, {}};
  net::HttpClient client_{scheduler_, clock_, limiter_, pool_, net::RetrySettings{}, 1};
  RestReader rest_{scheduler_, client_, {.base_url = "http://host"}, {"key", "secret"}};
};

TEST_F(CorporateActionsReaderTest, AsksForWhatIsBookedWeeksAfterTheExDate) {
  const auto table = stocks({"SPY", "QQQ"});

  const auto announced = read(table);

  ASSERT_TRUE(announced) << announced.error().message;
  EXPECT_THAT(targets_, ElementsAre("http://host/v1/corporate-actions?symbols=SPY%2CQQQ&"
                                    "start=2026-03-10&end=2026-07-25&limit=1000"));
  EXPECT_THAT(lines(table, *announced), ElementsAre("2026-03-18 QQQ split 3:2 0.00",
                                                    "2026-03-20 SPY cash_dividend 1:1 2.00"));
}

TEST_F(CorporateActionsReaderTest, FollowsPagesAndAddsUpWhatTheyHold) {
  const auto table = stocks({"SPY"});
  server_ = [](std::string_view url) {
    const bool is_first = url.find("page_token") == std::string_view::npos;
    return net::HttpResponse{
        .status = 200,
        .body = is_first ? R"({"corporate_actions":{"cash_dividends":[{"id":"1","symbol":"SPY",)"
                           R"("rate":1,"ex_date":"2026-03-20"}]},"next_page_token":"more"})"
                         : R"({"corporate_actions":{"cash_dividends":[{"id":"2","symbol":"SPY",)"
                           R"("rate":0.5,"ex_date":"2026-03-20"}]},"next_page_token":null})"};
  };

  const auto announced = read(table);

  ASSERT_TRUE(announced) << announced.error().message;
  EXPECT_EQ(targets_.size(), 2U);
  EXPECT_THAT(targets_.back(), HasSubstr("page_token=more"));
  EXPECT_THAT(lines(table, *announced), ElementsAre("2026-03-20 SPY cash_dividend 1:1 1.50"));
}

TEST_F(CorporateActionsReaderTest, AsksForManySymbolsInParts) {
  const auto announced = read(stocks({"SPY", "QQQ", "IWM"}), {.symbols_max = 2});

  ASSERT_TRUE(announced);
  ASSERT_EQ(targets_.size(), 2U);
  EXPECT_THAT(targets_[0], HasSubstr("symbols=SPY%2CQQQ&"));
  EXPECT_THAT(targets_[1], HasSubstr("symbols=IWM&"));
  EXPECT_EQ(announced->actions.size(), 3U) << "the same notice in both parts is one";
}

TEST_F(CorporateActionsReaderTest, AsksForNothingWithoutStocks) {
  market::InstrumentTable table;
  table.define({.id = {},
                .symbol = core::Symbol{"SPY260320C00600000"},
                .asset_class = market::AssetClass::Option});

  const auto announced = read(table);

  ASSERT_TRUE(announced);
  EXPECT_THAT(announced->actions, IsEmpty());
  EXPECT_THAT(targets_, IsEmpty());
}

TEST_F(CorporateActionsReaderTest, SaysWhyThereIsNoAnswer) {
  const auto table = stocks({"SPY"});
  const auto error = [&](net::HttpResponse response) {
    server_ = [response](std::string_view) { return response; };
    const auto announced = read(table);
    return announced ? core::Error{} : announced.error();
  };

  EXPECT_EQ(error({.status = 403}).code, Errc::Refused);
  EXPECT_EQ(error({.status = 400}).code, Errc::BadInput);
  const auto down = error({.status = 503});
  EXPECT_EQ(down.code, Errc::Broker);
  EXPECT_EQ(down.retry, core::Retry::Yes);
  EXPECT_EQ(error({.status = 200, .body = "not json"}).code, Errc::Corrupt);
  EXPECT_EQ(error({.status = 200, .body = R"({"corporate_actions":{"cash_dividends":[7]}})"}).code,
            Errc::Corrupt);
  EXPECT_EQ(
      error({.status = 200, .body = R"({"corporate_actions":{},"next_page_token":"x"})"}).code,
      Errc::Corrupt)
      << "pages without end";
}

TEST_F(CorporateActionsReaderTest, AnswersNothingOnceItIsGone) {
  const auto table = stocks({"SPY"});
  std::optional<CorporateActionsReader> reader{std::in_place, CorporateActionsReaderSettings{},
                                               rest_, table};
  int answers = 0;
  reader->read(day("2026-03-10"), day("2026-03-27"), [&](const auto&) { ++answers; });

  reader.reset();
  scheduler_.run_for(std::chrono::minutes{1});

  EXPECT_EQ(answers, 0);
}

}  // namespace
}  // namespace st0ck::alpaca::test
