#include "app/recorded_day.hpp"

#include "app/program.hpp"
#include "st0ck/core/calendar.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/csv/csv_writer.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace st0ck::test {

namespace {

using namespace std::chrono_literals;

core::Price cents(int count) { return core::Price::from_raw(std::int64_t{10'000'000} * count); }

/// The price at the end of a minute, in cents.
int price_after(int minute) {
  constexpr int kBase = 27'100;
  constexpr int kPeriod = 40;
  const int phase = minute % kPeriod;
  return kBase + std::min(phase, kPeriod - phase);
}

}  // namespace

void write_rising_and_falling_bars(const std::filesystem::path& folder) {
  const auto calendar = core::ExchangeCalendar::xnys();
  std::string text = market::bar_csv_header(market::BarColumns::Basic);
  using std::chrono::year;
  for (const core::Date date : {core::Date{year{2019} / 2 / 11}, core::Date{year{2019} / 2 / 12}}) {
    const auto session = calendar.session_on(date);
    int minute = 0;
    for (auto start = session->open; start < session->close; start += 1min, ++minute) {
      const core::Price open = cents(price_after(minute));
      const core::Price close = cents(price_after(minute + 1));
      market::Bar bar;
      bar.start = start;
      bar.end = start + 1min;
      bar.open = open;
      bar.high = std::max(open, close);
      bar.low = std::min(open, close);
      bar.close = close;
      bar.volume = core::Volume::whole(10'000);
      market::append_csv(text, bar, market::BarColumns::Basic);
    }
  }
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "SPY.csv", std::ios::binary} << text;
}

const RecordedDay& recorded_day() {
  static const RecordedDay day;
  return day;
}

RecordedDay::RecordedDay() {
  write_rising_and_falling_bars(bars());
  const auto outcome = run_program(
      "st0ckd", {"--config", "config/recorded.yaml", "--set", "market.path=" + bars().string(),
                 "--set", "market.from=2019-02-11", "--set", "market.to=2019-02-12", "--set",
                 "journal.segment_size=64KiB", "--state-dir", state().string()});
  if (outcome.exit_code != 0) throw std::runtime_error("st0ckd: " + outcome.err);
}

std::filesystem::path RecordedDay::copy(const std::string& name) const {
  const auto copy = folder_ / name;
  std::filesystem::copy(state(), copy, std::filesystem::copy_options::recursive);
  return copy;
}

}  // namespace st0ck::test
