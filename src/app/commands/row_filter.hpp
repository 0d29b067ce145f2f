#pragma once

#include <string>

namespace CLI {
class App;
}

namespace st0ck::app {

/// Which rows of the trade log are wanted; an empty name stands for any.
struct RowFilter {
  std::string bot;
  std::string symbol;

  /// Declares `--bot` and `--symbol`.
  void declare(CLI::App& cli);

  template <typename Row>
  bool wants(const Row& row) const {
    return (bot.empty() || row.bot.view() == bot) &&
           (symbol.empty() || row.symbol.view() == symbol);
  }
};

}  // namespace st0ck::app
