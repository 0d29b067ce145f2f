// The data streams: with connections in memory, and over loopback with the real server and client.

#include "src/app/exchange/data_streams.hpp"

#include "app/exchange/exchange_stage.hpp"
#include "src/app/exchange/tape_rows.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"
#include "st0ck/adapters/alpaca/wire/data/symbol_map.hpp"
#include "st0ck/net/asio_scheduler.hpp"
#include "st0ck/net/beast_web_socket.hpp"

#include <adapters/alpaca/recording_listener.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace st0ck::app::exchange::test {
namespace {

using alpaca::test::RecordingListener;
using std::chrono::seconds;

const std::string kAuth = R"({"action":"auth","key":"test","secret":"test"})";

/// The server's end of a connection that keeps what is sent on it.
struct Line {
  net::WebSocketListener listener;
  std::vector<std::string> frames;
  std::optional<std::string> close_reason;
  bool is_alive = false;
  std::size_t frame_bytes_max = std::size_t{1} << 20;  ///< A longer one finds the queue full.

  std::size_t count(std::string_view text) const {
    std::size_t found = 0;
    for (const auto& frame : frames) found += frame.find(text) != std::string::npos ? 1U : 0U;
    return found;
  }
};

class LineEnd final : public net::WebSocketConnection {
 public:
  explicit LineEnd(std::shared_ptr<Line> line) : line_{std::move(line)} { line_->is_alive = true; }
  ~LineEnd() override { line_->is_alive = false; }
  core::Status send(net::MessageKind, std::string_view bytes) override {
    if (bytes.size() > line_->frame_bytes_max) return core::fail(core::Errc::Refused, "full");
    line_->frames.emplace_back(bytes);
    return {};
  }
  void close(std::uint16_t, std::string_view reason) override { line_->close_reason = reason; }

 private:
  std::shared_ptr<Line> line_;  ///< What was heard stays after the connection, either way.
};

struct StreamStage : Stage {
  explicit StreamStage(DataStreamsSettings settings = {})
      : streams{std::make_unique<DataStreams>(DataStreams::Parts{record, keys, clock, scheduler},
                                              settings)} {}

  std::shared_ptr<Line> connect(const std::string& path, const net::HeaderFields& headers = {}) {
    auto line = std::make_shared<Line>();
    net::ServerRequest request;
    request.method = "GET";
    request.target = net::parse_request_target(path).value();
    request.headers = headers;
    EXPECT_TRUE(streams->handles(request));
    streams->upgrade(request, net::WebSocketUpgrade{[&line](net::WebSocketListener listener) {
                                                      line->listener = std::move(listener);
                                                      return std::make_unique<LineEnd>(line);
                                                    },
                                                    [](const net::ServerResponse&) {}});
    return line;
  }

  std::shared_ptr<Line> connect_and(const std::string& path, const std::string& message) {
    auto line = connect(path);
    say(*line, kAuth);
    say(*line, message);
    return line;
  }

  static void say(Line& line, const std::string& message) {
    line.listener.on_message(net::MessageKind::Text, message);
  }

