#include "src/app/commands/bar_files.hpp"
#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"
#include "src/app/console/table.hpp"
#include "st0ck/market/csv/csv_writer.hpp"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>

namespace st0ck::app {

std::unique_ptr<Command> data_import_command();

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextSize = 64 * 1024;

struct ImportedFile {
  std::string symbol;
  fs::path path;
  market::CsvBarReader::Counters counters;
};

core::Result<const BarFileKind*> kind_named(const std::string& name) {
  std::vector<std::string_view> names;
  for (const BarFileKind& kind : bar_file_kinds()) {
    if (kind.name == name) return &kind;
    names.push_back(kind.name);
  }
  return core::fail(core::Errc::BadInput, "--format: found '{}', allowed are {}", name,
                    fmt::join(names, ", "));
}

core::Status copy_bars(market::CsvBarReader& bars, market::BarColumns columns,
                       market::CsvFile& out) {
  std::string text = market::bar_csv_header(columns);
  while (true) {
    const auto bar = bars.next();
    if (!bar) return tl::unexpected(bar.error());
    if (*bar) market::append_csv(text, **bar, columns);
    if (*bar && text.size() < kTextSize) continue;
    if (const auto written = out.write(text); !written) return written;
    if (!*bar) return out.commit();
    text.clear();
  }
}

core::Result<ImportedFile> import(const BarFile& file, const fs::path& folder) {
  auto bars = open_bars(file);
  if (!bars) return tl::unexpected(bars.error());
  const fs::path path = folder / (file.symbol + ".csv");
  auto out = market::CsvFile::create(path);
  if (!out) return tl::unexpected(out.error());
  const auto columns =
      file.has_vwap_or_trades ? market::BarColumns::WithVwapAndTrades : market::BarColumns::Basic;
  if (const auto copied = copy_bars(**bars, columns, **out); !copied)
    return tl::unexpected(copied.error());
  return ImportedFile{file.symbol, path, (*bars)->counters()};
}

/// Keeps the files of `symbols`, each of which must be there; all when none is named.
core::Status keep_symbols(std::vector<fs::path>& paths, const std::vector<std::string>& symbols) {
  if (symbols.empty()) return {};
  for (const std::string& symbol : symbols)
    if (std::ranges::find(paths, symbol, symbol_of) == paths.end())
      return core::fail(core::Errc::NotFound, "{}: no file for the symbol {}",
                        paths.front().parent_path().string(), symbol);
  std::erase_if(paths, [&](const fs::path& path) {
    return std::ranges::find(symbols, symbol_of(path)) == symbols.end();
  });
  return {};
}

class DataImportCommand final : public Command {
 public:
  std::string_view name() const override { return "import"; }
  std::string_view summary() const override {
    return "Convert bars into our CSV, one file per symbol";
  }

  void declare(CLI::App& cli) override {
    cli.add_option("--format", format_, "What the input is; `st0ck data formats` tells all")
        ->required();
    cli.add_option("--input", input_, "A file or folder")->type_name("PATH")->required();
    cli.add_option("--output", output_,
                   "Folder for the new files; those of the same name are "
                   "replaced")
        ->type_name("DIR")
        ->required();
    cli.add_option("--symbols", symbols_, "Only these, separated by commas")->delimiter(',');
    declare_json(cli, is_json_);
  }

  core::Result<ExitCode> run(Console& console) override {
    const auto kind = kind_named(format_);
    if (!kind) return tl::unexpected(kind.error());
    auto paths = bar_files_in(input_);
    if (!paths) return tl::unexpected(paths.error());
    if (const auto kept = keep_symbols(*paths, symbols_); !kept)
      return tl::unexpected(kept.error());
    if (const auto made = make_output(); !made) return tl::unexpected(made.error());
    const auto files = import_all(console, *paths, **kind);
    if (!files) return tl::unexpected(files.error());
    if (is_json_) {
      print_as_json(console, *files);
    } else {
      print_table(console, *files);
    }
    return kExitFine;
  }

 private:
  core::Status make_output() const {
    std::error_code error;
    fs::create_directories(output_, error);
    if (error)
      return core::fail(core::Errc::ReadOnly, "{}: cannot be made: {}", output_, error.message());
    if (fs::equivalent(output_,
                       fs::is_directory(input_) ? fs::path{input_} : fs::path{input_}.parent_path(),
                       error))
      return core::fail(core::Errc::BadInput,
                        "--output: found the folder of the input, allowed is "
                        "another one");
    return {};
  }

  core::Result<std::vector<ImportedFile>> import_all(Console& console,
                                                     const std::vector<fs::path>& paths,
                                                     const BarFileKind& kind) const {
    std::vector<ImportedFile> files;
    Progress progress{console, paths.size()};
    for (const fs::path& path : paths) {
      progress.begin(path.filename().string());
      const auto file = examine_bar_file(path, std::nullopt);
      if (!file) return tl::unexpected(file.error());
      if (file->kind != &kind)
        return core::fail(core::Errc::BadInput, "{}: found a file of {}, allowed is {}",
                          path.string(), file->kind->name, kind.name);
      auto imported = import(*file, output_);
      if (!imported) return tl::unexpected(imported.error());
      files.push_back(std::move(*imported));
    }
    return files;
  }

  static void print_as_json(Console& console, const std::vector<ImportedFile>& files) {
    auto json = nlohmann::ordered_json::array();
    for (const ImportedFile& file : files)
      json.push_back({{"symbol", file.symbol},
                      {"file", file.path.string()},
                      {"bars", file.counters.bars},
                      {"skipped_outside_hours", file.counters.skipped_outside_hours}});
    print_json(console, json);
  }

  static void print_table(Console& console, const std::vector<ImportedFile>& files) {
    Table table{{{"symbol"}, {"bars", Align::Right}, {"skipped", Align::Right}, {"file"}}};
    for (const ImportedFile& file : files)
      table.add({file.symbol, std::to_string(file.counters.bars),
                 std::to_string(file.counters.skipped_outside_hours), file.path.string()});
    table.print(console);
  }

  std::string format_;
  std::string input_;
  std::string output_;
  std::vector<std::string> symbols_;
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> data_import_command() { return std::make_unique<DataImportCommand>(); }

}  // namespace st0ck::app
