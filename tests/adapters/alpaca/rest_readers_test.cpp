#include "adapters/alpaca/stream_stage.hpp"
#include "st0ck/adapters/alpaca/history.hpp"
#include "st0ck/adapters/alpaca/market_reader.hpp"
#include "st0ck/adapters/alpaca/reference_reader.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

// What is asked for by REST: history, latest values, snapshots, chains, assets, contracts.
namespace st0ck::alpaca::test {
namespace {

using namespace std::chrono_literals;
using core::Errc;
using market::BarInterval;
using market::BarsPage;

class HistoryTest : public ::testing::Test {
 protected:
  core::Result<BarsPage> ask(market::BarsRequest request) {
    std::optional<core::Result<BarsPage>> answer;
    stage_.history.bars(request, [&](core::Result<BarsPage> page) { answer = std::move(page); });
    EXPECT_FALSE(answer) << "it answered inside the call";
    stage_.run(1min);
    return std::move(answer).value();
  }

  static market::BarsRequest request(std::string_view from, std::string_view until) {
    return {.instrument = StreamStage::kSpy, .from = at(from), .until = at(until), .bars_max = 100};
  }

  void publish(std::string_view from, int minutes, const std::string& symbol = "SPY") {
    for (int i = 0; i < minutes; ++i)
      stage_.server.history[symbol].push_back(a_bar(at(from) + std::chrono::minutes{i}));
  }

  StreamStage stage_{"20:00:00"};
};

TEST_F(HistoryTest, GivesTheBarsOfTheRegularHoursInThePeriod) {
  publish("14:20:00", 30);

  const auto page = ask(request("14:00:00", "14:40:00"));

  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->bars.size(), 10U);
  EXPECT_EQ(page->bars.front().start, at("14:30:00"));
  EXPECT_EQ(page->bars.front().end, at("14:31:00"));
  EXPECT_EQ(page->bars.back().start, at("14:39:00"));
  EXPECT_FALSE(page->next);
  const auto parameters = parameters_of(stage_.server.requests.front().url);
  EXPECT_EQ(parameters.at("feed"), "iex");
  EXPECT_EQ(parameters.at("timeframe"), "1Min");
  EXPECT_EQ(parameters.at("adjustment"), "raw");
}

TEST_F(HistoryTest, FollowsPagesAndGoesOnWhereItWasCut) {
  publish("14:30:00", 50);
  stage_.server.manners.rows_max = 7;
  auto wanted = request("14:30:00", "16:00:00");
  wanted.bars_max = 20;

  std::vector<core::Timestamp> starts;
  int pages = 0;
  for (std::optional<core::Timestamp> next = wanted.from; next; ++pages) {
    wanted.from = *next;
    const auto page = ask(wanted);
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_LE(page->bars.size(), 20U);
    for (const auto& bar : page->bars) starts.push_back(bar.start);
    next = page->next;
  }

  EXPECT_EQ(pages, 3);
  ASSERT_EQ(starts.size(), 50U);
  for (std::size_t i = 0; i < starts.size(); ++i)
    EXPECT_EQ(starts[i], at("14:30:00") + std::chrono::minutes{i});
}

TEST_F(HistoryTest, TellsNoBarThatIsNotOver) {
  publish("19:58:00", 3);

  const auto page = ask(request("19:58:00", "21:00:00"));

  // It is 20:00:00 when it is asked, a little later when the answer comes.
  ASSERT_TRUE(page);
  EXPECT_EQ(page->bars.size(), 2U);
}

TEST_F(HistoryTest, GivesASessionForADayBar) {
  const auto midnight = core::parse_timestamp("2026-03-02T05:00:00Z").value();
  stage_.server.history["SPY"] = {a_bar(midnight), a_bar(midnight + 24h)};
  market::BarsRequest wanted{.instrument = StreamStage::kSpy,
                             .interval = BarInterval::session(),
                             .from = at("14:30:00") - 24h,
                             .until = at("14:30:00") + 1ns,
                             .adjustment = market::Adjustment::All,
                             .bars_max = 10};

  const auto page = ask(wanted);

  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->bars.size(), 1U);  // The second session is not over.
  EXPECT_EQ(page->bars.front().start, at("14:30:00") - 24h);
  EXPECT_EQ(page->bars.front().end, at("21:00:00") - 24h);
  EXPECT_EQ(parameters_of(stage_.server.requests.front().url).at("adjustment"), "all");
}

TEST_F(HistoryTest, RefusesWhatItCannotGive) {
  auto reversed = request("15:00:00", "14:00:00");
  auto unknown = request("14:00:00", "15:00:00");
  unknown.instrument = core::InstrumentId{9};
  auto option = request("14:00:00", "15:00:00");
  option.instrument = StreamStage::kOption;
  auto hourly = request("14:00:00", "15:00:00");
  hourly.interval = BarInterval::minutes(60);
  auto too_many = request("14:00:00", "15:00:00");
  too_many.bars_max = 101;

  EXPECT_EQ(ask(reversed).error().code, Errc::OutOfRange);
  EXPECT_EQ(ask(unknown).error().code, Errc::NotFound);
  EXPECT_EQ(ask(option).error().code, Errc::OutOfRange);
  EXPECT_EQ(ask(hourly).error().code, Errc::OutOfRange);
  EXPECT_EQ(ask(too_many).error().code, Errc::OutOfRange);
  EXPECT_EQ(stage_.server.requests.size(), 0U);
}