  std::unique_ptr<DataStreams> streams;
};

/// The data messages of all frames, which hold no control message.
std::vector<Json> data_of(const Line& line) {
  std::vector<Json> found;
  for (const auto& frame : line.frames) {
    const Json messages = Json::parse(frame);
    bool is_control = false;
    for (const Json& each : messages) {
      const std::string type = each["T"];
      is_control = is_control || type == "success" || type == "error" || type == "subscription";
      if (!is_control) found.push_back(each);
    }
    EXPECT_TRUE(!is_control || messages.size() == 1) << frame;
  }
  return found;
}

TEST(DataStreams, TellsEachClientWhatItAskedFor) {
  StreamStage stage;
  stage.play_until(at("2025-01-02T14:29:00Z"));
  const auto trades = stage.connect_and("/v2/iex", R"({"action":"subscribe","trades":["AAA"]})");
  const auto all = stage.connect_and(
      "/v2/sip", R"({"action":"subscribe","quotes":["*"],"bars":["*"],"dailyBars":["BBB"],)"
                 R"("statuses":["*"],"lulds":["*"]})");
  const auto deaf = stage.connect("/v2/delayed_sip");

  stage.play_until(at("2025-01-02T14:40:00Z"));
  stage.scheduler.run_for(core::Duration::zero());

  const auto from = at("2025-01-02T14:29:00Z");
  const auto until = stage.clock.now() - core::Duration{1};
  const auto told_trades = ticks_of<market::Trade>(stage, 0, from, until);
  const auto heard_trades = data_of(*trades);
  ASSERT_EQ(heard_trades.size(), told_trades.size());
  EXPECT_EQ(heard_trades.back()["p"], told_trades.back().price.to_double());
  EXPECT_EQ(heard_trades.back()["S"], "AAA");

  std::map<std::string, std::size_t> heard;
  for (const Json& each : data_of(*all)) ++heard[each["T"].get<std::string>()];
  EXPECT_EQ(heard["q"], ticks_of<market::Quote>(stage, 0, from, until).size() +
                            ticks_of<market::Quote>(stage, 1, from, until).size());
  EXPECT_GE(heard["b"], 18u);
  EXPECT_GE(heard["d"], 9u);
  EXPECT_GE(heard["l"], 2u);
  EXPECT_EQ(heard["t"], 0u);
  EXPECT_EQ(deaf->frames.size(), 1u) << "the greeting";
}

TEST(DataStreams, TheDelayedStreamIsAQuarterOfAnHourBehind) {
  StreamStage stage;
  stage.play_until(at("2025-01-02T14:29:00Z"));
  const auto line =
      stage.connect_and("/v2/delayed_sip", R"({"action":"subscribe","trades":["BBB"]})");

  stage.play_until(at("2025-01-02T15:00:00Z"));
  stage.scheduler.run_for(core::Duration::zero());

  const auto heard = data_of(*line);
  ASSERT_FALSE(heard.empty());
  const auto first =
      ticks_of<market::Trade>(stage, 1, at("2025-01-02T14:14:00Z"), stage.clock.now());
  EXPECT_EQ(heard.front()["t"], core::format_utc(first.front().time));
  EXPECT_LE(heard.back()["t"].get<std::string>(), "2025-01-02T14:45:00Z");
  EXPECT_GT(heard.back()["t"].get<std::string>(), "2025-01-02T14:44:00Z");
}

TEST(DataStreams, FramesAreBoundedAndGoOutInOneTurn) {
  StreamStage stage{{.frame_messages_max = 10}};
  stage.play_until(at("2025-01-02T14:40:00Z"));
  const auto line = stage.connect_and("/v2/iex", R"({"action":"subscribe","quotes":["*"]})");
  const std::size_t control = line->frames.size();
  EXPECT_EQ(control, 3u);

  stage.play_until(at("2025-01-02T14:41:00Z"));
  stage.scheduler.run_for(core::Duration::zero());

  for (std::size_t i = control; i + 1 < line->frames.size(); ++i)
    EXPECT_EQ(Json::parse(line->frames[i]).size(), 10u);
}

TEST(DataStreams, WhatWasToldBeforeAnAnswerGoesOutBeforeIt) {
  StreamStage stage;
  stage.play_until(at("2025-01-02T14:40:00Z"));
  const auto line = stage.connect_and("/v2/iex", R"({"action":"subscribe","quotes":["AAA"]})");
  stage.play_until(at("2025-01-02T14:41:00Z"));

  StreamStage::say(*line, R"({"action":"unsubscribe","quotes":["AAA"]})");

  EXPECT_NE(line->frames.back().find("subscription"), std::string::npos);
  EXPECT_FALSE(data_of(*line).empty());
}

TEST(DataStreams, AKeyHasOneConnectionToEachStream) {
  StreamStage stage;
  auto first = stage.connect_and("/v2/iex", "{}");
  const auto sip = stage.connect_and("/v2/sip", "{}");
  const auto second = stage.connect_and("/v2/iex/", "{}");

  EXPECT_EQ(sip->count("authenticated"), 1u);
  EXPECT_EQ(second->count("connection limit exceeded"), 1u);
  EXPECT_TRUE(second->close_reason);

  first->listener.on_closed({});
  EXPECT_FALSE(first->is_alive);
  const auto third =
      stage.connect("/v2/iex", {{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}});
  EXPECT_EQ(third->count("authenticated"), 1u);
}

TEST(DataStreams, WaitsTenSecondsForAKey) {
  StreamStage stage;
  const auto late = stage.connect("/v2/iex");
  const auto early = stage.connect("/v2/sip");
  stage.scheduler.run_for(seconds{10} - core::Duration{1});
  EXPECT_FALSE(late->close_reason);
  StreamStage::say(*early, kAuth);

  stage.scheduler.run_for(core::Duration{1});

  EXPECT_EQ(late->count("auth timeout"), 1u);
  EXPECT_TRUE(late->close_reason);
  EXPECT_FALSE(early->close_reason);
}

TEST(DataStreams, LetsASlowClientGoAndGoesOn) {
  StreamStage stage;
  stage.play_until(at("2025-01-02T14:40:00Z"));
  const auto slow = stage.connect_and("/v2/iex", R"({"action":"subscribe","quotes":["*"]})");
  const auto quick = stage.connect_and("/v2/sip", R"({"action":"subscribe","quotes":["*"]})");
  slow->frame_bytes_max = 100;

  stage.play_until(at("2025-01-02T14:41:00Z"));
  stage.scheduler.run_for(core::Duration::zero());
  const std::size_t frames = slow->frames.size();
  stage.play_until(at("2025-01-02T14:42:00Z"));
  stage.scheduler.run_for(core::Duration::zero());

  EXPECT_EQ(slow->count("slow client"), 1u);
  EXPECT_EQ(slow->close_reason, "slow client");
  EXPECT_EQ(slow->frames.size(), frames);
  EXPECT_FALSE(quick->close_reason);
}

TEST(DataStreams, TellsASlowClientSoOnceItsSocketTakesThatWithinTenSeconds) {
  StreamStage stage;
  stage.play_until(at("2025-01-02T14:40:00Z"));
  const auto late = stage.connect_and("/v2/iex", R"({"action":"subscribe","quotes":["*"]})");
  const auto never = stage.connect_and("/v2/sip", R"({"action":"subscribe","quotes":["*"]})");
  late->frame_bytes_max = never->frame_bytes_max = 0;
  stage.play_until(at("2025-01-02T14:41:00Z"));
  stage.scheduler.run_for(seconds{3});
  EXPECT_FALSE(late->close_reason);
  const std::size_t frames = late->frames.size();

  late->frame_bytes_max = 1'000;
  stage.scheduler.run_for(seconds{1});

  EXPECT_EQ(late->frames.size(), frames + 1) << "no data any more";
  EXPECT_NE(late->frames.back().find(R"("code":407)"), std::string::npos) << late->frames.back();
  EXPECT_EQ(late->close_reason, "slow client");
  EXPECT_FALSE(never->close_reason);
  stage.scheduler.run_for(seconds{7});
  EXPECT_EQ(never->close_reason, "slow client");
  EXPECT_EQ(never->count("slow client"), 0u);
}

TEST(DataStreams, TheTestStreamRunsAtAnyHour) {
  StreamStage stage;
  stage.clock.advance_to(at("2025-01-04T03:00:00Z"));
  const auto line = stage.connect_and(
      "/v2/test", R"({"action":"subscribe","trades":["FAKEPACA"],"quotes":["*"],"bars":["*"]})");

  stage.scheduler.run_for(seconds{60});

  std::map<std::string, int> heard;
  for (const Json& each : data_of(*line)) {
    EXPECT_EQ(each["S"], "FAKEPACA");
    ++heard[each["T"].get<std::string>()];
  }
  EXPECT_EQ(heard, (std::map<std::string, int>{{"t", 60}, {"q", 60}, {"b", 1}}));
  line->listener.on_closed({});
  stage.scheduler.run_for(seconds{60});
  EXPECT_FALSE(stage.scheduler.next_due()) << "nobody listens";
}

TEST(DataStreams, BoundsItsClients) {
  StreamStage stage{{.clients_max = 1}};
  const auto first = stage.connect("/v2/iex");
  net::ServerRequest request;
  request.target = net::parse_request_target("/v2/iex").value();
  int status = 0;
  stage.streams->upgrade(request, net::WebSocketUpgrade{[](const auto&) {
                                                          ADD_FAILURE();
                                                          return nullptr;
                                                        },
                                                        [&](const net::ServerResponse& response) {
                                                          status = response.status;
                                                        }});
  EXPECT_EQ(status, 503);
}

TEST(DataStreams, DestroyedItLeavesNothingBehind) {
  StreamStage stage;
  stage.play_until(at("2025-01-02T14:40:00Z"));
  const auto line = stage.connect_and("/v2/test", R"({"action":"subscribe","quotes":["*"]})");
  const auto other = stage.connect_and("/v2/iex", R"({"action":"subscribe","quotes":["*"]})");
  stage.play_until(at("2025-01-02T14:41:00Z"));

  stage.streams.reset();

  EXPECT_FALSE(line->is_alive);
  EXPECT_FALSE(other->is_alive);
  EXPECT_FALSE(stage.scheduler.next_due());
  stage.play_until(at("2025-01-02T14:42:00Z"));
}

/// The streams behind the real server, and a client of ours.
class DataStreamsOnLoopback : public testing::TestWithParam<alpaca::Codec> {
 protected:
  boost::asio::io_context io;
  Stage stage;
  net::AsioScheduler scheduler{io};
  DataStreams streams{{stage.record, stage.keys, stage.clock, scheduler}};
  std::unique_ptr<net::HttpServer> server;
  RecordingListener heard;
  alpaca::SymbolMap symbols;
  std::unique_ptr<alpaca::DataDecoder> decoder;

