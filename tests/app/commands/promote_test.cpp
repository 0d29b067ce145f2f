#include "app/promotion/paper_rows.hpp"
#include "engines/st0cka/register.hpp"
#include "src/app/commands/command_line.hpp"
#include "src/app/configuration.hpp"
#include "src/app/promotion/promotion.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/time_text.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

// `st0ck promote` on runs at an exchange of this machine, which have no age.
namespace st0ck::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome run(const std::vector<std::string>& arguments, const std::string& answer = "",
            bool is_asked = false) {
  const auto commands = all_commands();
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in{answer};
  Console console{out, err};
  console.width = 120;
  if (is_asked) console.in = &in;
  const int code = run_command_line(arguments, commands, console);
  return {code, out.str(), err.str()};
}

class PromoteTest : public testing::Test {
 protected:
  PromoteTest() {
    setenv("APCA_API_KEY_ID", "test", 1);
    setenv("APCA_API_SECRET_KEY", "test", 1);
  }
  ~PromoteTest() override {
    unsetenv("APCA_API_KEY_ID");
    unsetenv("APCA_API_SECRET_KEY");
  }

  std::string canonical(const std::string& mode) const {
    kernel::EngineRegistry registry;
    engines::register_st0cka(registry);
    return load_configuration("config/alpaca-live.yaml", {"mode=" + mode}, registry)
        .configuration.canonical;
  }

  /// Writes a run in mode `mode` of so many sessions from 2025-06-02 on.
  void write_run(int sessions, const std::string& mode = "paper") const {
    test::PaperRows rows{state, test::scalper_run(mode, canonical(mode))};
    rows.host = "127.0.0.1:8080";
    rows.clock = "broker";
    const auto calendar = core::ExchangeCalendar::xnys();
    core::Session session = calendar.session_on(core::parse_date("2025-06-02").value()).value();
    rows.begin(session.open - std::chrono::minutes{10});
    for (int i = 0; i < sessions; ++i, session = calendar.next_session(session.date).value())
      rows.session(core::format_date(session.date));
  }

  Outcome promote(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"promote",
                                   "--config",
                                   "config/alpaca-live.yaml",
                                   "--set",
                                   "broker.url=http://127.0.0.1:1",
                                   "--state-dir",
                                   state.string()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  test::TemporaryFolder folder;
  std::filesystem::path state = folder / "paper";
  std::filesystem::path live = folder / "live";
};

TEST_F(PromoteTest, WritesARecordThatStandsOnSessions) {
  write_run(11);

  const Outcome made = promote({"--out", live.string()});

  EXPECT_EQ(made.code, 0) << made.out << made.err;
  EXPECT_THAT(made.out, HasSubstr("of these reconciled clean                10"));
  EXPECT_THAT(made.out,
              HasSubstr("sessions       11, 2025-06-02 to 2025-06-16, on 127.0.0.1:8080"));
  EXPECT_TRUE(read_promotion(live / "promotion.json"));

  const Outcome shown = run({"promote", "--show", live.string()});
  EXPECT_EQ(shown.code, 0) << shown.out;
  EXPECT_THAT(shown.out, HasSubstr("lets trade     loopback, account default"));
  EXPECT_THAT(shown.out, HasSubstr("verdict        it holds; its seal fits"));
}

TEST_F(PromoteTest, TellsWhatIsMissingAndWritesNothing) {
  write_run(9);

  const Outcome told = promote({"--out", live.string()});

  EXPECT_EQ(told.code, 6);
  EXPECT_THAT(told.out,
              HasSubstr("calendar days                            14                 11"));
  EXPECT_FALSE(std::filesystem::exists(live));

  const Json json = Json::parse(promote({"--json"}).out);
  EXPECT_FALSE(json["is_met"].get<bool>());
  EXPECT_EQ(json["sessions"].size(), 9U);
  EXPECT_EQ(json["host"], "loopback");
  EXPECT_TRUE(json["written"].is_null());
}

TEST_F(PromoteTest, LooksWithoutWriting) {
  write_run(11);

  EXPECT_EQ(promote().code, 0);
  EXPECT_FALSE(std::filesystem::exists(live));
}

TEST_F(PromoteTest, OverridesWithAReasonThatIsStoredAndShown) {
  const Outcome made = promote({"--override", "a fire drill", "--out", live.string()});
  EXPECT_EQ(made.code, 0) << made.err;

  const Outcome shown = run({"promote", "--show", "--state-dir", live.string()});

  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("override       a fire drill"));
  EXPECT_THAT(shown.out, HasSubstr("missing      calendar days: needed 14, found 0"));
  const Json json = Json::parse(run({"promote", "--show", live.string(), "--json"}).out);
  EXPECT_EQ(json["override_reason"], "a fire drill");
  EXPECT_TRUE(json["holds"].get<bool>());
}

TEST_F(PromoteTest, ShowsThatARecordIsForAnotherConfiguration) {
  promote({"--override", "a fire drill", "--out", live.string()});

  const Outcome shown =
      run({"promote", "--show", live.string(), "--config", "config/alpaca-live.yaml", "--set",
           "broker.url=http://127.0.0.1:1", "--set", "bots.scalper.stop_loss=4.00"});

  EXPECT_EQ(shown.code, 6);
  EXPECT_THAT(shown.out, HasSubstr("verdict        PROMOTION_OTHER_CONFIGURATION: "));
}