TEST_F(HistoryTest, SaysWhyThereIsNoAnswer) {
  using Refusal = net::HttpResponse;
  const auto error = [&](Refusal refusal) {
    stage_.server.manners.history_refusal = std::move(refusal);
    return ask(request("14:30:00", "15:00:00")).error();
  };

  const auto gate = error({.status = 403, .body = R"({"message":"recent SIP data"})"});
  EXPECT_EQ(gate.code, Errc::Refused);
  EXPECT_NE(gate.message.find("an end that is 15 minutes ago"), std::string::npos);
  EXPECT_EQ(error({.status = 401}).code, Errc::Refused);
  EXPECT_EQ(error({.status = 422}).code, Errc::BadInput);
  EXPECT_EQ(error({.status = 200, .body = "[]"}).code, Errc::Corrupt);
  const auto down = error({.status = 503});
  EXPECT_EQ(down.code, Errc::Broker);
  EXPECT_EQ(down.retry, core::Retry::Yes);
}

TEST_F(HistoryTest, StopsAtPagesWithoutEnd) {
  stage_.server.manners.history_refusal =
      net::HttpResponse{.status = 200, .body = R"({"bars":{},"next_page_token":"again"})"};

  const auto error = ask(request("14:30:00", "15:00:00")).error();

  EXPECT_EQ(error.code, Errc::Corrupt);
}

TEST_F(HistoryTest, FillsAGapOfManyByTimeThenByInstrument) {
  publish("15:00:00", 3, "QQQ");
  publish("15:01:00", 3, "SPY");
  stage_.server.manners.rows_max = 2;
  std::vector<market::Bar> bars;

  stage_.history.minutes_of_all(
      {StreamStage::kQqq, StreamStage::kSpy}, at("15:00:00"), at("15:03:00"),
      [&](core::Result<std::vector<market::Bar>> all) { bars = all.value(); });
  stage_.run(1min);

  std::string order;
  for (const auto& bar : bars) order += bar.instrument == StreamStage::kSpy ? 'S' : 'Q';
  EXPECT_EQ(order, "QSQSQ");
}

TEST_F(HistoryTest, AnswersNothingOnceItIsGone) {
  publish("14:30:00", 50);
  stage_.server.manners.rows_max = 7;
  std::optional<AlpacaHistory> history{
      std::in_place, AlpacaHistorySettings{.rows_per_page = 100},
      AlpacaHistory::Parts{stage_.clock, stage_.instruments, stage_.reader}};
  int answers = 0;
  history->bars(request("14:30:00", "15:30:00"), [&](const auto&) { ++answers; });
  history->minutes_of_all({StreamStage::kSpy}, at("14:30:00"), at("15:30:00"),
                          [&](const auto&) { ++answers; });

  stage_.run(30ms);
  history.reset();
  stage_.run(1min);

  EXPECT_EQ(answers, 0);
}

/// A host that answers by the path.
class ReadersTest : public ::testing::Test {
 protected:
  net::HttpResponse answer(const net::HttpRequest& request) {
    requests_.push_back(request.url);
    return {.status = 200, .body = body_};
  }

  template <typename Value, typename Ask>
  core::Result<Value> asked(Ask ask) {
    std::optional<core::Result<Value>> answer;
    ask([&](core::Result<Value> value) { answer = std::move(value); });
    scheduler_.run_for(1min);
    return std::move(answer).value();
  }

  net::SimulatedScheduler scheduler_;
  StageClock clock_{scheduler_, at("15:00:00")};
  std::vector<std::string> requests_;
  std::string body_;
  net::MemoryHttpTransport http_{scheduler_,
                                 [this](const net::HttpRequest& it) { return answer(it); }};
  net::RateLimiter limiter_{scheduler_, clock_, {}};
  net::HttpPool pool_{scheduler_, http_, {}};
  net::HttpClient client_{scheduler_, clock_, limiter_, pool_, net::RetrySettings{}, 1};
  RestReader reader_{scheduler_, client_, {.base_url = "http://host"}, {"key", "secret"}};
  MarketReader market_{{}, reader_};
  ReferenceReader reference_{{}, reader_, clock_};
};

