#include "st0ck/core/calendar.hpp"

#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "src/app/console/time_columns.hpp"
#include "st0ck/core/time_text.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>

namespace st0ck::app {

std::unique_ptr<Command> calendar_command();

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::sys_days;

struct Period {
  core::Date from{};
  core::Date to{};
};

std::string_view weekday_name(core::Date date) {
  constexpr std::array<std::string_view, 7> kNames{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  return kNames[std::chrono::weekday{sys_days{date}}.c_encoding()];
}

bool is_weekend(core::Date date) {
  const std::chrono::weekday day{sys_days{date}};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

/// With New York's offset, which is the session's.
std::string time_of_day(core::Timestamp time) {
  constexpr std::string_view kDate = "2019-02-11 ";
  return core::format_new_york(time).substr(kDate.size());
}

template <typename Visit>
void for_each_weekday(const Period& period, const Visit& visit) {
  for (sys_days day{period.from}; day <= sys_days{period.to}; day += std::chrono::days{1})
    if (const core::Date date{day}; !is_weekend(date)) visit(date);
}

void print_table(Console& console, const core::ExchangeCalendar& calendar, const Period& period) {
  Table table{{{"date"}, {"day"}, {"open, New York"}, {"close"}, {"note"}}};
  std::size_t sessions = 0;
  for_each_weekday(period, [&](core::Date date) {
    const std::string day{weekday_name(date)};
    const auto session = calendar.session_on(date);
    if (!session) {
      table.add({core::format_date(date),
                 day,
                 "",
                 "",
                 {fmt::format("closed: {}", calendar.closure_reason(date)), Tone::Bad}});
      return;
    }
    ++sessions;
    const auto early = calendar.early_close_reason(date);
    table.add({core::format_date(date), day, time_of_day(session->open),
               time_beside(session->open, session->close),
               early.empty() ? "" : fmt::format("early close: {}", early)});
  });
  table.print(console);
  console.print("\n{} session{}\n", sessions, sessions == 1 ? "" : "s");
}

Json calendar_json(const core::ExchangeCalendar& calendar, const Period& period) {
  Json sessions = Json::array();
  Json closures = Json::array();
  for_each_weekday(period, [&](core::Date date) {
    const auto session = calendar.session_on(date);
    if (!session) {
      closures.push_back(
          {{"date", core::format_date(date)}, {"reason", calendar.closure_reason(date)}});
      return;
    }
    const auto early = calendar.early_close_reason(date);
    sessions.push_back({{"session", core::format_date(date)},
                        {"open_utc", core::format_utc(session->open)},
                        {"close_utc", core::format_utc(session->close)},
                        {"early_close_reason", early.empty() ? Json(nullptr) : Json(early)}});
  });
  return {{"sessions", std::move(sessions)}, {"closures", std::move(closures)}};
}

class CalendarCommand final : public Command {
 public:
  std::string_view name() const override { return "calendar"; }
  std::string_view summary() const override {
    return "Sessions of the New York Stock Exchange, 1990 to 2100";
  }

  void declare(CLI::App& cli) override {
    cli.add_option("--from", from_, "First date")->type_name("YYYY-MM-DD")->required();
    cli.add_option("--to", to_, "Last date, included")->type_name("YYYY-MM-DD")->required();
    CLI::Option* const csv = cli.add_flag("--csv", is_csv_, "As CSV: session,open_utc,close_utc");
    declare_json(cli, is_json_);
    csv->excludes(cli.get_option("--json"));
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto calendar = core::ExchangeCalendar::xnys();
    const auto period = this->period(calendar);
    if (!period) return tl::unexpected(period.error());
    if (is_csv_) {
      const auto csv = core::sessions_csv(calendar, period->from, period->to);
      if (!csv) return tl::unexpected(csv.error());
      console.out << *csv;
    } else if (is_json_) {
      print_json(console, calendar_json(calendar, *period));
    } else {
      print_table(console, calendar, *period);
    }
    return kExitFine;
  }

 private:
  core::Result<Period> period(const core::ExchangeCalendar& calendar) const {
    const auto from = core::parse_date(from_);
    if (!from) return core::at("--from", from.error());
    const auto to = core::parse_date(to_);
    if (!to) return core::at("--to", to.error());
    // Says what is wrong with a reversed period and with dates outside the calendar.
    if (const auto sessions = calendar.sessions_between(*from, *to); !sessions)
      return tl::unexpected(sessions.error());
    return Period{*from, *to};
  }

  std::string from_;
  std::string to_;
  bool is_csv_ = false;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> calendar_command() { return std::make_unique<CalendarCommand>(); }

}  // namespace st0ck::app
