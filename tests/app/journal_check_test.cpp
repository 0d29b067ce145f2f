#include "src/app/journal_check.hpp"

#include "st0ck/kernel/journal/format.hpp"
#include "st0ck/kernel/journal/writer.hpp"
#include "st0ck/kernel/record_codec.hpp"
#include "st0ck/storage/trade_log.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace st0ck::app {
namespace {

using testing::HasSubstr;

/// Found by a user's attack: a run whose journal was gone began anew, without the operator's halt.
class JournalCheckTest : public testing::Test {
 protected:
  void write_trade_log(bool has_halt) const {
    storage::TradeLogSettings settings;
    settings.path = state.trade_log();
    settings.when_full = storage::WhenFull::Wait;
    const auto log = storage::TradeLog::open(settings).value();
    add(*log, 1, kernel::RecordKind::RunStart, kernel::RunStart{});
    if (has_halt)
      add(*log, 2, kernel::RecordKind::Halt,
          kernel::HaltRow{{}, {}, true, core::Code{"OPERATOR"}, "news"});
    ASSERT_TRUE(log->finish());
  }

  void write_journal() const {
    kernel::JournalSettings settings;
    settings.directory = state.journal();
    const auto journal =
        kernel::JournalWriter::open(settings, kernel::JournalMode::Reexecute).value();
    ASSERT_TRUE(journal->append(1, {}, {}));
    ASSERT_TRUE(journal->close());
  }

  std::filesystem::path first_segment() const { return state.journal() / kernel::segment_name(1); }

  std::string verdict() const {
    const auto checked = check_journal_is_there(state);
    return checked ? "" : checked.error().message;
  }

  template <typename Row>
  static void add(storage::TradeLog& log, std::uint64_t sequence, kernel::RecordKind kind,
                  const Row& row) {
    kernel::PayloadBuffer payload;
    kernel::encode(row, payload);
    log.append(kind, core::Sequence{sequence}, {}, payload.view());
  }

  test::TemporaryFolder folder;
  StateDirectory state = StateDirectory::acquire(folder / "state").value();
};

TEST_F(JournalCheckTest, LetsANewDirectoryBegin) { EXPECT_EQ(verdict(), ""); }

TEST_F(JournalCheckTest, LetsARunGoOnThatHasItsJournal) {
  write_trade_log(true);
  write_journal();
  EXPECT_EQ(verdict(), "");
}

/// Its first process died before the journal's first record was written.
TEST_F(JournalCheckTest, LetsARunBeginThatHasDoneNothing) {
  write_trade_log(false);
  EXPECT_EQ(verdict(), "");
}

TEST_F(JournalCheckTest, RefusesWhereTheJournalIsGone) {
  write_trade_log(true);
  EXPECT_THAT(verdict(), HasSubstr("JOURNAL_LOST: "));
  EXPECT_THAT(verdict(), HasSubstr("trades.db tells of orders or halts"));
  std::filesystem::create_directories(state.journal());
  EXPECT_THAT(verdict(), HasSubstr("JOURNAL_LOST: "));
}

TEST_F(JournalCheckTest, RefusesWhereTheJournalIsCutBeforeItsFirstRecord) {
  write_trade_log(true);
  write_journal();
  const std::uintmax_t whole = std::filesystem::file_size(first_segment());
  for (const std::uintmax_t size : {whole - 1, std::uintmax_t{20}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(first_segment(), size);
    EXPECT_THAT(verdict(), HasSubstr("JOURNAL_LOST: ")) << size << " bytes left";
  }
}

TEST_F(JournalCheckTest, RefusesWhereTheTradeLogBesideItCannotBeRead) {
  std::ofstream{state.trade_log(), std::ios::binary} << std::string(5000, 'x');
  EXPECT_THAT(verdict(), HasSubstr("JOURNAL_LOST: "));
}

/// A start was interrupted while the trade log was being made anew.
TEST_F(JournalCheckTest, LooksAtATradeLogThatWasSetAside) {
  write_trade_log(true);
  std::filesystem::rename(state.trade_log(), state.trade_log().string() + ".before");
  EXPECT_THAT(verdict(), HasSubstr("trades.db.before tells of orders"));
}

TEST_F(JournalCheckTest, KnowsTheLastHaltThatTheTradeLogTellsOf) {
  EXPECT_EQ(last_record_promised(state), core::Sequence{});
  write_trade_log(true);
  EXPECT_EQ(last_record_promised(state), core::Sequence{2});
}

TEST_F(JournalCheckTest, RefusesWhereSomethingElseIsInItsPlace) {
  write_trade_log(true);
  write_journal();
  std::ofstream{first_segment(), std::ios::binary} << std::string(500, 'x');
  EXPECT_THAT(verdict(), HasSubstr("JOURNAL_LOST: "));
}

}  // namespace
}  // namespace st0ck::app
