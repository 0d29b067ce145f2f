#include "src/app/commands/row_filter.hpp"

#include <CLI/CLI.hpp>

namespace st0ck::app {

void RowFilter::declare(CLI::App& cli) {
  cli.add_option("--bot", bot, "Only those of this bot")->type_name("BOT");
  cli.add_option("--symbol", symbol, "Only those in this symbol")->type_name("SYMBOL");
}

}  // namespace st0ck::app