TEST_F(PromoteTest, ShowsThatARecordWasEdited) {
  promote({"--override", "a fire drill", "--out", live.string()});
  const auto file = live / "promotion.json";
  std::ifstream in{file};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  text.replace(text.find("a fire drill"), 12, "all is fine!");
  std::ofstream{file} << text;

  const Outcome shown = run({"promote", "--show", file.string()});

  EXPECT_EQ(shown.code, 6);
  EXPECT_THAT(shown.out, HasSubstr("verdict        PROMOTION_EDITED: "));
}

TEST_F(PromoteTest, SaysThatASealIsCheckedOnlyWithTheKeys) {
  promote({"--override", "a fire drill", "--out", live.string()});
  unsetenv("APCA_API_KEY_ID");

  EXPECT_THAT(run({"promote", "--show", live.string()}).out,
              HasSubstr("only with the account's keys its seal is checked"));
  EXPECT_EQ(promote({"--override", "again", "--out", live.string()}).code, 2);
}

TEST_F(PromoteTest, WritesNoRecordWhereAPaperRunLives) {
  write_run(11);
  const Outcome told = promote({"--out", state.string()});
  EXPECT_EQ(told.code, 2);
  EXPECT_THAT(told.err, HasSubstr("which is the state directory of a run in mode paper"));
  EXPECT_FALSE(std::filesystem::exists(state / "promotion.json"));
}

TEST_F(PromoteTest, RefusesWhatCannotBe) {
  EXPECT_EQ(run({"promote"}).code, 2);
  EXPECT_THAT(promote().err, HasSubstr("no such state directory"));
  EXPECT_THAT(promote({"--set", "mode=paper"}).err,
              HasSubstr("mode: found 'paper', allowed is live"));
  EXPECT_THAT(promote({"--override", "two\nlines", "--out", live.string()}).err,
              HasSubstr("--override: letters that cannot be printed"));
  for (const std::string blank : {"", " ", "\t \n", "\u00a0", "\u200b \u3000"})
    EXPECT_THAT(promote({"--override", blank, "--out", live.string()}).err,
                HasSubstr("--override: found nothing, allowed is why"));
  EXPECT_EQ(promote({"--override", "without a place"}).code, 2) << "--out is needed";
  EXPECT_THAT(run({"promote", "--show", live.string()}).err, HasSubstr("no such promotion record"));
  std::filesystem::create_directories(live / "promotion.json");
  EXPECT_THAT(run({"promote", "--show", live.string()}).err,
              HasSubstr("promotion.json: is a folder, allowed is a plain file"));
  EXPECT_THAT(promote({live.string()}).err, HasSubstr("allowed only with --show"));
}

TEST_F(PromoteTest, EveryCommandOnALiveRunSaysSo) {
  write_run(1, "live");
  const std::string notice = "LIVE: account default at 127.0.0.1:8080, a drill on this machine\n";
  for (const std::string command : {"status", "orders", "positions", "trades"}) {
    const Outcome told = run({command, "--state-dir", state.string()});
    EXPECT_THAT(told.err, StartsWith(notice)) << command;
    EXPECT_EQ(told.code, 0);
  }
  EXPECT_THAT(run({"halt", "--reason", "x", "--state-dir", state.string()}).err,
              StartsWith(notice));
  EXPECT_THAT(run({"status", "--state-dir", state.string()}).out,
              HasSubstr("run          stopped (mode LIVE, account default)"));
}

TEST_F(PromoteTest, NoCommandOnAPaperRunSaysAnything) {
  write_run(1);

  EXPECT_EQ(run({"status", "--state-dir", state.string()}).err, "");
}

TEST_F(PromoteTest, ALiveRunIsTradedOnlyOnAWord) {
  write_run(1, "live");
  const std::vector<std::string> flatten{"flatten", "--reason", "x", "--state-dir", state.string()};

  const Outcome no = run(flatten, "no\n", true);
  EXPECT_EQ(no.code, 2);
  EXPECT_THAT(no.err, HasSubstr("flatten in a live run: type yes to go on:"));
  EXPECT_THAT(no.err, HasSubstr("flatten: not done: the answer was not yes"));
  EXPECT_FALSE(std::filesystem::exists(state / "commands"));

  EXPECT_EQ(run(flatten, "", true).code, 2) << "the terminal was closed";
  EXPECT_EQ(run(flatten, "yes\n", true).code, 0);
  EXPECT_EQ(run(flatten).code, 0) << "nobody can be asked";
  auto at_once = flatten;
  at_once.emplace_back("--yes");
  EXPECT_EQ(run(at_once, "no\n", true).code, 0);
  EXPECT_EQ(run({"halt", "--reason", "x", "--state-dir", state.string()}, "no\n", true).code, 0)
      << "a halt is not held up";
}

TEST_F(PromoteTest, APaperRunIsTradedWithoutAWord) {
  write_run(1);

  EXPECT_EQ(run({"flatten", "--reason", "x", "--state-dir", state.string()}, "no\n", true).code, 0);
}

}  // namespace
}  // namespace st0ck::app
