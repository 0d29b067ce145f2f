#include "src/app/commands/bar_files.hpp"
#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "src/app/console/time_columns.hpp"
#include "st0ck/core/new_york_time.hpp"
#include "st0ck/core/time_text.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace st0ck::app {

std::unique_ptr<Command> data_check_command();

namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kGapsShown = 20;

struct CheckedFile {
  BarFile file;
  market::CsvBarReader::Counters counters;
  std::vector<market::BarGap> gaps;
  std::optional<core::Timestamp> first;
  core::Timestamp last{};  ///< End of the last bar.
};

core::Result<CheckedFile> check(const BarFile& file) {
  auto reader = open_bars(file);
  if (!reader) return tl::unexpected(reader.error());
  CheckedFile checked;
  checked.file = file;
  while (true) {
    const auto bar = (*reader)->next();
    if (!bar) return tl::unexpected(bar.error());
    if (!*bar) break;
    if (!checked.first) checked.first = (*bar)->start;
    checked.last = (*bar)->end;
  }
  checked.counters = (*reader)->counters();
  checked.gaps = (*reader)->gaps();
  return checked;
}

Json file_json(const CheckedFile& checked) {
  Json json;
  json["file"] = checked.file.path.string();
  json["symbol"] = checked.file.symbol;
  json["format"] = checked.file.kind->name;
  json["interval"] = checked.file.interval.to_string();
  json["bars"] = checked.counters.bars;
  json["first_start"] = checked.first ? Json(core::format_utc(*checked.first)) : Json(nullptr);
  json["last_end"] = checked.first ? Json(core::format_utc(checked.last)) : Json(nullptr);
  json["gaps"] = checked.counters.gaps;
  json["missing_bars"] = checked.counters.missing_bars;
  json["missing_sessions"] = checked.counters.missing_sessions;
  json["skipped_outside_hours"] = checked.counters.skipped_outside_hours;
  json["gap_list"] = Json::array();
  for (const auto& gap : checked.gaps)
    json["gap_list"].push_back({{"start", core::format_utc(gap.start)},
                                {"end", core::format_utc(gap.end)},
                                {"bars", gap.bars}});
  return json;
}

std::string session_of(core::Timestamp time) {
  return core::format_date(core::to_new_york(time).date);
}

void print_table(Console& console, const std::vector<CheckedFile>& files) {
  Table table{{{"symbol"},
               {"interval"},
               {"bars", Align::Right},
               {"first"},
               {"last"},
               {"gaps", Align::Right},
               {"missing bars", Align::Right},
               {"missing sessions", Align::Right, 1},
               {"skipped", Align::Right, 2}}};
  for (const CheckedFile& checked : files) {
    const auto& counters = checked.counters;
    table.add({checked.file.symbol, checked.file.interval.to_string(),
               std::to_string(counters.bars), checked.first ? session_of(*checked.first) : "-",
               checked.first ? session_of(checked.last) : "-", std::to_string(counters.gaps),
               std::to_string(counters.missing_bars), std::to_string(counters.missing_sessions),
               std::to_string(counters.skipped_outside_hours)});
  }
  table.print(console);
}

void print_gaps(Console& console, const CheckedFile& checked) {
  const std::size_t shown = std::min(checked.gaps.size(), kGapsShown);
  if (shown == 0) return;
  console.print("\n");
  Table table{{{"gap from (New York)"}, {"to"}, {"bars", Align::Right}}};
  for (std::size_t i = 0; i < shown; ++i) {
    const market::BarGap& gap = checked.gaps[i];
    table.add({core::format_new_york(gap.start), time_beside(gap.start, gap.end),
               std::to_string(gap.bars)});
  }
  table.print(console);
  if (checked.counters.gaps > shown) console.print("and {} more\n", checked.counters.gaps - shown);
}

class DataCheckCommand final : public Command {
 public:
  std::string_view name() const override { return "check"; }
  std::string_view summary() const override {
    return "Read files of bars to their end; the first defect of each is named";
  }

  void declare(CLI::App& cli) override {
    cli.add_option("PATH", path_, "A file, a folder of files, or the root of the minute set")
        ->required();
    cli.add_option("--interval", interval_,
                   "Length of a bar: 1m, 5m, session; found out by default");
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    std::optional<market::BarInterval> interval;
    if (!interval_.empty()) {
      const auto parsed = parse_interval(interval_);
      if (!parsed) return tl::unexpected(parsed.error());
      interval = *parsed;
    }
    const auto paths = bar_files_in(path_);
    if (!paths) return tl::unexpected(paths.error());
    std::vector<CheckedFile> files;
    std::vector<std::string> defects;
    check_all(console, *paths, interval, files, defects);
    if (is_json_) {
      print_as_json(console, files, defects);
    } else {
      print(console, files, defects);
    }
    return defects.empty() ? kExitFine : kExitInput;
  }

 private:
  static void check_all(Console& console, const std::vector<std::filesystem::path>& paths,
                        std::optional<market::BarInterval> interval,
                        std::vector<CheckedFile>& files, std::vector<std::string>& defects) {
    Progress progress{console, paths.size()};
    for (const auto& path : paths) {
      progress.begin(path.filename().string());
      const auto file = examine_bar_file(path, interval);
      auto checked = file ? check(*file) : core::Result<CheckedFile>{tl::unexpected(file.error())};
      if (checked) {
        files.push_back(std::move(*checked));
      } else {
        defects.push_back(checked.error().message);
      }
    }
  }

  static void print_as_json(Console& console, const std::vector<CheckedFile>& files,
                            const std::vector<std::string>& defects) {
    Json json;
    json["files"] = Json::array();
    for (const CheckedFile& checked : files) json["files"].push_back(file_json(checked));
    json["defects"] = defects;
    print_json(console, json);
  }

  static void print(Console& console, const std::vector<CheckedFile>& files,
                    const std::vector<std::string>& defects) {
    if (!files.empty()) print_table(console, files);
    if (files.size() == 1) print_gaps(console, files.front());
    for (const std::string& defect : defects) console.err << "st0ck: " << defect << '\n';
  }

  std::string path_;
  std::string interval_;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> data_check_command() { return std::make_unique<DataCheckCommand>(); }

}  // namespace st0ck::app
