#include "src/app/commands/bar_files.hpp"
#include "src/app/commands/command.hpp"
#include "src/app/commands/row_json.hpp"
#include "src/app/commands/state_files.hpp"

#include <nlohmann/json.hpp>

namespace st0ck::app {

std::unique_ptr<Command> data_formats_command();

namespace {

class DataFormatsCommand final : public Command {
 public:
  std::string_view name() const override { return "formats"; }
  std::string_view summary() const override { return "Which files can be read"; }
  void declare(CLI::App& cli) override { declare_json(cli, is_json_); }

  core::Result<ExitCode> run(Console& console) override {
    if (is_json_) {
      auto json = nlohmann::ordered_json::array();
      for (const BarFileKind& kind : bar_file_kinds())
        json.push_back({{"format", kind.name},
                        {"header", kind.format->expected_header()},
                        {"times", kind.times},
                        {"files", kind.layout}});
      print_json(console, json);
      return kExitFine;
    }
    for (const BarFileKind& kind : bar_file_kinds())
      console.print("{}\n    header  {}\n    times   {}\n    files   {}\n",
                    toned(console, Tone::Heading, kind.name), kind.format->expected_header(),
                    kind.times, kind.layout);
    return kExitFine;
  }

 private:
  bool is_json_ = false;
};

}  // namespace

std::unique_ptr<Command> data_formats_command() { return std::make_unique<DataFormatsCommand>(); }

}  // namespace st0ck::app