  void SetUp() override {
    stage.play_until(at("2025-01-02T14:40:00Z"));
    symbols.set("AAA", core::InstrumentId{0});
    symbols.set("BBB", core::InstrumentId{1});
    decoder = std::make_unique<alpaca::DataDecoder>(symbols, heard);
    net::HttpServerSettings settings;
    settings.close_deadline = std::chrono::milliseconds{50};
    auto listening = net::HttpServer::listen(
        io, settings,
        {.on_request = [this](const auto& request,
                              auto respond) { respond(stage.api.answer(request)); },
         .on_upgrade = [this](const auto& request,
                              auto upgrade) { streams.upgrade(request, upgrade); }});
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }

  bool run_until(const std::function<bool()>& is_done) {
    const auto end = std::chrono::steady_clock::now() + seconds{10};
    while (!is_done() && std::chrono::steady_clock::now() < end)
      io.run_one_for(std::chrono::milliseconds{100});
    return is_done();
  }

  net::WebSocketListener listener() {
    return {.on_message = [this](net::MessageKind kind, std::string_view bytes) {
      const bool is_msgpack = GetParam() == alpaca::Codec::Msgpack;
      EXPECT_EQ(kind == net::MessageKind::Binary, is_msgpack);
      EXPECT_EQ(is_msgpack ? decoder->decode_msgpack(bytes) : decoder->decode_json(bytes),
                alpaca::FrameResult::Ok);
    }};
  }