TEST_F(ReadersTest, GiveSizesOfQuotesInSharesAlsoOfTheTimeOfRoundLots) {
  const auto of = [](const char* time) { return core::parse_timestamp(time).value(); };
  body_ = to_json(Latest<TapeQuote>{{"NEW", a_quote(of("2025-11-03T05:00:00Z"))},
                                    {"OLD", a_quote(of("2025-11-03T04:59:59Z"))}});

  const auto quotes =
      asked<Latest<TapeQuote>>([&](auto done) { market_.latest_quotes({"NEW", "OLD"}, done); });

  ASSERT_TRUE(quotes) << quotes.error().message;
  EXPECT_EQ(quotes->at("NEW").bid_size, core::Volume::whole(300));
  EXPECT_EQ(quotes->at("OLD").bid_size, core::Volume::whole(30'000));
  EXPECT_EQ(requests_.front(), "http://host/v2/stocks/quotes/latest?symbols=NEW%2COLD&feed=iex");
}

TEST_F(ReadersTest, GiveTradesBarsSnapshotsAndTheMostActive) {
  body_ = to_json(Latest<TapeTrade>{{"SPY", a_trade(at("15:00:00"))}});
  EXPECT_EQ(
      asked<Latest<TapeTrade>>([&](auto done) { market_.latest_trades({"SPY"}, done); })->at("SPY"),
      a_trade(at("15:00:00")));
  body_ = to_json(Latest<TapeBar>{{"SPY", a_bar(at("15:00:00"))}});
  EXPECT_EQ(
      asked<Latest<TapeBar>>([&](auto done) { market_.latest_bars({"SPY"}, done); })->at("SPY"),
      a_bar(at("15:00:00")));
  body_ = stock_snapshots_json({{"SPY", {.minute_bar = a_bar(at("15:00:00"))}}});
  const auto snapshots =
      asked<MarketReader::Snapshots>([&](auto done) { market_.snapshots({"SPY"}, done); });
  EXPECT_EQ(snapshots->at("SPY").minute_bar, a_bar(at("15:00:00")));
  EXPECT_FALSE(snapshots->at("SPY").latest_quote);
  body_ = to_json(MostActives{{{"SPY", core::Volume::whole(5), 2}}, {}});
  EXPECT_EQ(asked<MostActives>([&](auto done) { market_.most_actives(10, done); })
                ->most_actives.front()
                .symbol,
            "SPY");
}

TEST_F(ReadersTest, RefuseNoSymbolsAndTooMany) {
  const auto none = asked<Latest<TapeBar>>([&](auto done) { market_.latest_bars({}, done); });
  const auto many = asked<Latest<TapeBar>>(
      [&](auto done) { market_.latest_bars(std::vector<std::string>(201, "SPY"), done); });

  EXPECT_EQ(none.error().code, Errc::OutOfRange);
  EXPECT_EQ(many.error().code, Errc::OutOfRange);
  EXPECT_EQ(requests_.size(), 0U);
}

TEST_F(ReadersTest, GiveAChainInWhichAbsentStaysAbsent) {
  body_ = option_snapshots_json(
      {{{"SPY260320C00600000", {.greeks = Greeks{.delta = 0.5}}}, {"SPY260320C00999000", {}}}, {}});

  const auto chain =
      asked<MarketReader::Snapshots>([&](auto done) { market_.option_chain("SPY", {}, done); });

  ASSERT_TRUE(chain) << chain.error().message;
  EXPECT_EQ(chain->at("SPY260320C00600000").greeks->delta, 0.5);
  EXPECT_FALSE(chain->at("SPY260320C00999000").greeks);
  EXPECT_FALSE(chain->at("SPY260320C00999000").implied_volatility);
  EXPECT_EQ(requests_.front(),
            "http://host/v1beta1/options/snapshots/SPY?feed=indicative&limit=1000");
}

TEST_F(ReadersTest, GiveContractsOfAllPagesWithTheirOpenInterest) {
  OptionContract contract{.id = "1",
                          .symbol = "SPY260320C00600000",
                          .name = "a call",
                          .tradable = true,
                          .expiration_date = core::Date{std::chrono::year{2026} / 3 / 20},
                          .root_symbol = "SPY",
                          .underlying_symbol = "SPY",
                          .underlying_asset_id = "2",
                          .strike_price = price("600"),
                          .size = quantity("100"),
                          .open_interest = core::Volume::whole(1234)};
  body_ = to_json(OptionContractPage{{contract}, {}});

  const auto contracts = asked<std::vector<OptionContract>>(
      [&](auto done) { reference_.option_contracts({.underlying_symbols = {"SPY"}}, done); });

  ASSERT_TRUE(contracts) << contracts.error().message;
  ASSERT_EQ(contracts->size(), 1U);
  EXPECT_EQ(contracts->front().open_interest, core::Volume::whole(1234));
}

TEST_F(ReadersTest, AskForAnAssetOnceADay) {
  body_ = to_json(Asset{.id = "1", .symbol = "BRK.B", .name = "a company", .tradable = true});
  int answers = 0;
  const auto ask = [&] {
    reference_.asset("BRK.B", [&](const core::Result<Asset>& asset) {
      answers += asset && asset->tradable && !asset->shortable;
    });
    scheduler_.run_for(1s);
  };

  ask();
  ask();
  EXPECT_EQ(requests_.size(), 1U);
  scheduler_.run_for(24h);
  ask();

  EXPECT_EQ(answers, 3);
  EXPECT_EQ(requests_.size(), 2U);
}

}  // namespace
}  // namespace st0ck::alpaca::test
