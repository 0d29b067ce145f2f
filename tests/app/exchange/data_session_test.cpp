// What a client of a data stream is told, without sockets.

#include "src/app/exchange/data_session.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace st0ck::app::exchange {
namespace {

const DataKeys kKeys{{{}}};
const net::HeaderFields kRightHeaders{{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}};
const std::string kAuth = R"({"action":"auth","key":"test","secret":"test"})";

const market::InstrumentTable& instruments() {
  static const market::InstrumentTable table = [] {
    market::InstrumentTable made;
    for (const auto* symbol : {"AAPL", "SPY"}) {
      market::Instrument instrument;
      instrument.symbol = core::Symbol{symbol};
      made.define(instrument);
    }
    return made;
  }();
  return table;
}

struct Talk {
  explicit Talk(const DataSession::Terms& terms = {}, bool has_place = true)
      : session{terms, kKeys, instruments(), [has_place](auto) { return has_place; }} {
    note(session.open({}));
  }

  /// What the message is answered, frame after frame.
  std::string say(const std::string& message) {
    said.clear();
    note(session.hear(reader.read(message)));
    return said;
  }

  void note(const DataReply& reply) {
    for (const std::string& frame : reply.frames) said += frame;
    has_ended = has_ended || reply.is_end;
  }

  alpaca::DataRequestReader reader;
  DataSession session;
  std::string said;
  bool has_ended = false;
};

std::string error(int code, std::string_view message) {
  return fmt::format(R"([{{"T":"error","code":{},"msg":"{}"}}])", code, message);
}

TEST(DataSession, GreetsAuthenticatesAndEchoesTheWholeSubscription) {
  Talk talk;
  EXPECT_EQ(talk.said, R"([{"T":"success","msg":"connected"}])");
  EXPECT_EQ(talk.say(kAuth), R"([{"T":"success","msg":"authenticated"}])");
  EXPECT_EQ(talk.session.key(), "test");

  EXPECT_EQ(talk.say(R"({"action":"subscribe","trades":["SPY","AAPL"],"bars":["*"]})"),
            R"([{"T":"subscription","trades":["AAPL","SPY"],"quotes":[],"bars":["*"],)"
            R"("updatedBars":[],"dailyBars":[],"statuses":[],"lulds":[],)"
            R"("corrections":["AAPL","SPY"],"cancelErrors":["AAPL","SPY"]}])");
  const core::InstrumentId spy{1};
  EXPECT_TRUE(talk.session.wants(DataChannel::Trades, spy));
  EXPECT_TRUE(talk.session.wants(DataChannel::Bars, spy));
  EXPECT_FALSE(talk.session.wants(DataChannel::Quotes, spy));

  EXPECT_EQ(talk.say(R"({"action":"unsubscribe","trades":["SPY","XYZ"],"bars":["*"]})"),
            R"([{"T":"subscription","trades":["AAPL"],"quotes":[],"bars":[],)"
            R"("updatedBars":[],"dailyBars":[],"statuses":[],"lulds":[],)"
            R"("corrections":["AAPL"],"cancelErrors":["AAPL"]}])");
  EXPECT_FALSE(talk.session.wants(DataChannel::Trades, spy));
  EXPECT_FALSE(talk.has_ended);
}

TEST(DataSession, TakesTheKeysOfTheHandshake) {
  DataSession session{{}, kKeys, instruments(), [](auto) { return true; }};

  const auto reply = session.open(kRightHeaders);

  ASSERT_EQ(reply.frames.size(), 2u);
  EXPECT_EQ(reply.frames[1], R"([{"T":"success","msg":"authenticated"}])");
  DataSession other{{}, kKeys, instruments(), [](auto) { return true; }};
  EXPECT_EQ(other.open({{"APCA-API-KEY-ID", "wrong"}}).frames.at(1), error(402, "auth failed"));
}

TEST(DataSession, SaysEachErrorByItsCode) {
  Talk talk;
  EXPECT_EQ(talk.say("{"), error(400, "invalid syntax"));
  EXPECT_EQ(talk.say(R"({"action":"subscribe","trades":["SPY"]})"),
            error(401, "not authenticated"));
  EXPECT_EQ(talk.say(R"({"action":"auth","key":"test","secret":"no"})"), error(402, "auth failed"));
  talk.say(kAuth);
  EXPECT_EQ(talk.say(kAuth), error(403, "already authenticated"));
  EXPECT_EQ(talk.say(R"({"action":"subscribe","news":["SPY"]})"),
            error(410, "invalid subscribe action for this feed"));
  EXPECT_EQ(talk.say(R"({"action":"subscribe","trades":["spy!"]})"), error(400, "invalid syntax"));
  EXPECT_TRUE(talk.session.time_out().frames.empty()) << "it has shown its key";
  EXPECT_FALSE(talk.has_ended);
}

TEST(DataSession, EndsWithoutAKeyInTime) {
  Talk talk;
  talk.said.clear();
  talk.note(talk.session.time_out());
  EXPECT_EQ(talk.said, error(404, "auth timeout"));
  EXPECT_TRUE(talk.has_ended);
}

TEST(DataSession, EndsWhereTheKeyHasNoPlaceOrNoPlan) {
  Talk second{{}, false};
  EXPECT_EQ(second.say(kAuth), error(406, "connection limit exceeded"));
  EXPECT_TRUE(second.has_ended);
  EXPECT_FALSE(second.session.is_authenticated());

  Talk unpaid{{.is_paid = false}};
  EXPECT_EQ(unpaid.say(kAuth), error(409, "insufficient subscription"));
  Talk crypto{{.kind = DataStreamKind::NotOffered}};
  EXPECT_EQ(crypto.say(kAuth), error(409, "insufficient subscription"));
  EXPECT_TRUE(crypto.has_ended);
}

TEST(DataSession, BoundsSymbolsAndKeepsWhatWasThere) {
  Talk talk{{.symbols_max = 2}};
  talk.say(kAuth);
  talk.say(R"({"action":"subscribe","trades":["SPY"],"quotes":["AAPL"],"bars":["A","B","C"]})");

  EXPECT_EQ(talk.say(R"({"action":"subscribe","quotes":["SPY"]})"),
            error(405, "symbol limit exceeded"));
  EXPECT_EQ(talk.say(R"({"action":"subscribe","trades":["*"]})"),
            error(405, "symbol limit exceeded"));
  EXPECT_FALSE(talk.session.wants(DataChannel::Quotes, core::InstrumentId{1}));
  EXPECT_TRUE(talk.session.wants(DataChannel::Trades, core::InstrumentId{1}));
  EXPECT_NE(talk.say(R"({"action":"subscribe","trades":["SPY"]})").find("subscription"),
            std::string::npos)
      << "it has this one already";
}

TEST(DataSession, SpeaksOfOptionsInMsgpackOnlyAndHasNoneYet) {
  Talk json{{.kind = DataStreamKind::Options}};
  EXPECT_NE(json.said.find(error(412, "option messages are only available in MsgPack")),
            std::string::npos);
  EXPECT_TRUE(json.has_ended);

  Talk talk{{.kind = DataStreamKind::Options, .codec = alpaca::Codec::Msgpack}};
  talk.say(kAuth);
  const auto has = [&](const std::string& message, std::string_view text) {
    return talk.say(message).find(text) != std::string::npos;
  };
  EXPECT_TRUE(has(R"({"action":"subscribe","bars":["X"]})", "invalid subscribe action"));
  EXPECT_TRUE(has(R"({"action":"subscribe","quotes":["*"]})", "star subscription not allowed"));
  EXPECT_TRUE(has(R"({"action":"subscribe","trades":["SPY250620C00600000"]})",
                  "option data are not offered by this exchange yet"));
}

TEST(DataSession, KnowsThePathsOfTheStreams) {
  using Kind = DataStreamKind;
  const std::vector<std::pair<std::vector<std::string>, std::optional<Kind>>> cases{
      {{"v2", "iex"}, Kind::Stocks},
      {{"v2", "sip", ""}, Kind::Stocks},
      {{"v2", "delayed_sip"}, Kind::DelayedStocks},
      {{"v2", "test"}, Kind::Test},
      {{"v1beta1", "opra"}, Kind::Options},
      {{"v1beta1", "indicative"}, Kind::Options},
      {{"v1beta1", "news"}, Kind::News},
      {{"v1beta1", "boats"}, Kind::NotOffered},
      {{"v1beta3", "crypto", "us"}, Kind::NotOffered},
      {{"v2", "stocks"}, std::nullopt},
      {{"stream"}, std::nullopt},
      {{}, std::nullopt},
  };
  for (const auto& [path, kind] : cases) EXPECT_EQ(data_stream_kind(path), kind);
}

// The lists after any subscribing and unsubscribing are those of plain sets.
RC_GTEST_PROP(DataSession, HoldsWhatWasAskedForAndNotGivenUp, ()) {
  const std::vector<std::string> names{"AAPL", "SPY", "QQQ", "*"};
  Talk talk;
  talk.say(kAuth);
  std::set<std::string> held;
  for (const auto& [is_more, place] : *rc::gen::container<std::vector<std::pair<bool, int>>>(
           rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 4)))) {
    const std::string& name = names[static_cast<std::size_t>(place)];
    talk.say(fmt::format(R"({{"action":"{}","quotes":["{}"]}})",
                         is_more ? "subscribe" : "unsubscribe", name));
    if (is_more)
      held.insert(name);
    else if (name == "*")
      held.clear();
    else
      held.erase(name);
    RC_ASSERT(talk.session.wants(DataChannel::Quotes, core::InstrumentId{0}) ==
              (held.contains("AAPL") || held.contains("*")));
    RC_ASSERT(talk.session.wants(DataChannel::Quotes, std::string_view{"QQQ"}) ==
              (held.contains("QQQ") || held.contains("*")));
  }
}

}  // namespace
}  // namespace st0ck::app::exchange