  net::WebSocketRequest request() const {
    net::WebSocketRequest made;
    made.url = "ws://127.0.0.1:" + std::to_string(server->port()) + "/v2/iex";
    if (GetParam() == alpaca::Codec::Msgpack)
      made.headers = {{"Content-Type", "application/msgpack"}};
    return made;
  }

  core::Status say(net::WebSocketConnection& connection, const alpaca::DataRequest& message) const {
    const bool is_msgpack = GetParam() == alpaca::Codec::Msgpack;
    return connection.send(is_msgpack ? net::MessageKind::Binary : net::MessageKind::Text,
                           alpaca::to_frame(GetParam(), message));
  }
};

TEST_P(DataStreamsOnLoopback, ARealClientHearsWhatTheMarketSays) {
  const auto transport = net::BeastWebSocketTransport::create(io).value();
  bool is_open = false;
  auto listening = listener();
  std::unique_ptr<net::WebSocketConnection> connection;
  // As the official clients do: the key goes out before the greeting has come.
  listening.on_open = [&] {
    is_open = true;
    EXPECT_TRUE(say(*connection, alpaca::DataAuth{"test", "test"}));
  };
  connection = transport->connect(request(), listening);
  ASSERT_TRUE(run_until([&] { return heard.successes.size() == 2; }));
  EXPECT_EQ(heard.successes, (std::vector<std::string>{"connected", "authenticated"}));
  alpaca::Channels channels;
  channels.trades = {"AAA", "BBB"};
  channels.quotes = {"*"};
  channels.bars = {"AAA"};
  ASSERT_TRUE(say(*connection, alpaca::Subscribe{channels}));
  ASSERT_TRUE(run_until([&] { return heard.subscriptions.size() == 1; }));
  channels.corrections = channels.cancel_errors = channels.trades;
  EXPECT_EQ(heard.subscriptions[0], channels);

  const auto from = stage.clock.now();
  stage.play_until(from + std::chrono::minutes{2});
  ASSERT_TRUE(run_until([&] { return heard.bars.size() == 2; }));

  std::vector<alpaca::TapeQuote> told;
  for (const auto& quote : ticks_of<market::Quote>(stage, 1, from, stage.clock.now()))
    told.push_back(tape_row(quote, tape_listing('Q')));
  std::vector<alpaca::TapeQuote> quotes;
  for (const auto& [instrument, quote] : heard.quotes)
    if (instrument == 1) quotes.push_back(quote);
  EXPECT_EQ(quotes, told);
  EXPECT_EQ(heard.trades.size(),
            ticks_of<market::Trade>(stage, 0, from, stage.clock.now()).size() +
                ticks_of<market::Trade>(stage, 1, from, stage.clock.now()).size());
  EXPECT_TRUE(heard.refused.empty());
}

TEST_P(DataStreamsOnLoopback, AClientThatIsTurnedAwayAtTheHandshakeHearsWhy) {
  const auto transport = net::BeastWebSocketTransport::create(io).value();
  const net::HeaderFields keys{{"APCA-API-KEY-ID", "test"}, {"APCA-API-SECRET-KEY", "test"}};
  const auto open = [&](const std::string& path, std::string& words,
                        std::optional<net::WebSocketClosed>& closed) {
    net::WebSocketRequest asked = request();
    asked.url = "ws://127.0.0.1:" + std::to_string(server->port()) + path;
    asked.headers.insert(asked.headers.end(), keys.begin(), keys.end());
    return transport->connect(
        asked, {.on_message = [&](auto, std::string_view bytes) { words += bytes; },
                .on_closed = [&](const net::WebSocketClosed& how) { closed = how; }});
  };
  const auto expect_refused = [&](const std::string& path, std::string_view why) {
    std::string words;
    std::optional<net::WebSocketClosed> closed;
    const auto connection = open(path, words, closed);
    ASSERT_TRUE(run_until([&] { return closed.has_value(); })) << path;
    EXPECT_NE(words.find("connected"), std::string::npos) << path << words;
    EXPECT_NE(words.find(why), std::string::npos) << path << words;
    EXPECT_EQ(closed->code, 1008) << path << closed->message;
  };

  std::string first_words;
  std::optional<net::WebSocketClosed> first_closed;
  const auto first = open("/v2/iex", first_words, first_closed);
  ASSERT_TRUE(run_until([&] { return first_words.find("authentic") != std::string::npos; }));
  expect_refused("/v2/iex", "connection limit exceeded");
  expect_refused("/v1beta3/crypto/us", "insufficient subscription");
  if (GetParam() == alpaca::Codec::Json) {
    expect_refused("/v1beta1/opra", "option messages are only available in MsgPack");
    expect_refused("/v1beta1/indicative", "option messages are only available in MsgPack");
  }
  EXPECT_FALSE(first_closed);
}

INSTANTIATE_TEST_SUITE_P(BothCodecs, DataStreamsOnLoopback,
                         testing::Values(alpaca::Codec::Json, alpaca::Codec::Msgpack),
                         [](const auto& codec) {
                           return codec.param == alpaca::Codec::Json ? "Json" : "Msgpack";
                         });

}  // namespace
}  // namespace st0ck::app::exchange::test
